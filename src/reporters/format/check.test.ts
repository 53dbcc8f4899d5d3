import pc from 'picocolors';
import tap from 'tap';
import type { CheckReport } from '../../core/events.ts';
import { formatCheck } from './check.ts';

const colors = pc.createColors(false);

await tap.test('a failure reads from what was wanted to the next command', async (t) => {
  const report: CheckReport = {
    id: 'http.items',
    type: 'http',
    title: 'GET /items',
    outcome: 'fail',
    severity: 'high',
    why: 'people look at it',
    attempts: 3,
    flaky: false,
    durationMs: 1200,
    hint: 'galley verify web --check http.items   |   galley login web',
    results: [
      { property: 'status', outcome: 'pass', expected: '200', observed: '200' },
      {
        property: 'repeat',
        outcome: 'fail',
        expected: '200 of 200 pass',
        observed: '64 of 200 fail',
        source: '200 requests',
        notes: ['first: #7', 'cause: a shared connection', '/var/log/app.log:', '  a line', 'time: p50 1 ms'],
      },
    ],
  };
  t.same(formatCheck(report, colors, 'web'), [
    'FAIL GET /items [high]  web',
    '  expected  repeat 200 of 200 pass',
    '  observed  64 of 200 fail   [200 requests]',
    '  first     #7',
    '  cause     a shared connection',
    '  note      /var/log/app.log:',
    '              a line',
    '  time      p50 1 ms',
    '  why       people look at it',
    '  tried     3 times in 1.2s',
    '  try       galley verify web --check http.items   |   galley login web',
  ]);
});
