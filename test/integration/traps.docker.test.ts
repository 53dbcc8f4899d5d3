import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import Dockerode from 'dockerode';
import tap from 'tap';
import { projectName } from '../../src/config/load.ts';
import { type GalleyResult, galley, REPO } from '../galley.ts';
import { until } from '../live-instance.ts';

// Traps of docs/traps.md that need a machine. One kitchen, in the words of kitchen-dokken, serves all.

const KITCHEN = `
driver:
  name: dokken
  image: galley/debian-12-base
  pid_one_command: sleep 3600
  write_timeout: 1
  intermediate_instructions: [RUN echo one > /built]
transport: {name: dokken}
provisioner:
  name: shell
  command: |-
    echo run >> /runs; sleep 2; echo "it's 'quoted'" > /quoted
  uploads: {given.txt: /srv/given.txt}
  downloads: {/quoted: got.txt}
lifecycle:
  post_converge:
    - remote: echo "$KITCHEN_SUITE_NAME it's" | tr a-z A-Z > /hooked && true | false || echo both >> /hooked
platforms: [{name: debian-12}]
suites:
  - name: one
    verifier: &overlapping
      checks: [{command: "touch /began; until [ -e /go-on ]; do sleep 0.1; done", timeout: 600s}]
  - {name: two, verifier: *overlapping}
`;

const cwd = join(REPO, '.galley', 'test', `traps-${process.pid}`);
await mkdir(cwd, { recursive: true });
await writeFile(join(cwd, 'kitchen.yml'), KITCHEN);
await writeFile(join(cwd, 'given.txt'), 'given\n');
tap.teardown(async () => {
  await galley(['destroy'], { cwd });
  await rm(cwd, { recursive: true, force: true });
});

function show(run: GalleyResult): string {
  return `exit ${run.code}\n${run.stdout}\n${run.stderr}`;
}

async function inside(script: string, name = 'one'): Promise<string> {
  const run = await galley(['exec', name, '-c', script], { cwd });
  if (run.code !== 0) throw new Error(show(run));
  return run.stdout;
}

async function containers(name: string): Promise<readonly Dockerode.ContainerInspectInfo[]> {
  const docker = new Dockerode();
  const labels = [`galley.project=${projectName(cwd)}`, `galley.instance=${name}-debian-12`];
  const found = await docker.listContainers({ all: true, filters: { label: labels } });
  return Promise.all(found.map((one) => docker.getContainer(one.Id).inspect()));
}

await tap.test(
  'trap: a command with a single quote breaks the peer’s wrapper; here text arrives as it was written',
  async (t) => {
    const run = await galley(['converge', '-c', '2'], { cwd });
    t.equal(run.code, 0, show(run));
    t.equal(await inside('cat /quoted'), `it's 'quoted'\n`);
    t.equal(await inside(`echo "it's" 'a "b"'`), `it's a "b"\n`);
  },
);

await tap.test(
  'trap: dokken starts a converge again that is longer than write_timeout; here it runs once',
  async (t) => {
    t.equal(await inside('cat /runs'), 'run\n');
  },
);

await tap.test(
  'trap: dokken runs commands without a shell; here pipes, && and $VARIABLES work in exec and in hooks',
  async (t) => {
    t.equal(await inside('cat /hooked'), "ONE IT'S\nboth\n");
    t.equal(await inside('A=x; echo "$A" | tr x y && echo ok'), 'y\nok\n');
  },
);

await tap.test('trap: dokken ignores uploads and downloads; here they are done', async (t) => {
  t.equal(await inside('cat /srv/given.txt'), 'given\n');
  t.equal(await readFile(join(cwd, 'got.txt'), 'utf8'), `it's 'quoted'\n`);
});

await tap.test(
  'trap: dokken binds folders of the host that root then writes to; here nothing of the host is mounted',
  async (t) => {
    const [machine] = await containers('one');
    t.ok(machine);
    t.strictSame(
      machine?.Mounts.filter(({ Type }) => Type === 'bind'),
      [],
    );
    t.equal((await stat(join(cwd, 'got.txt'))).uid, process.getuid?.(), 'what came back is the user’s');
  },
);

await tap.test(
  'trap: kitchen-inspec verifies one instance after the other whatever -c; here they overlap',
  async (t) => {
    const names = ['one', 'two'];
    const running = galley(['verify', '-c', '2'], { cwd });
    try {
      for (const name of names)
        await until(`${name} is looked at`, async () => (await inside('ls /', name)).includes('began'));
      t.pass('the check of one does not end before that of the other has begun');
    } finally {
      for (const name of names) await inside('touch /go-on', name);
    }
    const run = await running;
    t.equal(run.code, 0, show(run));
  },
);

await tap.test(
  'trap: the peer reuses another driver’s state and dokken an old work image without a word; here it is said',
  async (t) => {
    const state = join(cwd, '.galley', 'one-debian-12.json');
    const saved = await readFile(state, 'utf8');
    await writeFile(state, saved.replace('"driver": "docker"', '"driver": "ec2"'));
    const refused = await galley(['converge', 'one'], { cwd });
    t.equal(refused.code, 2, show(refused));
    t.match(refused.stdout, /was made by the driver ec2, the config now says docker/);
    await writeFile(state, saved);
    const edited = KITCHEN.replace('echo one > /built', 'echo two > /built');
    await writeFile(join(cwd, 'kitchen.yml'), edited);
    const told = await galley(['create', 'one'], { cwd });
    t.match(
      told.stdout,
      /its driver settings or services changed since it was created; galley destroy/,
      show(told),
    );
    t.equal(await inside('cat /built'), 'one\n');
    t.equal((await galley(['destroy', 'one'], { cwd })).code, 0);
    t.equal((await galley(['create', 'one'], { cwd })).code, 0);
    t.equal(await inside('cat /built'), 'two\n', 'the edited instructions count from the next create on');
  },
);

await tap.test(
  'trap: kitchen-docker cannot create while the recorded container is gone; here it starts over',
  async (t) => {
    for (const { Id } of await containers('one'))
      await new Dockerode().getContainer(Id).remove({ force: true, v: true });
    const run = await galley(['create', 'one'], { cwd });
    t.equal(run.code, 0, show(run));
    t.match(run.stdout, /its machine is gone; starting over/);
    t.equal((await containers('one')).length, 1);
    t.notOk(existsSync(join(cwd, '.kitchen')), 'nothing of the peer’s is touched');
  },
);
