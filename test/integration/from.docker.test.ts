import { once } from 'node:events';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import Dockerode from 'dockerode';
import tap from 'tap';
import { projectName } from '../../src/config/load.ts';
import type { EventEnvelope } from '../../src/core/events.ts';
import { readEvents } from '../events.ts';
import { type GalleyResult, galley, REPO } from '../galley.ts';
import { leftovers } from '../leftovers.ts';
import { until } from '../live-instance.ts';

// Test Kitchen has nothing of the kind: its issue 692 asked for it.
const docker = new Dockerode();
const show = (run: GalleyResult): string => `exit ${run.code}\n${run.stdout}\n${run.stderr}`;

async function kitchen(
  name: string,
  files: Readonly<Record<string, string>>,
): Promise<{ readonly cwd: string; readonly project: string }> {
  const cwd = join(REPO, '.galley', 'test', `from-${name}-${process.pid}`);
  for (const [path, text] of Object.entries(files)) {
    await mkdir(join(cwd, path, '..'), { recursive: true });
    await writeFile(join(cwd, path), text);
  }
  const project = projectName(cwd);
  tap.teardown(async () => {
    await galley(['destroy'], { cwd });
    await galley(['gc', '--all', '--project', project], { cwd });
    await rm(cwd, { recursive: true, force: true });
  });
  return { cwd, project };
}

/** Ids of the project's snapshots, dangling ones too. */
async function snapshots(project: string): Promise<readonly string[]> {
  const filters = JSON.stringify({ label: [`galley.project=${project}`] });
  return (await docker.listImages({ filters })).map((image) => image.Id);
}

/** Names of all that went through phases. */
const worked = (events: readonly EventEnvelope[]): readonly string[] =>
  [...new Set(events.flatMap((event) => (event.type === 'phase:start' ? [event.instance] : [])))].toSorted();

const BASE = `file('/etc/base.conf') { content "base 1" }
execute 'echo run >> /base-runs'
`;

await tap.test('a suite starts where another one’s converge ended, and not before it changed', async (t) => {
  const { cwd, project } = await kitchen('chef', {
    'kitchen.yml': `
driver: {name: docker, init: none, image: galley/debian-12}
provisioner: {name: chef_infra}
platforms: [{name: debian-12}]
suites:
  - name: app
    from: base
    run_list: ["recipe[app]"]
    provisioner: {cookbook_paths: cookbooks/app}
    verifier:
      checks:
        - {file: /base-runs, content: {equal: "run\\n"}, id: base-runs}
        - {file: /etc/app.conf, content: {equal: app-debian-12}, why: its own node is the only one}
        - {file: /opt/kitchen/cookbooks/base, exists: false}
        - {file: /verified, exists: false, why: what the base verifies is not in its snapshot}
  - name: base
    run_list: ["recipe[base]"]
    provisioner: {cookbook_paths: cookbooks/base}
    verifier: {checks: [{command: touch /verified, exit: 0}]}
`,
    'cookbooks/base/metadata.rb': "name 'base'\n",
    'cookbooks/base/recipes/default.rb': BASE,
    'cookbooks/app/metadata.rb': "name 'app'\n",
    'cookbooks/app/recipes/default.rb':
      "file('/etc/app.conf') { content search(:node).map(&:name).sort.join(' ') }\n",
  });
  const both = await galley(['verify', '-c', '2', '--events', 'both'], { cwd });
  t.equal(both.code, 0, show(both));
  const events = await readEvents(join(cwd, 'both'));
  t.same(worked(events), ['app-debian-12', 'base-debian-12'], 'the base gives its snapshot on its own way');
  const resources = events.flatMap((event) =>
    event.type === 'resource' && event.instance === 'app-debian-12' ? [event.result.resource] : [],
  );
  t.same(resources, ['file[/etc/app.conf]'], 'nothing of the base is converged again');
  const [first, ...others] = await snapshots(project);
  t.same(others, []);

  await writeFile(join(cwd, 'cookbooks/base/recipes/default.rb'), BASE.replace('base 1', 'base 2'));
  const stale = await galley(['verify', 'app'], { cwd });
  t.match(stale.stdout, /! base-debian-12 has changed since this was made from its snapshot; galley destroy/);
  const anew = await galley(['test', 'app', '--events', 'anew'], { cwd });
  t.equal(anew.code, 0, show(anew));
  t.same(
    worked(await readEvents(join(cwd, 'anew'))),
    ['app-debian-12', 'base-debian-12.snapshot'],
    'a machine of its own: the base that is there may have been changed by hand',
  );
  const [second, ...more] = await snapshots(project);
  t.not(second, first);
  t.same(more, [], 'the old one is gone');
  const reused = await galley(['test', 'app', '--events', 'reused'], { cwd });
  t.equal(reused.code, 0, show(reused));
  t.same(worked(await readEvents(join(cwd, 'reused'))), ['app-debian-12']);
  const gone = await galley(['destroy', '-c', '1'], { cwd });
  t.equal(gone.code, 0, show(gone));
  t.same([await leftovers(project), await snapshots(project)], [[], []]);
});

const SHELL = `
driver: {name: docker, init: none, image: galley/debian-12-base}
provisioner: {name: shell, command: "true"}
verifier: {checks: [{file: /base}]}
platforms: [{name: debian-12}]
suites:
  - {name: one, from: base}
  - {name: two, from: base}
  - {name: base, provisioner: {command: "COMMAND"}}
`;

await tap.test('a base that fails is told once; its dependants say so and are not made', async (t) => {
  const { cwd, project } = await kitchen('red', {
    'kitchen.yml': SHELL.replace('COMMAND', 'echo why >&2; exit 7'),
  });
  for (const names of [[], ['one', 'two']]) {
    const run = await galley(['test', ...names, '-c', '3', '-d', 'always', '--events', 'events'], { cwd });
    t.equal(run.code, 4, show(run));
    t.equal(run.stdout.match(/exit code 7/g)?.length, 1, show(run));
    t.match(run.stdout, /one-debian-12 starts from base-debian-12, which failed \(shell\.converge_failed\)/);
    const end = (await readEvents(join(cwd, 'events'))).find((event) => event.type === 'run:end');
    const errors = end?.type === 'run:end' ? end.instances.map((i) => i.error?.code ?? '') : [];
    t.same(
      errors.toSorted((a, b) => a.localeCompare(b)),
      ['from.base_failed', 'from.base_failed', 'shell.converge_failed'],
    );
    t.same([await leftovers(project), await snapshots(project)], [[], []]);
  }
});

await tap.test('two Galleys at once make the snapshot once', async (t) => {
  const { cwd } = await kitchen('two', { 'kitchen.yml': SHELL.replace('COMMAND', 'sleep 2; touch /base') });
  const runs = await Promise.all(
    ['one', 'two'].map((name) => galley(['verify', name, '--events', name], { cwd })),
  );
  t.same(
    runs.map((run) => run.code),
    [0, 0],
    runs.map(show).join('\n'),
  );
  const events = (await Promise.all(['one', 'two'].map((name) => readEvents(join(cwd, name))))).flat();
  t.equal(events.filter((event) => event.type === 'made' && event.kind === 'image').length, 1);
});

/** Starts a run and kills it without warning when the engine writes the snapshot; resolves when the engine is done. */
async function killedWhileTaking(cwd: string, project: string): Promise<void> {
  let exit: Promise<unknown> = Promise.resolve();
  const record = join(cwd, '.galley/snapshots/base-debian-12.json');
  const filters = JSON.stringify({ label: [`galley.project=${project}`], status: ['paused'] });
  const isPaused = async () => (await docker.listContainers({ filters })).length > 0;
  const isBegun = async () => (await isPaused()) || (await snapshots(project)).length > 0;
  const run = galley(['create', 'one'], {
    cwd,
    onStart: (child) => {
      exit = once(child, 'exit');
      void (async () => {
        while (child.exitCode === null && (await readFile(record, 'utf8').catch(() => '')) === '')
          await sleep(20);
        while (child.exitCode === null && !(await isBegun())) await sleep(20);
        child.kill('SIGKILL');
      })();
    },
  });
  await Promise.all([run, exit]);
  await until('the engine has written it', async () => (await snapshots(project)).length > 0);
  await until('and has let the machine go on', async () => !(await isPaused()));
}

await tap.test('kill -9 while a snapshot is taken: destroy and gc find what is left', async (t) => {
  const { cwd, project } = await kitchen('kill', {
    'kitchen.yml': SHELL.replace('COMMAND', 'dd if=/dev/urandom of=/base bs=1M count=80'),
  });
  await killedWhileTaking(cwd, project);
  t.not((await leftovers(project)).length, 0, 'the machine was left');
  const destroyed = await galley(['destroy'], { cwd });
  t.equal(destroyed.code, 0, show(destroyed));
  t.same([await leftovers(project), await snapshots(project)], [[], []], 'destroy');
  await killedWhileTaking(cwd, project);
  await rm(join(cwd, '.galley'), { recursive: true });
  const collected = await galley(['gc', '--all', '--project', project], { cwd });
  t.equal(collected.code, 0, show(collected));
  t.same([await leftovers(project), await snapshots(project)], [[], []], 'gc, without any state');
  const after = await galley(['test', 'one'], { cwd });
  t.equal(after.code, 0, show(after));
});

await tap.test('bases that cannot be are found by validate', async (t) => {
  const { cwd } = await kitchen('bad', { 'kitchen.yml': '' });
  for (const [suites, message] of [
    ['[{name: one, from: bsae}, {name: base}]', /which is no suite here.*did you mean "base"/s],
    ['[{name: one, from: two}, {name: two, from: one}]', /start from each other: one → two → one/],
    ['[{name: one, from: base, driver: {image: x}}, {name: base}]', /is made from another image/],
  ] as const) {
    await writeFile(join(cwd, 'kitchen.yml'), SHELL.replace(/suites:[^]*/, `suites: ${suites}\n`));
    const run = await galley(['validate'], { cwd });
    t.equal(run.code, 2, show(run));
    t.match(run.stderr, message);
    t.match(run.stderr, /kitchen\.yml:6:\d+/);
  }
});
