import tap from 'tap';
import { declare, mapOf, optionsFor, scripted, virtualClock, within } from '../../test/scripted-checks.ts';
import type { Consistently } from '../core/check.ts';
import { GalleyError } from '../core/errors.ts';
import type { Verifier } from '../core/verifier.ts';
import { runChecks } from './run-checks.ts';

const forTenSeconds: Consistently = { forMs: 10_000, everyMs: 500, mayRestart: false };

async function run(
  verifier: Verifier,
  extra: Parameters<typeof declare>[2],
  timing?: Parameters<typeof declare>[1],
) {
  const clock = virtualClock();
  const [report] = await runChecks([declare('a', timing, extra)], mapOf(verifier), optionsFor({ clock }));
  if (!report) throw new Error('no report');
  return { report, clock };
}

await tap.test('consistently looks until the end of its time, and at its very end', async (t) => {
  const { report } = await run(scripted('a', ['pass']), { consistently: forTenSeconds });
  t.match(report, {
    outcome: 'pass',
    flaky: false,
    results: [
      { property: 'x' },
      { property: 'consistently', outcome: 'pass', expected: 'for 10 s, every 500 ms' },
    ],
  });
  t.ok(report.durationMs >= 10_000 && report.durationMs < 10_600, String(report.durationMs));
  t.ok(report.attempts >= 19 && report.attempts <= 21, String(report.attempts));
});

await tap.test('consistently fails at the first bad look and says when that was', async (t) => {
  const looks = ['pass', 'pass', 'pass', 'fail', 'pass'] as const;
  const { report } = await run(scripted('a', looks), { consistently: forTenSeconds });
  t.match(report, {
    outcome: 'fail',
    flaky: false,
    attempts: 4,
    results: [
      { property: 'x', outcome: 'fail' },
      {
        property: 'consistently',
        outcome: 'fail',
        observed: /^did not pass any more after 1\.5 s; 3 looks had passed before$/,
      },
    ],
  });
});

await tap.test('not being able to look is an error in the middle of consistently too', async (t) => {
  const looks = ['pass', new Error('no tool')] as const;
  const { report } = await run(scripted('a', looks), { consistently: forTenSeconds });
  t.match(report, { outcome: 'error', results: [{ outcome: 'error' }, { property: 'consistently' }] });
});

await tap.test(
  'eventually comes before consistently, and what had failed before is still flaky',
  async (t) => {
    const { report } = await run(
      scripted('a', ['fail', 'fail', 'pass']),
      { consistently: forTenSeconds },
      within(5000),
    );
    t.match(report, {
      outcome: 'pass',
      flaky: true,
      firstFailure: { attempt: 1, outcome: 'fail', property: 'x', expected: 'pass', observed: 'fail' },
    });
    const never = await run(scripted('a', ['fail']), { consistently: forTenSeconds }, within(2000));
    t.match(never.report, { outcome: 'fail' });
    t.ok(never.report.durationMs < 3000, 'what never passed is not looked at any longer');
  },
);

await tap.test('a respawn loop is found although every look passes', async (t) => {
  let look = 0;
  const verifier = scripted('a', ['pass'], {
    identity: () => {
      look += 1;
      // Computed from clocks, the begin of the same process differs a little.
      if (look < 5) return [{ name: 'pid 71 (app)', since: 1000 + look / 10 }];
      return [{ name: 'pid 93 (app)', since: 1002 }];
    },
  });
  const { report } = await run(verifier, { consistently: forTenSeconds });
  t.match(report, {
    outcome: 'fail',
    results: [
      { property: 'x', outcome: 'pass' },
      {
        property: 'identity',
        outcome: 'fail',
        expected: 'the same throughout: pid 71 (app) since 00:16:40.1 UTC',
        observed:
          /^after 2(\.\d)? s: gone: pid 71 \(app\) since 00:16:40.1 UTC; new: pid 93 \(app\) since 00:16:42.0 UTC$/,
        notes: [/dies and is started again/],
      },
    ],
  });
  look = 0;
  const may = await run(verifier, { consistently: { ...forTenSeconds, mayRestart: true } });
  t.match(may.report, { outcome: 'pass' });
});

await tap.test('a type hears that its identity will be asked for', async (t) => {
  const asked: unknown[] = [];
  const verifier = scripted('a', ['pass'], {
    needs: (_spec, over) => {
      asked.push(over);
      return {};
    },
  });
  await run(verifier, { consistently: { ...forTenSeconds, forMs: 500 } });
  await run(verifier, {});
  t.match([asked[0], asked.at(-1)], [{ time: true }, { time: false }]);
});

await tap.test('eventually warms up with single looks before the load', async (t) => {
  const loads: unknown[] = [];
  const repeat = { times: 50, concurrency: 4, maxFailures: 0 };
  const looks = ['fail', 'pass', 'pass'] as const;
  let at = 0;
  const verifier = scripted('a', [], {
    repeatable: true,
    observe: async (_spec, probe) => {
      loads.push(probe.repeat?.times);
      at += 1;
      return looks[at - 1];
    },
  });
  const { report } = await run(verifier, { repeat }, within(5000));
  t.same(loads, [undefined, undefined, 50]);
  t.match(report, { outcome: 'pass', flaky: true, attempts: 3 });
});

await tap.test('a failure under load after warming up is a failure, never tried again', async (t) => {
  const repeat = { times: 50, concurrency: 4, maxFailures: 0 };
  const { report } = await run(scripted('a', ['pass', 'fail', 'pass']), { repeat }, within(5000));
  t.match(report, { outcome: 'fail', attempts: 2 });
});

await tap.test('every: a single time is the wait each time, two times are a back-off', async (t) => {
  const steady = await run(
    scripted('a', ['fail']),
    {},
    {
      mode: 'eventually',
      withinMs: 10_000,
      everyMs: 1000,
      stable: 1,
    },
  );
  const steadily = steady.clock.slept.filter((ms) => ms !== 15).slice(0, -1);
  t.same([...new Set(steadily)], [1000]);
  const growing = await run(
    scripted('a', ['fail']),
    {},
    {
      mode: 'eventually',
      withinMs: 60_000,
      everyMs: 100,
      upToMs: 5000,
      stable: 1,
    },
  );
  const waits = growing.clock.slept.filter((ms) => ms !== 15);
  t.equal(waits[0], 100);
  t.equal(Math.max(...waits), 5000);
});

await tap.test('a look that never ends is an error after its time', async (t) => {
  const verifier = scripted('a', [], { observe: () => new Promise(() => {}) });
  const { report } = await run(verifier, { timeoutMs: 30 });
  t.match(report, {
    outcome: 'error',
    results: [{ observed: 'could not look: not done within 30 ms', notes: [/timeout:/] }],
  });
});

await tap.test('a look that is over time is told so, and may be tried again', async (t) => {
  let at = 0;
  let told: AbortSignal | undefined;
  const verifier = scripted('a', [], {
    observe: async (_spec, { signal }) => {
      at += 1;
      if (at > 1) return 'pass';
      told = signal;
      return new Promise(() => {});
    },
  });
  const { report } = await run(verifier, { timeoutMs: 30 }, within(5000));
  t.match(report, { outcome: 'pass', flaky: true, firstFailure: { outcome: 'error', observed: /30 ms/ } });
  t.ok(told?.aborted);
});

await tap.test('an instance that dies while a check waits ends the waiting', async (t) => {
  const gone = new GalleyError({
    code: 'docker.container_gone',
    kind: 'infrastructure',
    message: 'container web stopped with exit code 137',
  });
  let asked = 0;
  const assertAlive = async () => {
    asked += 1;
    if (asked === 3) throw gone;
  };
  await t.rejects(
    runChecks([declare('a', within(3_600_000))], mapOf(scripted('a', ['fail'])), optionsFor({ assertAlive })),
    gone,
  );
});
