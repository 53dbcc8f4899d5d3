import tap from 'tap';
import { z } from 'zod';
import { asMeant } from './as-meant.ts';
import { matcher } from './matcher-schema.ts';

await tap.test('a text of a format without types is what is wanted of it, and else stays a text', (t) => {
  const any = matcher(z.unknown());
  const rows: [unknown, unknown, unknown][] = [
    ['42', 42, 42],
    ['42', '42', '42'],
    ['42', 43, '42'],
    ['007', 7, '007'],
    ['true', true, true],
    ['', 0, ''],
    [['1', '2'], { equal: [1, 2] }, [1, 2]],
    [null, { absent: true }, null],
  ];
  for (const [value, wanted, meant] of rows)
    t.same(asMeant(value, any.parse(wanted)), meant, JSON.stringify([value, wanted]));
  t.end();
});
