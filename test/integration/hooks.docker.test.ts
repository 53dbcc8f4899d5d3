import { spawnSync } from 'node:child_process';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import Dockerode from 'dockerode';
import tap from 'tap';
import { projectName } from '../../src/config/load.ts';
import { readEvents } from '../events.ts';
import { type GalleyResult, galley, REPO } from '../galley.ts';
import { leftovers } from '../leftovers.ts';
import { until } from '../live-instance.ts';

// What Test Kitchen 4.1.5 does in each of these cases is in the name of the test.
const COMMON = `
driver: {name: docker, init: none, image: galley/debian-12-base}
provisioner: {name: shell, command: "echo converged > /converged"}
verifier: {checks: [{file: /converged}]}
platforms: [{name: debian-12}]
`;

async function kitchen(name: string, text: string): Promise<{ cwd: string; project: string }> {
  const cwd = join(REPO, '.galley', 'test', `hooks-${name}-${process.pid}`);
  await mkdir(cwd, { recursive: true });
  await writeFile(join(cwd, 'kitchen.yml'), COMMON + text);
  tap.teardown(async () => {
    await galley(['destroy'], { cwd });
    await rm(cwd, { recursive: true, force: true });
  });
  return { cwd, project: projectName(cwd) };
}

const show = (run: GalleyResult): string => `exit ${run.code}\n${run.stdout}\n${run.stderr}`;

/** Lines that hooks appended to `log` in the kitchen's folder. */
async function logOf(cwd: string): Promise<readonly string[]> {
  const text = await readFile(join(cwd, 'log'), 'utf8').catch(() => '');
  return text.split('\n').filter((line) => line !== '');
}

async function stateOf(cwd: string, instance: string) {
  return JSON.parse(await readFile(join(cwd, '.galley', `${instance}.json`), 'utf8')) as {
    readonly lastAction?: string;
    readonly lastError?: { readonly code: string; readonly kind: string };
  };
}

/** The hooks of an event stream: phase, name, where, outcome, exit code. */
async function hooksOf(file: string): Promise<readonly string[]> {
  return (await readEvents(file)).flatMap((e) =>
    e.type === 'hook' ? [`${e.action} ${e.name} ${e.where} ${e.outcome} ${e.exitCode ?? '-'}`] : [],
  );
}

const MOMENTS = ['create', 'converge', 'setup', 'verify', 'destroy'].flatMap((phase) =>
  ['pre', 'post', 'finally'].map((moment) => `${moment}_${phase}`),
);

/** One line for each hook of a run, as `hooksOf` gives them; without an instance a remote one is skipped. */
function hooksOfPhase(phase: string, withInstance: readonly boolean[]): readonly string[] {
  return ['pre', 'post', 'finally'].flatMap((moment, at) => [
    `${phase} ${moment}_${phase} local passed 0`,
    `${phase} ${moment}_${phase} remote ${withInstance[at] ? 'passed 0' : 'skipped -'}`,
  ]);
}

await tap.test(
  'every hook runs in its place, here and there; destroy hooks first of all, as in the peer',
  async (t) => {
    const lifecycle = MOMENTS.map(
      (name) => `  ${name}: [echo ${name} >> log, {remote: "echo ${name} >> /hooks", skippable: true}]`,
    ).join('\n');
    const { cwd, project } = await kitchen(
      'order',
      `suites:
  - name: s
    verifier: {checks: [{command: cat /hooks, stdout: "${MOMENTS.slice(1, 10).join('\\n')}\\n"}]}
lifecycle:
${lifecycle}
  on_failure: echo on_failure >> log
`,
    );
    const run = await galley(['test', '--events', 'events'], { cwd });
    t.equal(run.code, 0, show(run));
    t.same(await logOf(cwd), [...MOMENTS.slice(-3), ...MOMENTS]);
    t.same(await hooksOf(join(cwd, 'events')), [
      ...hooksOfPhase('destroy', [false, false, false]),
      ...hooksOfPhase('create', [false, true, true]),
      ...['converge', 'setup', 'verify'].flatMap((phase) => hooksOfPhase(phase, [true, true, true])),
      ...hooksOfPhase('destroy', [true, false, false]),
    ]);
    t.same(await leftovers(project), []);
  },
);

await tap.test(
  'local and remote hooks use a real shell and know the instance; the peer gives remote ones no environment',
  async (t) => {
    const { cwd } = await kitchen(
      'shells',
      `suites: [{name: s}]
lifecycle:
  pre_create: {local: "pwd >> ../log; echo [$KITCHEN_INSTANCE_HOSTNAME] $OWN >> ../log", cwd: sub, environment: {OWN: 7}}
  post_converge:
    - local: echo "$KITCHEN_INSTANCE_NAME $KITCHEN_SUITE_NAME $KITCHEN_PLATFORM_NAME" | tee -a log; test -n "$KITCHEN_INSTANCE_HOSTNAME"
    - {local: echo no >> log, includes: [ubuntu-24.04]}
    - {remote: touch /no, excludes: /debian/}
    - {remote: 'test ! -e /no && echo "password $DB_PASSWORD"', environment: {DB_PASSWORD: geheim-12345}}
    - remote: 'cat /converged && echo "$KITCHEN_INSTANCE_NAME $OWN $(id -un) $(pwd)" >&2'
      environment: {OWN: remote}
      user: nobody
      cwd: /usr
`,
    );
    await mkdir(join(cwd, 'sub'));
    const run = await galley(['converge', '--events', 'events'], { cwd });
    t.equal(run.code, 0, show(run));
    t.same(await logOf(cwd), [join(cwd, 'sub'), '[] 7', 's-debian-12 s debian-12']);
    const output = (await readEvents(join(cwd, 'events'))).flatMap((e) =>
      e.type === 'output' && e.source === 'hook post_converge' ? [`${e.stream} ${e.line}`] : [],
    );
    // The two streams of one command are read side by side: which of its lines comes first is nobody's promise.
    t.same(output.slice(0, 2), ['stdout s-debian-12 s debian-12', 'stdout password [redacted]']);
    t.same(output.slice(2).toSorted(), ['stderr s-debian-12 remote nobody /usr', 'stdout converged']);
    t.same(await hooksOf(join(cwd, 'events')), [
      'create pre_create local passed 0',
      'converge post_converge local passed 0',
      'converge post_converge remote passed 0',
      'converge post_converge remote passed 0',
    ]);
    const kept = spawnSync('grep', ['-r', 'geheim-12345', join(cwd, '.galley')], { encoding: 'utf8' });
    t.same([kept.status, kept.stdout], [1, ''], 'the secret is in no log and no state file');
    t.notMatch(run.stdout + run.stderr, /geheim-12345/);
  },
);

await tap.test(
  'a failing hook is not recorded there and kills the other instances; here it fails its own one only',
  async (t) => {
    const { cwd } = await kitchen(
      'apart',
      `suites:
  - name: bad
    provisioner: {command: "echo never > /ran"}
    lifecycle:
      pre_converge: ["echo why it failed >&2; exit 9", "echo second >> log"]
      post_converge: echo post >> log
      on_failure: [echo "$GALLEY_FAILED_PHASE $GALLEY_ERROR_CODE" >> log, {remote: "test ! -e /ran"}]
      finally_converge: echo finally >> log
  - {name: good, provisioner: {command: "sleep 2; echo ok > /converged"}}
`,
    );
    const run = await galley(['verify', '-c', '2', '--events', 'events'], { cwd });
    t.equal(run.code, 4, show(run));
    t.same(await hooksOf(join(cwd, 'events')), [
      'converge pre_converge local failed 9',
      'converge on_failure local passed 0',
      'converge on_failure remote passed 0',
      'converge finally_converge local passed 0',
    ]);
    t.match(run.stdout, /the local hook pre_converge ended with exit code 9/);
    t.match(run.stdout, /kitchen\.yml:10:\d+/, 'its place');
    t.match(run.stdout, /why it failed/, 'its output');
    t.notMatch(run.stdout, /on_failure ended/);
    t.same(await logOf(cwd), ['converge hook.failed', 'finally'], 'post is left out, finally is not');
    t.match(await stateOf(cwd, 'bad-debian-12'), {
      lastAction: 'create',
      lastError: { code: 'hook.failed', kind: 'converge' },
    });
    t.equal((await stateOf(cwd, 'good-debian-12')).lastAction, 'verify');
  },
);

await tap.test('the kind of a failing hook is that of its phase', async (t) => {
  const { cwd } = await kitchen(
    'kinds',
    `suites:
  - {name: create, lifecycle: {pre_create: exit 1}}
  - {name: verify, lifecycle: {post_verify: exit 1}}
  - {name: phase, provisioner: {command: exit 1}, lifecycle: {finally_converge: "echo late >&2; exit 1"}}
`,
  );
  t.equal((await galley(['verify', 'create'], { cwd })).code, 3);
  const again = await galley(['verify', 'create'], { cwd });
  t.notMatch(again.stdout, /did not finish/, 'nothing was made, so nothing is cleaned up');
  t.equal((await galley(['verify', '^verify'], { cwd })).code, 5);
  const both = await galley(['verify', 'phase'], { cwd });
  t.equal(both.code, 4, 'a finally hook that fails too does not hide the cause');
  t.match(both.stdout, /! the local hook finally_converge ended with exit code 1 .*late/);
});

await tap.test(
  'skippable: exit codes are forgiven only over SSH there, on every transport here; the others fail',
  async (t) => {
    const { cwd } = await kitchen(
      'skippable',
      `suites:
  - name: kind
    lifecycle: {pre_create: {remote: "true", skippable: true}, post_create: {remote: exit 4, skippable: true}}
  - {name: strict, lifecycle: {post_create: {remote: exit 4}}}
  - {name: early, lifecycle: {pre_create: {remote: "true"}}}
`,
    );
    const kind = await galley(['create', 'kind', '--events', 'events'], { cwd });
    t.equal(kind.code, 0, show(kind));
    t.match(kind.stdout, /skipped the hook pre_create \(remote, kitchen\.yml:\d+\): there is no instance/);
    t.match(kind.stdout, /the skippable hook post_create .* ended with exit code 4; going on/);
    t.same(await hooksOf(join(cwd, 'events')), [
      'create pre_create remote skipped -',
      'create post_create remote forgiven 4',
    ]);
    const strict = await galley(['create', 'strict'], { cwd });
    t.equal(strict.code, 3, show(strict));
    const early = await galley(['create', 'early'], { cwd });
    t.equal(early.code, 2, show(early));
    t.match(early.stdout, /the remote hook pre_create has no instance to run on/);
  },
);

/** Seconds, but for their last digit, that nobody else on this machine sleeps. */
const HANGS = String(80_000_000 + process.pid);

/** Command lines of everything that runs in the containers of a project. */
async function processesOf(project: string): Promise<string> {
  const docker = new Dockerode();
  const filters = JSON.stringify({ label: [`galley.project=${project}`] });
  const found = await docker.listContainers({ filters });
  const tops = await Promise.all(found.map(({ Id }) => docker.getContainer(Id).top()));
  return tops.flatMap((top) => (top.Processes as string[][]).map((row) => row.join(' '))).join('\n');
}

await tap.test(
  'there is no timeout there; here a hook that hangs is stopped with its children',
  async (t) => {
    const { cwd, project } = await kitchen(
      'timeout',
      `suites:
  - {name: here, lifecycle: {pre_converge: {local: "sleep ${HANGS}1 & wait", timeout: 1s}}}
  - {name: there, lifecycle: {pre_converge: {remote: "sleep ${HANGS}2 & wait", timeout: 1}}}
`,
    );
    for (const suite of ['here', 'there']) {
      const run = await galley(['converge', `^${suite}`, '--events', 'events'], { cwd });
      t.equal(run.code, 4, show(run));
      const where = suite === 'here' ? 'local' : 'remote';
      t.same(await hooksOf(join(cwd, 'events')), [`converge pre_converge ${where} failed -`]);
      t.match(run.stdout, /hook pre_converge did not end within 1 s and was stopped/);
    }
    t.match(await processesOf(project), /\w/, 'the instances run');
    // Killed is not yet gone: a busy kernel takes its time.
    await until('nothing of it is left on them', async () => !(await processesOf(project)).includes(HANGS));
    await until(
      'and nothing here',
      async () => spawnSync('pgrep', ['-f', `sleep ${HANGS}[12]`]).status === 1,
    );
  },
);

await tap.test(
  'a bad hook is a UserError in the middle of the run there; here nothing is made',
  async (t) => {
    const { cwd, project } = await kitchen(
      'bad',
      'suites: [{name: s, lifecycle: {pre_verify: {locl: x}}}]\n',
    );
    const run = await galley(['test'], { cwd });
    t.equal(run.code, 2, show(run));
    t.match(run.stderr, /unknown key "locl".*\n.*kitchen\.yml:6:\d+\n.*did you mean "local"/);
    t.same(await leftovers(project), []);
  },
);

await tap.test(
  'SIGINT: the running phase or hook ends, the finally hook runs, on_failure does not',
  async (t) => {
    const { cwd } = await kitchen(
      'sigint',
      `suites:
  - {name: phase, provisioner: {command: "echo under way; sleep 600"}}
  - {name: here, lifecycle: {pre_converge: {local: "echo under way; sleep 600"}}}
  - {name: there, lifecycle: {pre_converge: {remote: "echo under way; sleep 600"}}}
lifecycle: {post_create: echo begin >> log, finally_converge: echo finally >> log, on_failure: echo no >> log}
`,
    );
    for (const suite of ['phase', 'here', 'there']) {
      for (const file of ['log', 'events']) await rm(join(cwd, file), { force: true });
      const run = await galley(['converge', `^${suite}`, '--events', 'events'], {
        cwd,
        onStart: (child) => {
          void (async () => {
            const events = () => readFile(join(cwd, 'events'), 'utf8').catch(() => '');
            while (!(await events()).includes('"line":"under way"')) await sleep(50);
            child.kill('SIGINT');
          })();
        },
      });
      t.equal(run.code, 130, show(run));
      t.same(await logOf(cwd), ['begin', 'finally']);
      const where = suite === 'here' ? 'local' : 'remote';
      t.same(await hooksOf(join(cwd, 'events')), [
        'create post_create local passed 0',
        ...(suite === 'phase' ? [] : [`converge pre_converge ${where} cancelled -`]),
        'converge finally_converge local passed 0',
      ]);
    }
  },
);

await tap.test(
  '--fail-fast changes nothing there: it waits for all; here the first failure cancels running and waiting ones',
  async (t) => {
    const { cwd, project } = await kitchen(
      'fail-fast',
      `suites:
  - {name: slow, provisioner: {command: sleep 600}, lifecycle: {pre_converge: touch slow-is-there}}
  - name: bad
    provisioner: {command: exit 1}
    lifecycle: {pre_converge: "until test -e slow-is-there; do sleep 0.1; done"}
  - {name: waiting}
  - {name: waiting2}
`,
    );
    const run = await galley(['test', '-f', '-c', '2', '--destroy=always', '--events', 'events'], { cwd });
    t.equal(run.code, 4, show(run));
    const end = (await readEvents(join(cwd, 'events'))).find((event) => event.type === 'run:end');
    const outcomes =
      end?.type === 'run:end' ? end.instances.map((i) => [i.outcome, i.phases.length > 1]) : [];
    t.same(outcomes, [
      ['cancelled', true],
      ['failed', true],
      ['cancelled', false],
      ['cancelled', false],
    ]);
    const slow = end?.type === 'run:end' ? end.instances[0]?.error : undefined;
    t.match(slow, { kind: 'cancelled', message: 'cancelled because bad-debian-12 failed (--fail-fast)' });
    t.same(await leftovers(project), [], 'cleaned up as the policy says');
    const patient = await galley(['converge', 'bad', 'waiting-', '-c', '2'], { cwd });
    t.equal(patient.code, 4);
    t.match(patient.stdout, /waiting-debian-12 .* passed/, 'without it the others go on');
  },
);
