import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import tap from 'tap';
import { keep, readKept } from './kept-json.ts';

await tap.test(
  'what is kept is read again; what is missing or broken is as if it had never been',
  async (t) => {
    const folder = t.testdir();
    const file = join(folder, 'deep', 'one.json');
    t.equal(await readKept(file), undefined);
    await keep(file, { a: [1] });
    t.same(await readKept(file), { a: [1] });
    await keep(file, { a: [2] });
    t.same(await readKept(file), { a: [2] });
    t.same(readdirSync(join(folder, 'deep')), ['one.json'], 'nothing else is left there');
    writeFileSync(file, '{"a": [');
    t.equal(await readKept(file), undefined);
  },
);
