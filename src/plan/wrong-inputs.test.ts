import tap from 'tap';
import { kitchenFolder } from '../../test/corpus/kitchen-folder.ts';
import { loadKitchen } from '../config/load.ts';
import { GalleyError, GalleyErrors } from '../core/errors.ts';
import { createPlugins } from '../plugins.ts';
import { resolveInstances } from './resolve.ts';

const plugins = createPlugins({ env: {}, cacheDir: '/nowhere' });

interface Given {
  readonly driver?: string;
  readonly provisioner?: string;
  readonly check?: string;
  readonly rest?: string;
}

function kitchen({ driver = '', provisioner = '', check = '{port: 80}', rest = '' }: Given): string {
  return `
driver: {name: docker, ${driver}}
provisioner: {name: chef_infra, ${provisioner}}
platforms: [{name: debian-12}]
suites: [{name: a, verifier: {checks: [${check}]}}]
${rest}
`;
}

async function faultsOf(
  t: Parameters<typeof kitchenFolder>[0],
  given: Given,
): Promise<readonly GalleyError[]> {
  const cwd = await kitchenFolder(t, kitchen(given));
  try {
    const { instances } = await loadKitchen({ cwd, env: { HOME: cwd } });
    resolveInstances(instances, plugins, new Set(['create', 'converge', 'verify', 'destroy']));
  } catch (error) {
    if (error instanceof GalleyErrors) return error.errors;
    if (error instanceof GalleyError) return [error];
    throw error;
  }
  return [];
}

const NOT_A_NAME = /"A=B" is not the name of a variable/;

const WRONG: readonly (readonly [Given, RegExp])[] = [
  [{ driver: 'env: {"A=B": x}' }, NOT_A_NAME],
  [{ driver: 'env: {"": x}' }, /driver.env: "" is not the name of a variable/],
  [{ driver: 'env: [A]' }, /is not KEY=value/],
  [{ driver: 'image: Debian:12' }, /driver.image: is not the name of an image: .* lower case/],
  [{ driver: 'image: "debian:"' }, /is not the name of an image/],
  [{ driver: 'client: {image: "a b"}' }, /driver.client.image: is not the name of an image/],
  [{ driver: 'tmpfs: {tmp: x}' }, /driver.tmpfs: "tmp" must be text that starts with "\/"/],
  [{ driver: 'ports: http' }, /is not a port: write 80, 8080:80/],
  [{ driver: 'memory: much' }, /is not a size: write bytes, 512m/],
  [{ driver: 'cpus: -1' }, /must be a number of more than 0/],
  [{ driver: 'extra_hosts: [a]' }, /is not name:address/],
  [{ driver: 'build_args: {a: b}' }, /driver.build_args is not supported/],
  [{ driver: 'run_options: "--ulimit a"' }, /has --ulimit, which is not supported/],
  [{ provisioner: 'root_path: tmp' }, /must be an absolute path without a trailing slash/],
  [{ provisioner: 'idempotency_allow: ["/a(/"]' }, /idempotency_allow: Invalid regular expression: \/a\(\//],
  [{ provisioner: 'idempotency_allow: date' }, /'date' is neither a resource such as execute\[date\] nor/],
  [{ provisioner: 'multiple_converge: 0' }, /must be a number of at least 1/],
  [{ check: '{port: http}' }, /must be a port number .* or the path of a unix socket/],
  [{ check: '{file: etc}' }, /file of file check must be an absolute path/],
  [{ check: '{file: /x, size: big}' }, /size of file check: expected a number, or matchers/],
  [{ check: '{file: /x, size: 1.5}' }, /expected a whole number$/],
  [{ check: '{http: /, status: ok}' }, /status of http check: expected a number, or matchers/],
  [{ check: '{http: /, method: "GE T"}' }, /must be a method such as GET/],
  [{ check: '{process: a/b}' }, /must be the name of a program, without folders/],
  [{ check: '{command: x, env: {"A=B": a}}' }, NOT_A_NAME],
  [{ check: '{env: {of: x, key: "A B"}}' }, /must be the name of a variable/],
  [{ check: '{port: 80, skip: ""}' }, /a skip needs a reason/],
  [{ rest: 'services: {db: {image: "A b"}}' }, /services.db.image: is not the name of an image/],
  [{ rest: 'services: {db: {image: x, environment: {"A=B": a}}}' }, NOT_A_NAME],
  [{ rest: 'services: {db: {image: x, environment: ["=a"]}}' }, /a list of KEY=value/],
  [
    { rest: 'services: {db: {image: x, wait: {http: {path: a, port: 1}}}}' },
    /path must be text that starts with "\/"/,
  ],
  [{ rest: 'lifecycle: {pre_create: [{local: a, environment: {"A=B": b}}]}' }, NOT_A_NAME],
  [{ rest: 'lifecycle: {pre_create: [{local: a, includes: "/deb(/"}]}' }, /not a valid regular expression/],
  [{ rest: 'lifecycle: {pre_create: 3}' }, /pre_create must be text, a mapping or a list/],
];

/** How zod speaks to programmers, and patterns that a user would have to decipher. */
const RAW =
  /Invalid (input|key|option|string)|[Tt]oo (small|big)|received |expected (int|number|string)\b|text like|starts_with|undefined/;

for (const [given, message] of WRONG) {
  await tap.test(`in words of kitchen.yml and with its place: ${Object.values(given).join()}`, async (t) => {
    const faults = await faultsOf(t, given);
    t.equal(faults.length, 1, faults.map((one) => one.message).join('\n'));
    const [fault] = faults;
    t.match(fault?.message, message);
    t.match(fault?.location, { file: 'kitchen.yml', line: /[2-6]/ });
    const said = [fault?.message, fault?.expected, fault?.hint].join(' ');
    t.notMatch(said, RAW);
  });
}

await tap.test('what is right stays right', async (t) => {
  const image = `registry.example:5000/Team_x/app`;
  for (const name of [
    'debian',
    'debian:12-slim',
    'redhat/ubi9-init',
    'registry.example:5000/team_x/a--b.c:V1.0_x',
    'localhost/x@sha256:0123456789abcdef0123456789abcdef',
    '[::1]:5000/x',
  ]) {
    t.same(await faultsOf(t, { driver: `image: "${name}"` }), [], name);
  }
  t.equal((await faultsOf(t, { driver: `image: "${image}"` })).length, 1, 'only hosts have upper case');
  t.same(await faultsOf(t, { driver: 'env: {A: 1, "a.b-c": x}, http_proxy: , image: ' }), []);
});

await tap.test(
  'one line changes the driver: settings of the other one are told once, and stop nothing',
  async (t) => {
    const settings =
      'memory: 1g, image: "debian:12", cap_add: [SYS_PTRACE], region: eu-west-1, interface: public';
    const rest = 'platforms: [{name: debian-12}]\nsuites: [{name: a, verifier: {checks: [{port: 80}]}}]\n';
    const transport = (name: string) => `transport: {name: ${name}, connection_timeout: 5, s3_bucket: b}\n`;
    const resolve = async (given: string) => {
      const cwd = await kitchenFolder(t, `${given}${rest}`);
      const { instances } = await loadKitchen({ cwd, env: { HOME: cwd } });
      return resolveInstances(instances, plugins, new Set(['create', 'verify']));
    };
    const notesOf = async (given: string) =>
      (await resolve(given)).flatMap((one) =>
        one.notes.filter(({ level }) => level === 'warning').map(({ message }) => message),
      );
    t.same(await notesOf(`driver: {name: ec2, ${settings}}\n`), [
      'settings of another driver, without effect with ec2: memory, image, cap_add',
    ]);
    t.same(await notesOf(`driver: {name: docker, ${settings}}\n`), [
      'settings of another driver, without effect with docker: interface',
    ]);
    for (const [name, foreign] of [
      ['ssh', 's3_bucket'],
      ['ssm', 'connection_timeout'],
    ] as const)
      t.same(await notesOf(`driver: ec2\n${transport(name)}`), [
        `settings of another transport, without effect with ${name}: ${foreign}`,
      ]);
    await t.rejects(resolve('driver: {name: ec2, memory: 1g, regoin: eu-west-1}\n'), {
      message: /unknown key "regoin"/,
      hint: /did you mean "region"/,
      location: { line: 1 },
    });
    const notMeant = resolve('driver: {name: ec2, memory: 1g, username: admin}\n');
    await t.rejects(notMeant, {
      message: 'driver.username is not supported',
      hint: 'write it under transport:',
    });
  },
);

await tap.test('an unknown verifier: the list of them, and what was meant', async (t) => {
  const rows = [
    ['inspeck', /did you mean 'inspec'/],
    ['serverspek', /did you mean 'serverspec'\? .*verifier: \{name: busser\}/],
    ['http', /is a type of check: write verifier: \{checks: \[\{http: …\}\]\}/],
    ['zzzz', /name one of those/],
  ] as const;
  for (const [name, hint] of rows) {
    const rest = `verifier: {name: ${name}}`;
    const [fault] = await faultsOf(t, { rest });
    t.match(fault, { code: 'config.unknown_verifier', hint, location: { line: 6 } }, name);
    t.equal(fault?.expected, 'one of busser, dummy, goss, inspec, shell, testinfra, galley, checks');
  }
});
