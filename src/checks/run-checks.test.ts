import tap from 'tap';
import {
  declare,
  type Look,
  mapOf,
  optionsFor,
  SNAPSHOT,
  scripted,
  virtualClock,
  within,
} from '../../test/scripted-checks.ts';
import { GalleyError } from '../core/errors.ts';
import type { GalleyEvent } from '../core/events.ts';
import { groups } from './groups.ts';
import { mergeNeeds } from './merge-needs.ts';
import { runChecks } from './run-checks.ts';

await tap.test('all checks of a round share one look at the instance', async (t) => {
  const options = optionsFor();
  const verifiers = mapOf(
    scripted('a', ['pass'], { needs: () => ({ sockets: true, files: [{ path: '/a', content: false }] }) }),
    scripted('b', ['fail', 'pass'], {
      needs: () => ({ files: [{ path: '/a', content: true }], units: ['x'] }),
    }),
    scripted('c', ['fail', 'pass'], { needs: () => ({ processes: true }) }),
  );
  const reports = await runChecks(
    [declare('a'), declare('b', within(5000)), declare('c', within(5000))],
    verifiers,
    options,
  );
  t.same(options.asked, [
    { sockets: true, processes: true, files: [{ path: '/a', content: true }], units: ['x'] },
    { processes: true, files: [{ path: '/a', content: true }], units: ['x'] },
  ]);
  t.same(
    reports.map((one) => [one.id, one.outcome, one.attempts]),
    [
      ['a', 'pass', 1],
      ['b', 'pass', 2],
      ['c', 'pass', 2],
    ],
  );
});

await tap.test('once is one attempt', async (t) => {
  const [report] = await runChecks([declare('a')], mapOf(scripted('a', ['fail', 'pass'])), optionsFor());
  t.match(report, { outcome: 'fail', attempts: 1, flaky: false });
});

await tap.test(
  'eventually waits for a pass, backs off to two seconds and says that it was flaky',
  async (t) => {
    const clock = virtualClock();
    const looks: Look[] = [...Array.from({ length: 9 }, () => 'fail' as const), 'pass'];
    const [report] = await runChecks(
      [declare('a', within(60_000))],
      mapOf(scripted('a', looks)),
      optionsFor({ clock }),
    );
    t.match(report, {
      outcome: 'pass',
      attempts: 10,
      flaky: true,
      hint: /flaky: attempt 1 of 10, after 15 ms, .*x: fail/,
    });
    const waits = clock.slept.filter((ms) => ms !== 15);
    t.equal(waits[0], 250);
    t.equal(Math.max(...waits), 2000);
  },
);

await tap.test('eventually ends at its time with the last look and a look at the very end', async (t) => {
  const clock = virtualClock();
  const [report] = await runChecks(
    [declare('a', within(3000))],
    mapOf(scripted('a', ['fail'])),
    optionsFor({ clock }),
  );
  t.match(report, { outcome: 'fail', flaky: false, hint: /^galley verify web-debian-12 --check a / });
  t.ok((report?.durationMs ?? 0) >= 3000 && (report?.durationMs ?? 0) < 3100, String(report?.durationMs));
});

await tap.test('stable asks for passes in a row, and a single pass at the end is not enough', async (t) => {
  const good = await runChecks(
    [declare('a', within(9000, 3))],
    mapOf(scripted('a', ['pass', 'fail', 'pass', 'pass', 'pass'])),
    optionsFor(),
  );
  t.match(good[0], { outcome: 'pass', attempts: 5, flaky: true });
  const bad = await runChecks(
    [declare('a', within(400, 5))],
    mapOf(scripted('a', ['fail', 'pass'])),
    optionsFor(),
  );
  t.match(bad[0], { outcome: 'fail', results: [{ property: 'x' }, { property: 'stable', outcome: 'fail' }] });
});

await tap.test('a fatal observation ends waiting at once', async (t) => {
  const verifier = scripted('a', ['fail'], { fatal: () => 'unit uwsgi failed for good' });
  const [report] = await runChecks([declare('a', within(60_000))], mapOf(verifier), optionsFor());
  t.match(report, {
    outcome: 'fail',
    attempts: 1,
    results: [{ notes: [/waiting longer cannot help: unit uwsgi failed/] }],
  });
});

await tap.test('an exception while looking is an error, never a pass, and may be retried', async (t) => {
  const verifiers = mapOf(
    scripted('a', [new Error('no tool')]),
    scripted('b', [new Error('no tool'), 'pass']),
  );
  const reports = await runChecks([declare('a'), declare('b', within(5000))], verifiers, optionsFor());
  t.match(reports[0], {
    outcome: 'error',
    results: [{ outcome: 'error', observed: 'could not look: no tool' }],
  });
  t.match(reports[1], { outcome: 'pass', flaky: true, attempts: 2 });
});

await tap.test(
  'a section that could not be taken is an error for the checks that need it only',
  async (t) => {
    const verifiers = mapOf(
      scripted('a', ['pass']),
      scripted('b', ['pass'], { needs: () => ({ sockets: true }) }),
    );
    const reports = await runChecks(
      [declare('a'), declare('b')],
      verifiers,
      optionsFor({
        takeSnapshot: async () => ({ ...SNAPSHOT, errors: { sockets: '/proc/net/tcp unreadable' } }),
      }),
    );
    t.equal(reports[0]?.outcome, 'pass');
    t.match(reports[1], {
      outcome: 'error',
      results: [{ property: 'sockets', observed: /could not look: .*unreadable/ }],
    });
  },
);

await tap.test('a check without results is an error', async (t) => {
  const [report] = await runChecks(
    [declare('a')],
    mapOf(scripted('a', ['pass'], { judge: () => [] })),
    optionsFor(),
  );
  t.equal(report?.outcome, 'error');
});

await tap.test('a skip is reported with its reason and not looked at', async (t) => {
  const options = optionsFor();
  const [report] = await runChecks(
    [declare('a', undefined, { skip: 'no certificate here' })],
    mapOf(scripted('a', [new Error('looked')])),
    options,
  );
  t.match(report, {
    outcome: 'skip',
    attempts: 0,
    results: [{ outcome: 'skip', observed: /no certificate here/ }],
  });
  t.same(options.asked, []);
});

await tap.test('a lost instance stops all checks with its own error', async (t) => {
  const gone = new GalleyError({
    code: 'docker.container_gone',
    kind: 'infrastructure',
    message: 'container is gone',
  });
  const verifiers = mapOf(scripted('a', [gone]), scripted('b', ['fail']));
  // Side by side: what stands below a waiting check would look only after the wait.
  await t.rejects(runChecks([declare('a'), declare('b', within(1e9))], verifiers, optionsFor()), gone);
});

await tap.test('an abort ends the run at once, also when a look hangs', async (t) => {
  const controller = new AbortController();
  const verifiers = mapOf(
    scripted('a', ['pass'], { observe: () => new Promise(() => {}), needs: () => ({}) }),
  );
  const run = runChecks([declare('a')], verifiers, optionsFor({ signal: controller.signal }));
  setTimeout(() => controller.abort(), 20);
  await t.rejects(run, { name: 'AbortError' });
});

await tap.test(
  'each check is one event, in the order of the list and not in that of finishing',
  async (t) => {
    const events: GalleyEvent[] = [];
    await runChecks(
      [declare('b', within(5000)), declare('a', within(5000))],
      mapOf(scripted('a', ['pass']), scripted('b', ['fail', 'pass'])),
      optionsFor({ emit: (event) => events.push(event) }),
    );
    t.match(events, [
      { type: 'check', instance: 'web-debian-12', report: { id: 'b', attempts: 2 } },
      { type: 'check', instance: 'web-debian-12', report: { id: 'a', attempts: 1 } },
    ]);
    t.equal(events.length, 2);
  },
);

await tap.test('a check that may change the instance runs alone, in the order of the list', async (t) => {
  const verifiers = mapOf(scripted('a', ['pass']), scripted('cmd', ['pass'], { alone: true }));
  const repeat = { times: 2, concurrency: 1, maxFailures: 0 };
  const list = [
    declare('a'),
    declare('a'),
    declare('cmd'),
    declare('a'),
    declare('a', undefined, { repeat }),
    declare('a'),
  ];
  t.same(
    groups(list, verifiers).map((group) => group.length),
    [2, 1, 1, 1, 1],
  );
});

await tap.test(
  'what is below a waiting check looks after the wait; waits side by side share it',
  async (t) => {
    const verifiers = mapOf(scripted('a', ['pass']));
    const timing = { mode: 'eventually', withinMs: 100, everyMs: 10, stable: 1 } as const;
    const list = [
      declare('a'),
      declare('a', timing),
      declare('a', timing),
      declare('a'),
      declare('a'),
      declare('a', timing),
    ];
    t.same(
      groups(list, verifiers).map((group) => group.length),
      [3, 3],
    );
  },
);

await tap.test('needs are merged by union; an empty list of names means every process', async (t) => {
  t.same(
    mergeNeeds([
      { environ: [{ key: 'A', names: ['x'] }], resolve: ['db'], socketOwners: true },
      {
        environ: [
          { key: 'A', names: ['y'] },
          { key: 'B', names: ['x'] },
        ],
        resolve: ['db', 'cache'],
      },
      {
        environ: [
          { key: 'B', names: [] },
          { key: 'A', names: ['z'], unit: 'app.service' },
        ],
      },
      { environ: [{ key: 'B', names: ['z'] }] },
      {},
    ]),
    {
      socketOwners: true,
      environ: [
        { key: 'A', names: ['x', 'y'] },
        { key: 'B', names: [] },
        { key: 'A', names: ['z'], unit: 'app.service' },
      ],
      resolve: ['db', 'cache'],
    },
  );
});
