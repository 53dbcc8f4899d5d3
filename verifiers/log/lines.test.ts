import tap from 'tap';
import { levelIn } from './levels.ts';
import { timeIn } from './line-times.ts';

await tap.test('levels as programs write them', (t) => {
  const rows: [string, string | undefined][] = [
    ['2026/01/02 03:04:05 [error] 12#12: *1 connect() failed', 'err'],
    ['2026-01-02 03:04:05,123 WARNING app: careful', 'warning'],
    ['2026-01-02 03:04:05 UTC [12] FATAL:  password authentication failed', 'crit'],
    ['2026-01-02 03:04:05 UTC [12] LOG:  checkpoint', 'info'],
    ['time="2026" level=warn msg="an error"', 'warning'],
    ['{"level": "critical", "msg": "x"}', 'crit'],
    ['<11>Jan  2 x', 'err'],
    ['E, [2026-01-02T03:04:05 #1] ERROR -- : boom', 'err'],
    ['no error here', undefined],
    ['an ERROR-CODE', undefined],
    ['', undefined],
  ];
  for (const [line, level] of rows) t.equal(levelIn(line), level, line);
  t.end();
});

await tap.test('times as programs write them', (t) => {
  const now = Date.parse('2026-03-01T00:00:00Z') / 1000;
  const rows: [string, number, string | undefined][] = [
    ['2026-01-02T03:04:05.5Z x', 60, '2026-01-02T03:04:05.500Z'],
    ['2026-01-02 03:04:05,250 x', 60, '2026-01-02T02:04:05.250Z'],
    ['2026-01-02 03:04:05+0100 x', 0, '2026-01-02T02:04:05.000Z'],
    ['2026/01/02 03:04:05 [error]', 0, '2026-01-02T03:04:05.000Z'],
    ['1.2.3.4 - - [02/Jan/2026:03:04:05 -0130] "GET /"', 0, '2026-01-02T04:34:05.000Z'],
    ['Jan  2 03:04:05 host cron[1]: x', 0, '2026-01-02T03:04:05.000Z'],
    ['Dec 31 23:59:59 host x', 0, '2025-12-31T23:59:59.000Z'],
    ['*** Starting uWSGI on [Fri Jan  2 03:04:05 2026] ***', 0, '2026-01-02T03:04:05.000Z'],
    ['  File "x.py", line 12', 0, undefined],
    ['Foo  2 03:04:05', 0, undefined],
  ];
  for (const [line, offset, iso] of rows) {
    const found = timeIn(line, offset, now);
    t.equal(found === undefined ? undefined : new Date(found * 1000).toISOString(), iso, line);
  }
  t.end();
});
