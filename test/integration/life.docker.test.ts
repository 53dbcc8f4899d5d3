import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import Dockerode from 'dockerode';
import tap from 'tap';
import { projectName } from '../../src/config/load.ts';
import { type GalleyResult, galley, REPO } from '../galley.ts';
import { leftovers } from '../leftovers.ts';

const docker = new Dockerode();

const KITCHEN = `
driver: {name: docker, init: none, image: galley/debian-12-base}
provisioner: {name: shell, command: "echo converged > /converged; sleep \${GALLEY_TEST_SLEEP:-0}"}
platforms: [{name: debian-12}]
lifecycle: {post_create: "sleep \${TKENV_GALLEY_TEST_LONG_CREATE:-0}"}
suites:
  - name: one
    services:
      db: {image: "postgres:15", environment: {POSTGRES_PASSWORD: pl4nted-s3cret}}
    verifier:
      checks:
        - file: /converged
          content: {contains: converged}
        - command: "getent hosts db"
          exit: 0
  - name: two
    verifier: {checks: [{file: /converged}]}
`;

/** A kitchen of its own in a folder of its own, so that tests cannot meet. */
async function kitchen(name: string): Promise<{ readonly cwd: string; readonly project: string }> {
  const cwd = join(REPO, '.galley', 'test', `${name}-${process.pid}`);
  await mkdir(cwd, { recursive: true });
  await writeFile(join(cwd, 'kitchen.yml'), KITCHEN);
  tap.teardown(() => rm(cwd, { recursive: true, force: true }));
  return { cwd, project: projectName(cwd) };
}

function show(run: GalleyResult): string {
  return `exit ${run.code}\n${run.stdout}\n${run.stderr}`;
}

await tap.test('each phase is a command of its own; services live until destroy', async (t) => {
  const { cwd, project } = await kitchen('phases');
  for (const verb of ['create', 'converge', 'verify']) {
    const run = await galley([verb, 'one'], { cwd });
    t.equal(run.code, 0, show(run));
    t.notMatch(run.stdout + run.stderr, /pl4nted-s3cret/);
  }
  const list = JSON.parse((await galley(['list', '--json'], { cwd })).stdout) as {
    last_action: string | null;
  }[];
  t.same(
    list.map((i) => i.last_action),
    ['verify', null],
  );
  const containers = (await leftovers(project)).filter((l) => l.startsWith('container'));
  t.equal(containers.length, 2, `the instance and its database: ${containers.join(', ')}`);
  const gone = await galley(['destroy'], { cwd });
  t.equal(gone.code, 0, show(gone));
  t.same(await leftovers(project), []);
});

/** Starts a command, waits until `ready` of what exists, and kills it without warning. */
async function killedIn(cwd: string, verb: string, ready: () => Promise<boolean>): Promise<void> {
  let exit: Promise<unknown> = Promise.resolve();
  const run = galley([verb, 'one'], {
    cwd,
    // Long enough not to end before the kill.
    env: {
      TKENV_GALLEY_TEST_SLEEP: '600',
      ...(verb === 'create' && { TKENV_GALLEY_TEST_LONG_CREATE: '60' }),
    },
    onStart: (child) => {
      exit = once(child, 'exit');
      void (async () => {
        while (child.exitCode === null && !(await ready())) await sleep(30);
        child.kill('SIGKILL');
      })();
    },
  });
  await exit;
  await run;
}

await tap.test(
  'trap: a kill -9 in create loses the machine there; here list shows it and destroy removes all',
  async (t) => {
    const { cwd, project } = await kitchen('kill-create');
    await killedIn(cwd, 'create', async () =>
      (await leftovers(project)).some((l) => l.startsWith('network')),
    );
    t.not((await leftovers(project)).length, 0, 'the kill left something');
    const list = await galley(['list'], { cwd });
    t.match(list.stdout, /one-debian-12 .*interrupted in create/);
    const gone = await galley(['destroy'], { cwd });
    t.equal(gone.code, 0, show(gone));
    t.same(await leftovers(project), []);
    t.match((await galley(['list'], { cwd })).stdout, /one-debian-12 .*not created/);
  },
);

await tap.test(
  'kill -9 in the middle of converge: list shows it, converge goes on, destroy removes all',
  async (t) => {
    const { cwd, project } = await kitchen('kill-converge');
    await killedIn(cwd, 'converge', async () => {
      const list = await galley(['list'], { cwd });
      return /one-debian-12 .*converge \(pid \d+\)/.test(list.stdout);
    });
    t.match((await galley(['list'], { cwd })).stdout, /one-debian-12 .*interrupted in converge/);
    const again = await galley(['converge', 'one'], { cwd });
    t.equal(again.code, 0, show(again));
    const gone = await galley(['destroy'], { cwd });
    t.equal(gone.code, 0, show(gone));
    t.same(await leftovers(project), []);
  },
);

/** Until list says that the suite two converges; also when the command has ended before. */
async function inConverge(cwd: string, child: ChildProcess): Promise<void> {
  while (child.exitCode === null) {
    const list = await galley(['list'], { cwd });
    if (/two-debian-12 .*converge \(pid \d+\)/.test(list.stdout)) return;
    await sleep(100);
  }
}

await tap.test('a lost state folder: the machine is found again by its labels', async (t) => {
  const { cwd, project } = await kitchen('lost');
  t.equal((await galley(['create', 'two'], { cwd })).code, 0);
  await rm(join(cwd, '.galley'), { recursive: true });
  const converge = await galley(['converge', 'two'], { cwd });
  t.equal(converge.code, 0, show(converge));
  t.match(converge.stdout, /found again by its labels/);
  await rm(join(cwd, '.galley'), { recursive: true });
  t.equal((await galley(['destroy', 'two'], { cwd })).code, 0);
  t.same(await leftovers(project), []);
});

await tap.test(
  'a container killed under us is an infrastructure failure, and the next run starts over',
  async (t) => {
    const { cwd, project } = await kitchen('killed');
    const run = await galley(['converge', 'two'], {
      cwd,
      env: { TKENV_GALLEY_TEST_SLEEP: '600' },
      onStart: (child) => {
        void (async () => {
          await inConverge(cwd, child);
          const filters = JSON.stringify({ label: [`galley.project=${project}`] });
          for (const found of await docker.listContainers({ filters }))
            await docker.getContainer(found.Id).kill();
        })();
      },
    });
    t.equal(run.code, 3, show(run));
    t.match(run.stdout, /two-debian-12/);
    const again = await galley(['converge', 'two'], { cwd });
    t.equal(again.code, 0, show(again));
    t.match(again.stdout, /starting over/);
    t.equal((await galley(['destroy'], { cwd })).code, 0);
    t.same(await leftovers(project), []);
  },
);

await tap.test(
  'SIGINT cancels: test --destroy=always cleans up, --destroy=passing keeps the instance',
  async (t) => {
    const { cwd, project } = await kitchen('sigint');
    const interrupted = (policy: string) =>
      galley(['test', 'two', `--destroy=${policy}`], {
        cwd,
        env: { TKENV_GALLEY_TEST_SLEEP: '600' },
        onStart: (child) => {
          void (async () => {
            await inConverge(cwd, child);
            child.kill('SIGINT');
          })();
        },
      });
    const always = await interrupted('always');
    t.equal(always.code, 130, show(always));
    t.same(await leftovers(project), []);
    const passing = await interrupted('passing');
    t.equal(passing.code, 130, show(passing));
    t.not((await leftovers(project)).length, 0, 'kept, as by the policy');
    t.equal((await galley(['destroy'], { cwd })).code, 0);
    t.same(await leftovers(project), []);
  },
);

await tap.test(
  'one instance fails, the other is not touched by it; logs of both runs are kept',
  async (t) => {
    const { cwd, project } = await kitchen('apart');
    await writeFile(
      join(cwd, 'kitchen.local.yml'),
      'suites:\n' +
        '  - {name: bad, provisioner: {command: "echo boom >&2; exit 7"}, verifier: {checks: [{file: /x}]}}\n' +
        '  - {name: good, verifier: {checks: [{file: /converged}]}}\n',
    );
    const run = await galley(['test', '-c', '2', '--destroy=always'], { cwd });
    t.equal(run.code, 4, show(run));
    t.match(run.stdout, /bad-debian-12 .*failed/);
    t.match(run.stdout, /good-debian-12 .*passed/);
    t.match(run.stdout, /boom/, 'the failing command’s last lines are shown');
    await galley(['test', 'good'], { cwd });
    t.equal((await readdir(join(cwd, '.galley', 'logs'))).length, 2);
    t.same(await leftovers(project), []);
  },
);

await tap.test('a database that died is started again before the converge, and said', async (t) => {
  const { cwd, project } = await kitchen('service-died');
  t.equal((await galley(['create', 'one'], { cwd })).code, 0);
  const filters = JSON.stringify({ label: [`galley.project=${project}`, 'galley.kind=service'] });
  const [db] = await docker.listContainers({ filters });
  await docker.getContainer(db?.Id ?? '').remove({ force: true, v: true });
  const converge = await galley(['verify', 'one'], { cwd });
  t.equal(converge.code, 0, show(converge));
  t.match(converge.stdout, /db did not run any more and is started anew/);
  t.equal((await docker.listContainers({ filters })).length, 1);
  t.equal((await galley(['destroy'], { cwd })).code, 0);
  t.same(await leftovers(project), []);
});

await tap.test(
  'a lost state with services: all is made anew, never a second database beside the first',
  async (t) => {
    const { cwd, project } = await kitchen('lost-services');
    t.equal((await galley(['create', 'one'], { cwd })).code, 0);
    await rm(join(cwd, '.galley'), { recursive: true });
    const again = await galley(['create', 'one'], { cwd });
    t.equal(again.code, 0, show(again));
    const filters = JSON.stringify({ label: [`galley.project=${project}`, 'galley.kind=service'] });
    t.equal((await docker.listContainers({ filters })).length, 1);
    t.equal((await galley(['destroy'], { cwd })).code, 0);
    t.same(await leftovers(project), []);
  },
);
