import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import tap from 'tap';
import { writeSchema } from './kitchen-schema.ts';

await tap.test('the schema is written below folders that are made, or it is said why not', async (t) => {
  const dir = t.testdir();
  await writeSchema(join(dir, 'a/b/kitchen.json'), '{}');
  t.equal(readFileSync(join(dir, 'a/b/kitchen.json'), 'utf8'), '{}');
  writeFileSync(join(dir, 'file'), '');
  const refused = { code: 'usage.cannot_write', kind: 'usage', hint: /permissions/ };
  await t.rejects(writeSchema(join(dir, 'file/kitchen.json'), '{}'), refused);
  await t.rejects(writeSchema(join(dir, 'a'), '{}'), refused);
  // Node's own recursive mkdir never ends here.
  await t.rejects(writeSchema('/proc/galley/kitchen.json', '{}'), refused);
});
