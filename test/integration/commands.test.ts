import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import tap from 'tap';
import { galley } from '../galley.ts';

const KITCHEN = `
driver: {name: vagrant, box: x}
provisioner: {name: chef_zero, chef_license_key: pl4nted-key}
verifier: {name: inspec}
platforms: [{name: ubuntu-24.04}, {name: debian-12}]
suites: [{name: web, tags: [ci]}, {name: db}]
`;
const HOME = tap.testdir();
const run = (cwd: string, ...args: string[]) => galley(args, { cwd, env: { HOME } });

await tap.test(
  'the peer’s `test --auto-init` overwrites a kitchen.yml without asking; init never overwrites',
  async (t) => {
    for (const name of ['kitchen.yml', '.kitchen.yml', 'galley.config.yml']) {
      const cwd = t.testdir({ [name]: KITCHEN, 'metadata.rb': "name 'web'" });
      const refused = await run(cwd, 'init');
      t.match(refused, { code: 2, stderr: new RegExp(`there is a ${name} already`) }, name);
      t.equal(readFileSync(join(cwd, name), 'utf8'), KITCHEN);
      t.equal(existsSync(join(cwd, '.gitignore')), false, 'nothing else is touched either');
    }
  },
);

await tap.test('init writes a kitchen that is valid', async (t) => {
  const cwd = t.testdir({
    'metadata.rb': "name 'web'",
    '.gitignore': '*.lock',
    recipes: { 'default.rb': '' },
  });
  t.match(await run(cwd, 'init'), { code: 0, stdout: /cookbook web/ });
  t.equal(readFileSync(join(cwd, '.gitignore'), 'utf8'), '*.lock\n.galley/\n');
  t.match(await run(cwd, 'validate'), { code: 0, stdout: /valid: 1 instance/ });
});

await tap.test('list --json has the keys and class names of the peer, then ours', async (t) => {
  const { stdout } = await run(t.testdir({ 'kitchen.yml': KITCHEN }), 'list', 'web-ubuntu', '--json');
  const [row] = JSON.parse(stdout) as Record<string, unknown>[];
  t.same(Object.keys(row ?? {}).slice(0, 7), [
    'instance',
    'driver',
    'provisioner',
    'verifier',
    'transport',
    'last_action',
    'last_error',
  ]);
  t.match(row, { driver: 'Vagrant', provisioner: 'ChefZero', verifier: 'Inspec', last_action: null });
  t.match(row, { suite: 'web', platform: 'ubuntu-24.04', tags: ['ci'], orphan: false });
});

await tap.test('one state that cannot be read does not hide the others from list', async (t) => {
  const cwd = t.testdir({ 'kitchen.yml': KITCHEN, '.galley': { 'web-debian-12.json': {} } });
  const found = await run(cwd, 'list', '--bare');
  t.match(found, { code: 0, stderr: /web-debian-12\.json: a folder is where the file must be/ });
  t.equal(found.stdout.split('\n').length - 1, 4);
});

await tap.test('a vagrant kitchen runs in Docker with one flag', async (t) => {
  const cwd = t.testdir({ 'kitchen.yml': KITCHEN });
  t.match(await run(cwd, 'create', '--dry-run'), { code: 2, stderr: /--driver docker to run it in Docker/ });
  const plan = await run(cwd, 'create', '--driver', 'docker', '--dry-run', '--json', 'web');
  t.match(JSON.parse(plan.stdout), [
    { instance: 'web-ubuntu-2404', driver: 'docker', image: 'dokken/ubuntu-24.04', transport: 'docker' },
    { instance: 'web-debian-12', image: 'dokken/debian-12' },
  ]);
  t.equal(existsSync(join(cwd, '.galley')), false, 'a dry run leaves nothing behind');
});

await tap.test('a platform that nobody knows an image of is told before anything is made', async (t) => {
  const text = (driver: string) =>
    `driver: {name: ${driver}}\nprovisioner: {name: dummy}\nsuites: [{name: web, verifier: {checks: [{port: 80}]}}]\nplatforms:\n  - name: debain-12\n`;
  const cwd = t.testdir({ 'kitchen.yml': text('docker'), lacking: { 'kitchen.yml': text('hyperv') } });
  const told =
    /! kitchen\.yml:5:11: no image is known for the platform debain-12.*did you mean debian-12\?\n/;
  t.match(await run(cwd, 'validate'), { code: 0, stdout: told });
  t.match(await run(cwd, 'list'), { code: 0, stdout: /web-debain-12/, stderr: told });
  t.match(await run(cwd, 'create', '--dry-run', '--json'), { code: 0, stdout: /^\[/, stderr: told });
  t.match(
    await run(join(cwd, 'lacking'), 'list'),
    { code: 0, stderr: '' },
    'of other drivers nothing is known',
  );
});

await tap.test('what the peer lets pass does not stop commands that only show, and is said', async (t) => {
  const cwd = t.testdir({ 'kitchen.yml': `${KITCHEN}\nunknown_key: 1\n` });
  for (const command of [['list'], ['diagnose'], ['explain', 'web-debian-12']]) {
    t.match(await run(cwd, ...command), { code: 0, stderr: /kitchen\.yml:8.*unknown_key/ });
  }
  const converge = ['converge', '--driver', 'docker', '--dry-run'];
  t.match(await run(cwd, ...converge), { code: 2, stderr: /unknown_key/ });
  t.match(await run(cwd, ...converge, '--compat'), { code: 0 });
});

await tap.test('diagnose masks secrets unless told otherwise, and works with a broken kitchen', async (t) => {
  const cwd = t.testdir({ 'kitchen.yml': KITCHEN });
  const masked = await run(cwd, 'diagnose', '--all');
  t.equal(masked.code, 0, masked.stderr);
  t.match(masked.stdout, /chef_license_key: ‹11 chars›/);
  t.notMatch(masked.stdout, /pl4nted/, 'the peer shows it in clear');
  t.match((await run(cwd, 'diagnose', '--show-secrets')).stdout, /pl4nted-key/);
  const none = await run(cwd, 'diagnose', '--no-instances', '--loader', '--json');
  const { loader, instances } = JSON.parse(none.stdout) as { loader: object; instances?: object };
  t.equal(instances, undefined);
  t.match(loader, {
    project_config: { filename: join(cwd, 'kitchen.yml'), raw_data: { suites: [{ name: 'web' }, {}] } },
  });
  writeFileSync(join(cwd, 'kitchen.yml'), 'suites: [');
  const broken = await run(cwd, 'diagnose', '--all');
  t.equal(broken.code, 2);
  t.match(broken.stdout, /^instances:\n {2}error:/m);
});

await tap.test('--changed-since selects by what git says, and explains what it cannot know', async (t) => {
  const cwd = t.testdir({ 'kitchen.yml': KITCHEN, test: { integration: { db: { 'a.rb': '' } } } });
  t.match(await run(cwd, 'list', '--changed-since', 'no-such-rev'), {
    code: 2,
    stderr: /no revision|needs git/,
  });
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@t', ...args], { cwd, stdio: 'ignore' });
  git('init');
  git('add', '.');
  git('commit', '-m', 'x');
  const changed = async () => (await run(cwd, 'list', '--bare', '--changed-since', 'HEAD')).stdout;
  t.equal(await changed(), '');
  writeFileSync(join(cwd, 'test/integration/db/b.rb'), '');
  t.equal(await changed(), 'db-ubuntu-2404\ndb-debian-12\n', 'a new file counts');
  writeFileSync(join(cwd, 'kitchen.yml'), `${KITCHEN}\n`);
  t.equal((await changed()).split('\n').length - 1, 4);
  t.match(await run(cwd, 'list', '--changed-since', 'nope'), { code: 2, stderr: /'nope' is no revision/ });
});

await tap.test('names for the tab key come without loading anything the second time', async (t) => {
  const cwd = t.testdir({ 'kitchen.yml': KITCHEN });
  const first = await run(cwd, '__names');
  t.equal(first.stdout, 'web-ubuntu-2404\nweb-debian-12\ndb-ubuntu-2404\ndb-debian-12\n');
  const memory = join(cwd, '.galley', 'names.json');
  writeFileSync(memory, readFileSync(memory, 'utf8').replace('web-ubuntu-2404', 'from-memory'));
  t.match((await run(cwd, '__names')).stdout, /^from-memory\nweb-debian-12\n/);
  writeFileSync(join(cwd, 'kitchen.yml'), `${KITCHEN}\n`);
  t.equal((await run(cwd, '__names')).stdout, first.stdout, 'a saved kitchen file is read anew');
});

await tap.test('doctor says what is wrong and how to fix it', async (t) => {
  const cwd = t.testdir({ 'kitchen.yml': KITCHEN, Berksfile: '' });
  const options = { cwd, env: { HOME, PATH: '/nowhere', DOCKER_HOST: 'tcp://127.0.0.1:9' } };
  const found = await galley(['doctor', '--json'], options);
  t.equal(found.code, 3, found.stderr);
  const findings = JSON.parse(found.stdout) as { probe: string; status: string; fix?: string }[];
  const of = (probe: string) => findings.filter((one) => one.probe === probe);
  t.match(of('engine'), [{ status: 'fail', message: /127\.0\.0\.1:9/, fix: /DOCKER_HOST/ }]);
  t.match(of('berksfile'), [{ status: 'fail', fix: /gem install berkshelf/ }]);
  t.match(of('kitchen'), [{ status: 'ok' }, { status: 'fail', fix: /--driver docker/ }]);
  t.match(of('node'), [{ status: 'ok' }]);
  t.ok(
    findings.every((one) => one.status === 'ok' || (one.fix ?? '') !== ''),
    'each has a next step',
  );
});

await tap.test('doctor looks at ssh and AWS where instances use them, and asks neither', async (t) => {
  const cwd = t.testdir({
    'kitchen.yml': `
driver: {name: ec2, shared_credentials_profile: team, client: {from: preinstalled}}
transport: {name: ssh, ssh_key: keys/id}
platforms: [{name: ubuntu-24.04}]
suites: [{name: web}]
`,
    keys: { id: 'no key' },
    '.aws': { credentials: '[team]\naws_access_key_id = AKIAPLANTED\naws_secret_access_key = pl4nted\n' },
  });
  const env = {
    HOME: cwd,
    PATH: '/nowhere',
    SSH_AUTH_SOCK: join(cwd, 'nobody.sock'),
    AWS_REGION: 'eu-west-1',
  };
  const found = await galley(['doctor', '--json'], { cwd, env });
  t.equal(found.code, 3, found.stderr);
  const findings = JSON.parse(found.stdout) as { probe: string; status: string }[];
  const of = (probe: string) => findings.filter((one) => one.probe === probe);
  t.match(of('ssh agent'), [{ status: 'warn', message: /nobody\.sock/ }]);
  t.match(of('ssh key'), [{ status: 'fail', message: new RegExp(`${join(cwd, 'keys/id')} is no key`) }]);
  t.match(of('aws credentials'), [{ status: 'ok', message: /profile team: keys in the file/ }]);
  t.match(of('aws region'), [{ status: 'ok', message: /eu-west-1, from AWS_REGION/ }]);
  t.same(of('engine'), [], 'machines that have their client need no engine');
  t.notMatch(found.stdout, /pl4nted|AKIAPLANTED/);
});

await tap.test('how many runs keep their logs: the option wins over the kitchen file', async (t) => {
  const kitchen = `kitchen: {keep_logs: 3}\n${KITCHEN}`;
  const logs = Object.fromEntries([1, 2, 3, 4, 5].map((n) => [`2025010${n}-120000-abcde`, { 'x.log': '' }]));
  const cwd = t.testdir({ 'kitchen.yml': kitchen, '.galley': { logs } });
  const destroy = (...more: string[]) => run(cwd, 'destroy', '--driver', 'docker', ...more);
  const kept = () => readdirSync(join(cwd, '.galley', 'logs')).length;
  const env = { DOCKER_HOST: 'unix:///nowhere.sock' };
  await galley(['destroy', '--driver', 'docker'], { cwd, env: { HOME, ...env } });
  t.equal(kept(), 3);
  await galley(['destroy', '--driver', 'docker', '--keep-logs', '2'], { cwd, env: { HOME, ...env } });
  t.equal(kept(), 2);
  t.match(await destroy('--keep-logs', '0'), { code: 2, stderr: /whole number from 1 on/ });
  t.equal(kept(), 2);
});

await tap.test('gc says what it could not look at, and goes on with the rest', async (t) => {
  const env = {
    HOME,
    DOCKER_HOST: 'tcp://127.0.0.1:9',
    AWS_ENDPOINT_URL: 'http://127.0.0.1:9',
    AWS_ACCESS_KEY_ID: 'a',
    AWS_SECRET_ACCESS_KEY: 'b',
  };
  const gc = (kitchen: string, ...more: string[]) =>
    galley(['gc', ...more], { cwd: t.testdir(kitchen === '' ? {} : { 'kitchen.yml': kitchen }), env });
  const nothing = /^nothing to remove where it was possible to look\n$/;
  t.match(await gc(''), { code: 3, stderr: /^no Docker engine answers at tcp:\/\/127\.0\.0\.1:9/ });
  t.match(await gc('suites: ['), {
    code: 2,
    stdout: nothing,
    stderr: /not valid YAML[^]*kitchen\.yml:1[^]*accounts and regions of this kitchen were not looked at/,
  });
  const elsewhere = `driver: {name: ec2, regoin: eu-west-1, retry_limit: 1}
platforms: [{name: debian-11}, {name: debian-12}]
suites: [{name: web}]
`;
  const { code, stdout, stderr } = await gc(elsewhere);
  t.equal(code, 3, stderr);
  t.match(stdout, nothing);
  t.equal(stderr.match(/unknown key "regoin" in driver \(did you mean "region"\?\)/g)?.length, 1, stderr);
  t.match(
    stderr,
    /! the Docker engine was not looked at: no Docker engine answers at tcp:\/\/127\.0\.0\.1:9/,
  );
  t.match(stderr, /could not look for what was left behind: http:\/\/127\.0\.0\.1:9 cannot be reached/);
  const wrong = await gc(elsewhere.replace('regoin: eu-west-1', 'region: [a]'));
  t.match(wrong, { code: 2, stderr: /driver\.region[^]*may not have been looked at/ }, wrong.stderr);
  t.match(wrong.stderr, /127\.0\.0\.1:9 cannot be reached/, 'the region of the environment was');
});

await tap.test('a value that a key calls secret is masked in commands and ids too', async (t) => {
  const kitchen = `
driver: {name: docker, env: {DB_PASSWORD: pl4nted-W0rd}}
provisioner: {name: shell, command: "mysql -ppl4nted-W0rd"}
verifier: {checks: [{command: "mysql -ppl4nted-W0rd", exit: 0}]}
platforms: [{name: debian-12}]
suites: [{name: web}]
`;
  const cwd = t.testdir({ 'kitchen.yml': kitchen });
  for (const args of [
    ['diagnose', '--all'],
    ['diagnose', '--json'],
    ['verify', '--list'],
    ['verify', '--list', '--json'],
    ['explain', 'web'],
    ['test', '--dry-run', '--json'],
  ]) {
    const { code, stdout, stderr } = await run(cwd, ...args);
    t.equal(code, 0, `${args.join(' ')} ${stderr}`);
    t.notMatch(stdout + stderr, /pl4nted/i, args.join(' '));
  }
  t.match((await run(cwd, 'diagnose', '--show-secrets')).stdout, /command: mysql -ppl4nted-W0rd/);
});

await tap.test('doctor says where a folder cannot be made', async (t) => {
  const cwd = t.testdir({ 'kitchen.yml': KITCHEN, home: '' });
  const { code, stdout } = await galley(['doctor'], {
    cwd,
    env: { HOME: join(cwd, 'home'), XDG_CACHE_HOME: '', DOCKER_HOST: 'tcp://127.0.0.1:9' },
  });
  t.equal(code, 3);
  t.match(stdout, /fail +disk +.*cannot be made: .*home is no folder/);
});

await tap.test('a create on EC2 without credentials says so, as infrastructure', async (t) => {
  const kitchen = `driver: {name: ec2, retry_limit: 0}
transport: {name: ssh}
provisioner: {name: dummy}
platforms: [{name: debian-12}]
suites: [{name: web}]
`;
  const cwd = t.testdir({ 'kitchen.yml': kitchen });
  const env = {
    HOME: cwd,
    AWS_ENDPOINT_URL: 'http://127.0.0.1:9',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_ACCESS_KEY_ID: '',
    AWS_SECRET_ACCESS_KEY: '',
  };
  const none = await galley(['create'], { cwd, env });
  t.match(none, { code: 3, stdout: /there are no AWS credentials[^]*set AWS_PROFILE or/ }, none.stdout);
  const profile = await galley(['create'], { cwd, env: { ...env, AWS_PROFILE: 'nobody' } });
  t.match(profile, { code: 3, stdout: /there are no credentials in the profile nobody/ }, profile.stdout);
});
