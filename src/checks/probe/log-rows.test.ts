import tap from 'tap';
import { logFact } from './log-rows.ts';
import { parseLimits } from './process-rows.ts';
import { fromField } from './request.ts';
import { parseRows } from './rows.ts';

const row = (...fields: unknown[]) => {
  const [first] = parseRows(`${JSON.stringify(['l', ...fields])}\n["end"]\n`);
  if (!first) throw new Error('no row');
  return first;
};

await tap.test('a row of a log becomes a fact; a position survives its way there and back', (t) => {
  const from = { inode: 5, device: 9, size: 100, tail: 77, tailLength: 64 };
  const end = ['6', '9', '40', '1', '40'];
  const fact = logFact(
    row('/var/log/x', fromField(from), '1', ...end, 'new\n', '0', 'rotated', null, null, '-0130'),
  );
  t.same(fact, {
    path: '/var/log/x',
    from,
    exists: true,
    end: { inode: 6, device: 9, size: 40, tail: 1, tailLength: 40 },
    text: 'new\n',
    isCut: false,
    how: 'rotated',
    utcOffset: -90,
  });
  const absent = row('/x', 'end', '0', ...Array.from({ length: 10 }, () => null), '+0200');
  t.same(logFact(absent), { path: '/x', from: 'end', exists: false, utcOffset: 120 });
  t.end();
});

await tap.test('limits of a process', (t) => {
  const text = [
    'Limit                     Soft Limit           Hard Limit           Units     ',
    'Max cpu time              unlimited            unlimited            seconds   ',
    'Max open files            1024                 524288               files     ',
    'Max nice priority         0                    0                    ',
  ].join('\n');
  t.same(parseLimits(text), {
    'cpu time': { soft: Number.POSITIVE_INFINITY, hard: Number.POSITIVE_INFINITY },
    'open files': { soft: 1024, hard: 524_288 },
    'nice priority': { soft: 0, hard: 0 },
  });
  t.end();
});
