import tap from 'tap';
import { resourcePattern } from '../../core/resource-pattern.ts';
import type { ReportedResource, ReportedRun } from './dc-report.ts';
import { judgeIdempotency } from './idempotency.ts';
import { ChefInfraSettings } from './settings.ts';

const changed = (resource: string, delta?: string): ReportedResource => ({
  resource,
  action: 'run',
  status: 'updated',
  durationMs: 1,
  cookbook: 'demo',
  recipe: 'default',
  ...(delta !== undefined && { delta }),
});
const run = (...resources: readonly ReportedResource[]): ReportedRun => ({
  status: 'success',
  resources,
  total: resources.length,
  updated: resources.filter((r) => r.status === 'updated').length,
  failure: undefined,
  attributes: { default: {}, normal: {}, override: {}, automatic: {} },
});
const quiet = { ...changed('file[/a]'), status: 'up-to-date' } as const;

await tap.test('only the last run counts, and what changed in it is listed with its diff', async (t) => {
  t.same(judgeIdempotency([run(changed('file[/a]')), run(quiet)], []), {
    error: undefined,
    allowed: [],
    unused: [],
  });
  const { error } = judgeIdempotency([run(), run(quiet, changed('file[/b]', '-old\n+new'))], []);
  t.match(error, {
    code: 'chef.not_idempotent',
    kind: 'idempotency',
    message: 'run 2 of 2 still changed 1 resource',
    details: ['file[/b] (run) in demo::default', '    -old', '    +new'],
  });
});

await tap.test('the peer knows only all or nothing; here intended changes can be allowed', async (t) => {
  const runs = [run(), run(changed('execute[date]'), changed('file[/b]'))];
  const allowing = (...patterns: string[]) => judgeIdempotency(runs, patterns.map(resourcePattern));
  t.match(allowing('execute[date]'), {
    error: { details: ['file[/b] (run) in demo::default'] },
    allowed: ['execute[date]'],
  });
  t.match(allowing('execute[date]', '/^file\\[/'), {
    error: undefined,
    allowed: ['execute[date]', 'file[/b]'],
  });
  t.match(allowing('execute[dat]').error, { message: /changed 2 resources/ }, 'a name is a whole name');
});

await tap.test(
  'what is allowed for nothing is told, with the resource that was probably meant',
  async (t) => {
    const runs = [run(), run(changed('execute[date]'), quiet)];
    const { unused } = judgeIdempotency(
      runs,
      ['execute[date]', 'execute[dat]', 'file[/a]', '/^log\\[/'].map(resourcePattern),
    );
    t.same(unused, [
      { text: 'execute[dat]', isThere: false, near: 'execute[date]' },
      { text: 'file[/a]', isThere: true },
      { text: '/^log\\[/', isThere: false },
    ]);
  },
);

await tap.test('long lists and long diffs are cut and say so', async (t) => {
  const many = Array.from({ length: 25 }, (_, i) => changed(`execute[${i}]`));
  const { error } = judgeIdempotency([run(), run(...many)], []);
  t.equal(error?.details?.length, 21);
  t.equal(error?.details?.at(-1), '… and 5 more');
  const long = Array.from({ length: 30 }, (_, i) => `+${i}`).join('\n');
  t.equal(
    judgeIdempotency([run(), run(changed('file[/a]', long))], []).error?.details?.at(-1),
    '    … 10 more lines',
  );
});

await tap.test('changes that the client counted but did not list are no pass', async (t) => {
  const { error } = judgeIdempotency([run(), { ...run(quiet), updated: 2 }], []);
  t.match(error, { message: /still changed 2 resources/, details: ['… and 2 more'] });
});

await tap.test('an allow-list that can match nothing is a settings error', async (t) => {
  t.ok(ChefInfraSettings.safeParse({ idempotency_allow: ['execute[a b]', '/x/i'] }).success);
  t.ok(ChefInfraSettings.safeParse({ idempotency_allow: 'execute[a]' }).success);
  t.match(ChefInfraSettings.safeParse({ idempotency_allow: ['date'] }).error?.issues, [
    { path: ['idempotency_allow'], message: /neither a resource such as execute\[date\]/ },
  ]);
  t.notOk(ChefInfraSettings.safeParse({ idempotency_allow: ['/(/'] }).success);
});
