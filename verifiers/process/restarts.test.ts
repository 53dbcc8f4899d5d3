import tap from 'tap';
import type { Connection } from '../../src/core/transport.ts';
import { processFact } from '../../test/process-fact.ts';
import { judgeRestarts, observeRestarts, restartsIn } from './restarts.ts';

const app = processFact(10, { unit: 'app.service' });
const web = processFact(11, { unit: 'web.service' });
const none = { kind: 'equal', value: 0 } as const;

await tap.test('restarts of the units are added up; a process that nobody counts is an error', async (t) => {
  const output = 'NRestarts=2\nId=app.service\n\nId=init.scope\n\nNRestarts=1\nId=web.service\n';
  const restarts = restartsIn(output, ['app.service', 'init.scope', 'web.service']);
  t.same(
    [...restarts],
    [
      ['app.service', 2],
      ['web.service', 1],
    ],
  );
  t.match(judgeRestarts(none, [app, processFact(12, { unit: 'app.service' })], restarts), {
    outcome: 'fail',
    observed: '2',
    notes: ['app.service: 2'],
  });
  t.match(judgeRestarts(none, [app, web], restarts), { observed: '3' });
  t.match(judgeRestarts(none, [app], new Map([['app.service', 0]])), { outcome: 'pass' });
  t.match(judgeRestarts(none, [app, processFact(13)], restarts), { outcome: 'error', observed: /no unit/ });
  const scope = processFact(1, { unit: 'init.scope' });
  t.match(judgeRestarts(none, [scope], restarts), {
    outcome: 'error',
    observed: /init.scope, which is no service/,
  });
});

await tap.test('where systemd cannot be asked, that is told', async (t) => {
  const { signal } = new AbortController();
  const connection = {
    execute: async () => ({
      exitCode: 1,
      stderr: 'System has not been booted with systemd as init system\n',
    }),
  } as unknown as Connection;
  await t.rejects(
    observeRestarts([app], { connection, signal }),
    /cannot be asked: System has not been booted/,
  );
  t.same([...(await observeRestarts([processFact(2)], { connection, signal }))], [], 'nothing to ask about');
});
