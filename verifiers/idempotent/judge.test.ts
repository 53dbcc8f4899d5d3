import tap from 'tap';
import type { ResourceResult } from '../../src/core/events.ts';
import type { ConvergeResult } from '../../src/core/provisioner.ts';
import type { Probe } from '../../src/core/verifier.ts';
import { idempotentVerifier } from './index.ts';
import { judgeIdempotent } from './judge.ts';
import { idempotentSpec } from './schema.ts';

const changed = (resource: string): ResourceResult => ({
  resource,
  action: 'create',
  status: 'updated',
  durationMs: 1,
  cookbook: 'demo',
  recipe: 'default',
  delta: '-password=oldsecret\n+password=newsecret',
});
const run = (more: Partial<ConvergeResult>): ConvergeResult => ({
  outcome: 'passed',
  resources: [],
  total: 3,
  updated: more.resources?.length ?? 0,
  clientMs: 1,
  ...more,
});
const judge = (given: object, result: ConvergeResult) =>
  judgeIdempotent(idempotentSpec.parse({ idempotent: true, ...given }), result);

await tap.test('nothing changed passes; a change fails with resource, action and diff', (t) => {
  t.match(judge({}, run({})), [{ property: 'updatedResources', outcome: 'pass', observed: '0' }]);
  const [result] = judge({}, run({ resources: [changed('file[/a]')] }));
  t.match(result, { outcome: 'fail', expected: '0', observed: '1' });
  t.match(result?.notes, [
    'file[/a] (create) in demo::default',
    /-password=‹9 chars›/,
    /\+password=/,
    /not_if/,
  ]);
  t.end();
});

await tap.test('excepted resources do not count, by name or pattern', (t) => {
  const both = run({ resources: [changed('file[/a]'), changed('execute[date]')] });
  t.match(judge({ except: ['execute[date]', '/^file/'] }, both), [{ outcome: 'pass' }]);
  t.match(judge({ except: ['execute[date]'] }, both), [{ outcome: 'fail', observed: '1' }]);
  t.match(judge({ updatedResources: { lte: 2 } }, both), [{ outcome: 'pass' }]);
  t.end();
});

await tap.test('what proves nothing is no pass', async (t) => {
  t.match(judge({}, run({ total: 0 })), [
    { outcome: 'error', observed: /no resources: the recipes are empty/ },
  ]);
  t.match(judge({}, run({ updated: 2 })), [{ outcome: 'fail', observed: '2', notes: ['… and 2 more'] }]);
  const error = { code: 'x', kind: 'converge', message: 'boom' } as const;
  t.match(judge({ updatedResources: { gte: 0 } }, run({ outcome: 'failed', error })), [
    { outcome: 'fail', observed: /boom/ },
  ]);
  await t.rejects(idempotentVerifier.observe(idempotentSpec.parse({ idempotent: true }), {} as Probe));
});

await tap.test('mistakes are found before anything runs', (t) => {
  for (const wrong of [
    { idempotent: false },
    { except: ['x'] },
    { except: ['/(/'] },
    { updatedResources: 'x' },
  ])
    t.notOk(idempotentSpec.safeParse({ idempotent: true, ...wrong }).success, JSON.stringify(wrong));
  t.end();
});
