import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import Dockerode from 'dockerode';
import tap from 'tap';
import { projectName } from '../../src/config/load.ts';
import { type GalleyResult, galley, REPO } from '../galley.ts';
import { leftovers } from '../leftovers.ts';
import { until } from '../live-instance.ts';

const KITCHEN = `
driver: {name: docker, init: none, image: galley/debian-12-base}
provisioner:
  name: shell
  command: "for n in 1 2 3; do echo line $n; sleep \${GALLEY_TEST_SLEEP:-0}; done; touch /converged"
platforms: [{name: debian-12}]
suites:
  - {name: one, tags: [quick], verifier: {checks: [{file: /converged}]}}
  - {name: two, verifier: {checks: [{file: /converged}]}}
`;

async function kitchen(
  name: string,
  text = KITCHEN,
): Promise<{ readonly cwd: string; readonly project: string }> {
  const cwd = join(REPO, '.galley', 'test', `commands-${name}-${process.pid}`);
  await mkdir(cwd, { recursive: true });
  await writeFile(join(cwd, 'kitchen.yml'), text);
  tap.teardown(async () => {
    await galley(['destroy'], { cwd });
    await rm(cwd, { recursive: true, force: true });
  });
  return { cwd, project: projectName(cwd) };
}

async function sh(script: string, cwd: string): Promise<string> {
  const { stdout } = await promisify(execFile)('/bin/sh', ['-c', script], { cwd, timeout: 300_000 });
  return stdout;
}

function show(run: GalleyResult): string {
  return `exit ${run.code}\n${run.stdout}\n${run.stderr}`;
}

await tap.test('exec: grouped output, separated streams, the exit code of the command', async (t) => {
  const { cwd } = await kitchen('exec');
  const early = await galley(['exec', 'one', '--', 'true'], { cwd });
  t.equal(early.code, 2, show(early));
  t.match(early.stderr, /one-debian-12 has not been created\n.*galley create one-debian-12/);
  t.equal((await galley(['create'], { cwd })).code, 0);

  const alone = await galley(['exec', 'one', '--', 'printf', '%s|', 'a b', '$HOME', '0644'], { cwd });
  t.equal(alone.stdout, 'a b|$HOME|0644|', show(alone));
  const streams = await galley(['exec', 'one', '-c', 'echo out; echo err >&2; exit 7'], { cwd });
  t.match(streams, { code: 7, stdout: 'out\n', stderr: 'err\n' });

  const bytes = join(cwd, 'bytes');
  const exec = `"${process.execPath}" "${join(REPO, 'dist/src/cli/bin.js')}" exec one`;
  const piped = await sh(`${exec} -c 'printf "\\377\\000\\001"' > bytes; ${exec} -c yes | head -n 1`, cwd);
  t.strictSame(await readFile(bytes), Buffer.from([255, 0, 1]), 'bytes arrive as they are');
  t.equal(piped, 'y\n', 'what nobody reads any longer is ended');
  const running = "for p in /proc/[0-9]*; do tr '\\0' ' ' < $p/cmdline; echo; done | grep -c '^yes'";
  await until(
    'it is gone',
    async () => (await galley(['exec', 'one', '-c', running], { cwd })).stdout === '0\n',
  );

  const both = await galley(['exec', '--', 'hostname; exit $(hostname | grep -c two)'], { cwd });
  t.equal(both.code, 1, show(both));
  t.match(both.stdout, /^one-debian-12 {2}ok .*\none-debian-12\n/m, 'the peer does not separate instances');
  t.match(both.stdout, /^two-debian-12 {2}exit 1 .*\ntwo-debian-12\n/m);
  const all = await galley(['exec', '-c', 'exit 3'], { cwd });
  t.match(
    all.stdout,
    /one-debian-12 .*[\s\S]*two-debian-12|two-debian-12 .*[\s\S]*one-debian-12/,
    'the peer stops at the first failure',
  );

  const json = await galley(['exec', '--tag', 'quick', '--json', '-c', 'id -un', '-u', 'nobody'], { cwd });
  t.match(JSON.parse(json.stdout), [
    { instance: 'one-debian-12', exitCode: 0, stdout: 'nobody\n', stderr: '' },
  ]);
  const late = await galley(['exec', 'one', '--timeout', '1', '-c', 'sleep 60'], { cwd });
  t.equal(late.code, 3, show(late));
  t.match(late.stderr, /took longer than 1 s and was killed/);

  await galley(['destroy', 'two'], { cwd });
  const rest = await galley(['exec', '--', 'hostname'], { cwd });
  t.match(rest, { code: 0, stdout: 'one-debian-12\n' }, 'without a selector: those that exist');
});

await tap.test(
  'logs: by run, listed, followed while the run goes on, also with a broken kitchen',
  async (t) => {
    const { cwd } = await kitchen('logs');
    const none = await galley(['logs'], { cwd });
    t.match(none, { code: 2, stderr: /no run has been logged yet/ });
    await galley(['create', 'one'], { cwd });
    const converge = galley(['converge', 'one'], { cwd, env: { TKENV_GALLEY_TEST_SLEEP: '1' } });
    const logs = join(cwd, '.galley', 'logs');
    while ((await readdir(logs)).length < 2) await sleep(50);
    let newest = '';
    for (;;) {
      newest = (await readdir(logs)).toSorted().at(-1) ?? '';
      if ((await readdir(join(logs, newest))).includes('one-debian-12.log')) break;
      await sleep(50);
    }
    const followed = await galley(['logs', '--follow', 'one'], { cwd });
    t.equal((await converge).code, 0);
    t.equal(followed.code, 0, show(followed));
    t.match(followed.stdout, /line 1\nline 2\nline 3\n/);
    t.match(followed.stdout, /converge passed after/, 'until the end');

    const [last, first] = JSON.parse((await galley(['logs', '--list', '--json'], { cwd })).stdout) as {
      id: string;
    }[];
    t.match(last, { id: newest, command: 'converge', exitCode: 0, instances: ['one-debian-12'] });
    await writeFile(join(cwd, 'kitchen.yml'), 'suites: [');
    const old = await galley(['logs', 'one', '--run', first?.id ?? ''], { cwd });
    t.equal(old.code, 0, show(old));
    t.match(old.stdout, /create passed after/);
    await writeFile(join(cwd, 'kitchen.yml'), KITCHEN);

    for (let day = 1; day <= 25; day += 1) {
      const dir = join(logs, `202501${String(day).padStart(2, '0')}-120000-abcd`);
      await mkdir(dir);
      await writeFile(join(dir, 'events.ndjson'), '');
      await utimes(join(dir, 'events.ndjson'), 1, 1);
    }
    await galley(['converge', 'one'], { cwd });
    const kept = await readdir(logs);
    t.equal(kept.length, 20, 'the newest 20 runs are kept');
    t.ok(kept.includes(newest));
  },
);

await tap.test(
  'the peer forgets instances that left the config; here they are listed and destroyed',
  async (t) => {
    const { cwd, project } = await kitchen('orphans');
    await galley(['create'], { cwd });
    await writeFile(join(cwd, 'kitchen.yml'), KITCHEN.replace('name: two', 'name: renamed'));
    const list = await galley(['list'], { cwd });
    t.match(list.stderr, /1 instance was created or tried, and is no longer in the kitchen file/);
    const orphans = JSON.parse((await galley(['list', '--orphans', '--json'], { cwd })).stdout) as object[];
    t.match(orphans, [{ instance: 'two-debian-12', driver: 'Docker', last_action: 'create', orphan: true }]);
    const destroyed = await galley(['destroy', '--orphans'], { cwd });
    t.equal(destroyed.code, 0, show(destroyed));
    const left = await leftovers(project);
    t.equal(left.length, 2, left.join(', '));
    t.ok(left.every((one) => one.includes('one-debian-12')));
    t.match(await galley(['destroy', '--orphans'], { cwd }), { code: 0, stderr: /no orphans/ });
  },
);

await tap.test('mistakes elsewhere in the kitchen do not stand between a user and what runs', async (t) => {
  const { cwd, project } = await kitchen('mistakes');
  t.equal((await galley(['create', 'one'], { cwd })).code, 0);
  const save = (text: string) => writeFile(join(cwd, 'kitchen.yml'), text);
  const hostname = () => galley(['exec', 'one', '--', 'hostname'], { cwd });
  const unnamed = await galley(['login'], { cwd });
  t.equal(unnamed.code, 0, `the only one that was created is meant: ${show(unnamed)}`);

  await save(
    KITCHEN.replace('name: shell', 'name: nobody_has_it').replace('{file: /converged}', '{prt: 80}'),
  );
  t.equal((await galley(['converge', 'one'], { cwd })).code, 2);
  t.match(await hostname(), { code: 0, stdout: 'one-debian-12\n', stderr: '' });
  await save(`${KITCHEN}\nplatfroms: []\n`);
  t.match(await hostname(), { code: 0, stdout: 'one-debian-12\n', stderr: /unknown key "platfroms"/ });

  await save(KITCHEN.replace('{name: docker, init', '{name: vagrant, box: x, init'));
  t.match(await hostname(), { code: 0, stdout: 'one-debian-12\n' }, 'the driver that made it counts');

  await save('suites: [');
  const broken = await hostname();
  t.match(broken, { code: 0, stdout: 'one-debian-12\n' }, show(broken));
  t.match(broken.stderr, /not valid YAML[\s\S]*going on with 1 instance known from the state files/);
  const list = await galley(['list', '--json'], { cwd });
  t.equal(list.code, 2, 'it is not the whole list');
  t.match(JSON.parse(list.stdout), [{ instance: 'one-debian-12', last_action: 'create' }]);
  const login = await galley(['login', 'one'], { cwd });
  t.equal(login.code, 0, show(login));
  t.match(await galley(['exec', 'two', '--', 'true'], { cwd }), {
    code: 2,
    stderr: /no instance matches 'two'/,
  });

  const [container = ''] = (await leftovers(project)).filter((one) => one.startsWith('container '));
  const paused = new Dockerode().getContainer(container.replace('container ', ''));
  await paused.pause();
  await save(KITCHEN);
  const held = await galley(['converge', 'one'], { cwd });
  t.match(
    held,
    { code: 3, stdout: /is paused and takes no commands[\s\S]*docker unpause galley-/ },
    show(held),
  );
  await paused.unpause();
  t.match(await hostname(), { code: 0 }, 'it was not taken for a stopped one, and removed');

  await save(KITCHEN.replace('{name: docker, init', '{name: vagrant, box: x, init'));
  const destroyed = await galley(['destroy'], { cwd });
  t.equal(destroyed.code, 0, show(destroyed));
  t.match(destroyed.stdout, /two-debian-12 is left out: it was not created/);
  t.same(await leftovers(project), []);
  await save('suites: [');
  t.match(
    await galley(['destroy'], { cwd }),
    { code: 2, stderr: /not valid YAML/ },
    'no state, nothing to go by',
  );
});

await tap.test('gc removes what is past its time, of this project only when it is named', async (t) => {
  const expired = await kitchen('gc', KITCHEN.replace('init: none', 'init: none, expires: 1s'));
  await galley(['create'], { cwd: expired.cwd });
  const fresh = await kitchen('gc-fresh');
  await galley(['create', 'one'], { cwd: fresh.cwd });
  await sleep(1000);
  const only = ['--project', expired.project];
  const dry = await galley(['gc', '--dry-run', '--json', ...only], expired);
  t.equal((JSON.parse(dry.stdout) as object[]).length, 4, show(dry));
  t.equal((await leftovers(expired.project)).length, 4, 'a dry run removes nothing');
  const unaffected = await galley(['gc', '--project', fresh.project], expired);
  t.match(unaffected.stdout, /nothing to remove: 2 not yet expired/);
  const gone = await galley(['gc', ...only], expired);
  t.match(gone, { code: 0, stdout: /removed +network .*\n4 in all/ }, show(gone));
  t.same(await leftovers(expired.project), []);
  t.equal((await leftovers(fresh.project)).length, 2);
  const again = await galley(['create', 'one'], expired);
  t.equal(again.code, 0, show(again));
  t.match(again.stdout, /its machine is gone; starting over/);
});

await tap.test('--failed takes up what failed, and only that', async (t) => {
  const { cwd } = await kitchen('failed');
  await writeFile(
    join(cwd, 'kitchen.local.yml'),
    'suites:\n  - {name: good, verifier: {checks: [{file: /converged}]}}\n  - {name: bad, verifier: {checks: [{file: /missing}]}}\n',
  );
  t.match(await galley(['verify', '--failed'], { cwd }), { code: 0, stderr: /nothing has failed/ });
  t.equal((await galley(['verify'], { cwd })).code, 5);
  t.equal((await galley(['list', '--failed', '--bare'], { cwd })).stdout, 'bad-debian-12\n');
  const again = await galley(['verify', '--failed'], { cwd });
  t.equal(again.code, 5, show(again));
  t.notMatch(again.stdout, /good-debian-12/);
  const dry = await galley(['test', '--failed', '--dry-run', '--json'], { cwd });
  t.match(JSON.parse(dry.stdout), [
    { instance: 'bad-debian-12', actions: ['destroy', 'create', 'converge', 'setup', 'verify'], checks: 1 },
  ]);
});
