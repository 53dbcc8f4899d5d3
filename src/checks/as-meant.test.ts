import tap from 'tap';
import { z } from 'zod';
import { asMeant, asMeantCell } from './as-meant.ts';
import { matcher } from './matcher-schema.ts';

await tap.test(
  'a text of a format without types is what is wanted of it, and else stays a text',
  async (t) => {
    const any = matcher(z.unknown());
    const rows: [unknown, unknown, unknown][] = [
      ['42', 42, 42],
      ['42', '42', '42'],
      ['42', 43, 42],
      ['42', { not: 42 }, 42],
      ['42', { not: '42' }, '42'],
      ['42', { not: { oneOf: [41, 42] } }, 42],
      ['42', { not: { gt: 5 } }, '42'],
      ['true', { not: true }, true],
      ['007', 7, '007'],
      ['true', true, true],
      ['', 0, ''],
      [['1', '2'], { equal: [1, 2] }, [1, 2]],
      [['1', '2'], { none: 2 }, [1, 2]],
      [null, { absent: true }, null],
    ];
    for (const [value, wanted, meant] of rows)
      t.strictSame(asMeant(value, any.parse(wanted)), meant, JSON.stringify([value, wanted]));
    t.equal(asMeantCell(42, any.parse({ not: '42' })), '42', 'a client that prints texts');
    t.equal(asMeantCell(42, any.parse({ not: 41 })), 42);
    t.equal(asMeantCell(42, any.parse('42')), '42');
  },
);
