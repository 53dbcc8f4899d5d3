import tap from 'tap';
import type { ResourceResult } from './events.ts';
import { slowestResources } from './slowest-resources.ts';

const ran = (resource: string, durationMs: number, more: Partial<ResourceResult> = {}): ResourceResult => ({
  resource,
  action: 'run',
  status: 'updated',
  durationMs,
  ...more,
});

await tap.test(
  'a resource is one row, with the sum of its actions and the status that matters',
  async (t) => {
    const rows = slowestResources(
      [
        ran('service[app]', 700, { action: 'enable', status: 'up-to-date' }),
        ran('package[git]', 1500),
        ran('service[app]', 600, { action: 'start' }),
        ran('service[app]', 500, { action: 'start', status: 'skipped' }),
        ran('service[app]', 9000, { action: 'nothing', status: 'skipped' }),
      ],
      5,
    );
    t.same(rows, [ran('service[app]', 1800, { action: 'enable, start' }), ran('package[git]', 1500)]);
  },
);

await tap.test('the same name in two recipes is two resources', async (t) => {
  const rows = slowestResources(
    [ran('execute[x]', 1200, { recipe: 'a' }), ran('execute[x]', 1100, { recipe: 'b' })],
    5,
  );
  t.same(
    rows.map((one) => one.recipe),
    ['a', 'b'],
  );
});

await tap.test('what is below a second is not told, and no more than asked for', async (t) => {
  t.same(slowestResources([ran('file[a]', 999), ran('file[b]', 20)], 5), []);
  t.equal(slowestResources([ran('a', 1001), ran('b', 1002), ran('c', 1003)], 2).length, 2);
});
