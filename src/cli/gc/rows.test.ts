import tap from 'tap';
import { expiredLeftovers } from './expired-leftovers.ts';
import { IN_USE } from './place.ts';
import { gcLines, rowOf } from './rows.ts';

const [EARLY, LATE] = ['2026-01-01T00:00:00.000Z', '2026-02-01T00:00:00.000Z'];

const left = (kind: string, name: string, expires: string, instance = 'web') => ({
  kind,
  id: name,
  name,
  labels: { 'galley.project': 'p', 'galley.instance': instance, 'galley.expires': expires },
});

await tap.test('a snapshot has its own time, other things that of their instance', async (t) => {
  const found = [
    left('machine', 'old', EARLY),
    left('network', 'new', LATE),
    left('snapshot', 'shot', EARLY),
    left('machine', 'gone', EARLY, 'db'),
  ];
  const names = (now: string) => expiredLeftovers(found, Date.parse(now)).map(({ name }) => name);
  t.same(names('2026-01-15T00:00:00.000Z'), ['gone', 'shot']);
  t.same(names('2026-03-01T00:00:00.000Z').toSorted(), ['gone', 'new', 'old', 'shot']);
});

await tap.test('what became of each, and how many are not past their time', async (t) => {
  const one = left('machine', 'm', EARLY);
  const results = [undefined, IN_USE, new Error('refused')].map((failure) => rowOf('', one, failure, false));
  t.same(
    results.map((row) => [row.removed, row.in_use, row.where]),
    [
      [true, false, null],
      [false, true, null],
      [false, false, null],
    ],
  );
  const told = { kept: [{ where: '', count: 2 }], sawAll: true, dryRun: false };
  t.match(gcLines(results, told), [
    /^removed .*machine +m +p +expires 2026/,
    /^in use /,
    /^not removed/,
    /^3 in all; 2 not yet expired$/,
  ]);
  t.match(gcLines([rowOf('ec2 eu-central-1', one, undefined, true)], { ...told, kept: [], dryRun: true }), [
    /^would remove .* ec2 eu-central-1$/,
    /^1 in all$/,
  ]);
  t.same(gcLines([], told), ['nothing to remove: 2 not yet expired']);
  const places = [...told.kept, { where: 'ec2 eu-central-1', count: 0 }];
  t.same(gcLines([], { ...told, kept: places }), [
    'nothing to remove: 2 on the Docker engine, 0 in ec2 eu-central-1 not yet expired',
  ]);
  const hostile = {
    ...one,
    labels: { ...one.labels, 'galley.project': 'p\u001b[31m\nremoved machine x\u0007' },
  };
  const lines = gcLines([rowOf('', hostile, undefined, false)], { ...told, kept: [] });
  t.match(lines, { length: 2, 0: /^removed +machine +m +p removed machine x +expires/ }, 'no row is made up');
  // oxlint-disable-next-line no-control-regex -- that is what must not be there
  t.notMatch(lines.join(''), /[\u0000-\u001f]/);
  t.same(gcLines([], { ...told, kept: [], sawAll: false }), [
    'nothing to remove where it was possible to look',
  ]);
});
