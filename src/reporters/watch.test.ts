import tap from 'tap';
import type { CheckReport, GalleyEvent, InstanceOutcome, ResourceResult } from '../core/events.ts';
import { EventBus } from '../engine/event-bus.ts';
import type { Terminal } from './terminal.ts';
import { Watch } from './watch.ts';

const WEB = 'web-debian-12';

function check(id: string, outcome: 'pass' | 'fail', line: number): CheckReport {
  const results = [{ property: 'body', outcome, expected: 'x', observed: outcome === 'fail' ? 'y' : 'x' }];
  const location = { file: 'kitchen.yml', line };
  return {
    id,
    type: 'http',
    title: id,
    outcome,
    attempts: 1,
    flaky: false,
    durationMs: 1,
    results,
    location,
  };
}

function run(
  checks: readonly CheckReport[],
  resources: readonly Partial<ResourceResult>[],
  more: readonly GalleyEvent[] = [],
): readonly GalleyEvent[] {
  const failed = checks.filter((one) => one.outcome === 'fail').length;
  const outcome: InstanceOutcome = failed > 0 ? 'failed' : 'passed';
  const counts = { pass: checks.length - failed, fail: failed, error: 0, skip: 0, waived: 0 };
  return [
    { type: 'run:start', command: 'watch', instances: [WEB], concurrency: 1, logDir: 'logs' },
    ...more,
    ...resources.map((one): GalleyEvent => {
      const result = {
        resource: 'file[/x]',
        action: 'create',
        status: 'updated',
        durationMs: 1,
        ...one,
      } as const;
      return { type: 'resource', instance: WEB, result };
    }),
    ...checks.map((report): GalleyEvent => ({ type: 'check', instance: WEB, report })),
    {
      type: 'instance:end',
      instance: WEB,
      summary: {
        instance: WEB,
        outcome,
        phases: [{ action: 'verify', durationMs: 500, outcome }],
        resources: { total: 9, updated: resources.length },
        checks: counts,
        slowest: [],
      },
    },
    { type: 'run:end', exitCode: 0, durationMs: 1000, instances: [] },
    { type: 'watch:waiting' },
  ];
}

async function shown(
  isTty: boolean,
  ...stories: readonly (readonly GalleyEvent[])[]
): Promise<readonly string[]> {
  let text = '';
  const terminal: Terminal = { write: (more) => (text += more), columns: () => 100, isTty, color: false };
  const bus = new EventBus('r', [new Watch(terminal, { verbose: false, debug: false })]);
  const parts: string[] = [];
  for (const story of stories) {
    text = '';
    for (const event of story) bus.emit(event);
    parts.push(text.replaceAll(/^\d\d:\d\d:\d\d/gm, 'TIME'));
  }
  t(await bus.close());
  return parts;
}

function t(failures: readonly unknown[]): void {
  tap.same(failures, [], 'the reporter took every event');
}

const start: GalleyEvent = { type: 'watch:start', root: '/k', instances: [WEB] };
const saved = (file: string, needs: Record<string, 'converge' | 'verify'>): GalleyEvent => ({
  type: 'watch:changed',
  files: [file],
  needs,
});

await tap.test('the first run is summed up, of the next ones only the differences are shown', async (t) => {
  const [first, second, third, fourth] = await shown(
    false,
    [start, ...run([check('home', 'pass', 9), check('login', 'pass', 12)], [{}, {}])],
    [
      saved('recipes/default.rb', { [WEB]: 'converge' }),
      ...run(
        [check('login', 'fail', 12), check('home', 'fail', 9)],
        [{ cookbook: 'web', recipe: 'tls', delta: '--- /x\n+++ /y\n-a\n+b' }],
      ),
    ],
    [
      saved('kitchen.yml', { [WEB]: 'verify' }),
      ...run([check('home', 'pass', 9), check('login', 'fail', 12)], []),
    ],
    [saved('kitchen.yml', {})],
  );
  t.equal(
    first,
    `watching /k for ${WEB}
Ctrl-C ends it and destroys nothing

✓ ${WEB}  verify 0.5s · 2 of 9 resources updated · 2 checks passed
waiting for changes
`,
  );
  t.equal(
    second,
    `
TIME recipes/default.rb → converge ${WEB}
updated  file[/x]  create  web::tls
  │ -a
  │ +b
FAIL home  ${WEB} · kitchen.yml:9
  expected  body x
  observed  y
FAIL login  ${WEB} · kitchen.yml:12
  expected  body x
  observed  y
✗ ${WEB}  verify 0.5s · 1 of 9 resources updated · 2 checks failed
waiting for changes
`,
    'in the order of the kitchen file, without the client’s temporary names',
  );
  t.equal(
    third,
    `
TIME kitchen.yml → verify ${WEB}
passes again  home
still fails  login  kitchen.yml:12
✗ ${WEB}  verify 0.5s · 0 of 9 resources updated · 1 check failed, 1 passed
waiting for changes
`,
  );
  t.equal(fourth, '\nTIME kitchen.yml: nothing to do\n');
});

await tap.test('a notice that stays true is said once, and again when it was not true between', async (t) => {
  const notice: GalleyEvent = { type: 'notice', instance: WEB, level: 'warning', message: 'changed since' };
  const story = (more: readonly GalleyEvent[]) => [saved('a', { [WEB]: 'verify' }), ...run([], [], more)];
  const parts = await shown(false, [start], story([notice]), story([notice]), story([]), story([notice]));
  t.same(
    parts.map((part) => part.includes('! changed since')),
    [false, true, false, false, true],
  );
});

await tap.test('a broken kitchen is an error with its place, and the end says what is left', async (t) => {
  const error = {
    code: 'config.x',
    kind: 'config',
    message: 'no such key',
    location: { file: 'kitchen.yml', line: 3 },
  } as const;
  const [, problem, end] = await shown(
    false,
    [start],
    [{ type: 'watch:problem', error }, { type: 'watch:waiting' }, { type: 'watch:waiting' }],
    [{ type: 'watch:end', left: [WEB] }],
  );
  t.equal(
    problem,
    '\nTIME\nno such key\n  at        kitchen.yml:3\ngoes on when this is corrected\nwaiting for changes\n',
  );
  const fixed = { ...saved('kitchen.yml', {}), isFixed: true } as GalleyEvent;
  const verify = { ...saved('kitchen.yml', { [WEB]: 'verify' }), isFixed: true } as GalleyEvent;
  t.same(await shown(false, [fixed], [verify]), [
    '\nTIME kitchen.yml: fixed, nothing to do\n',
    `\nTIME kitchen.yml: fixed → verify ${WEB}\n`,
  ]);
  t.match(end, /nothing was destroyed: web-debian-12\n.*galley destroy to remove/);
});

await tap.test('at a terminal it is seen what goes on, and nothing of it stays', async (t) => {
  const going: readonly GalleyEvent[] = [
    { type: 'phase:start', instance: WEB, action: 'converge' },
    { type: 'progress', instance: WEB, text: '3/9 package[nginx]' },
  ];
  const [, text = ''] = await shown(true, [start], run([], [], going));
  t.match(text, /… web-debian-12 {2}converge .* 3\/9 package\[nginx\]/);
  t.ok(text.includes('\u001b[1A\u001b[2K✓ web-debian-12'), 'the line of what went on is taken away first');
});
