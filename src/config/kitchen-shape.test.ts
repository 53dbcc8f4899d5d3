import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import tap from 'tap';
import { z } from 'zod';
import { fitsShape } from './fits-shape.ts';
import { KitchenFile } from './schema.ts';

const path = join(import.meta.dirname, 'kitchen-shape.json');
/** Without descriptions: nobody reads it. */
const shape = z.toJSONSchema(KitchenFile, { io: 'input', reused: 'ref', metadata: z.registry() });

await tap.test('kitchen-shape.json is the schema (`npm run docs` writes it)', async (t) => {
  if (process.argv.includes('--write')) writeFileSync(path, `${JSON.stringify(shape, null, 1)}\n`);
  else t.strictSame(JSON.parse(readFileSync(path, 'utf8')), JSON.parse(JSON.stringify(shape)));
});

await tap.test('what fits the shape fits the schema, and the other way round', async (t) => {
  const right = [
    {},
    { driver: 'docker', provisioner: null, verifier: { name: null, x: [1] } },
    { platforms: [{ name: 'p', os_type: 'windows', run_list: ['a', null, ['b']] }], suites: null },
    { suites: [{ name: 's', includes: '/x/', lifecycle: { pre_create: [{ local: 'x' }, null] } }] },
    {
      cells: [
        { suite: 'a', remove: true },
        { platform: ['b'], checks: [1], append: 'tags' },
      ],
    },
    { kitchen: { debug: true }, tags: ['a'], services: { db: 5 } },
  ];
  for (const value of right) {
    t.ok(fitsShape(value, shape), JSON.stringify(value));
    t.ok(KitchenFile.safeParse(value).success);
  }
  const wrong = [
    { driver: ['docker'] },
    { drivr: {} },
    { driver: { name: 5 } },
    { platforms: [{ driver: 'x' }] },
    { platforms: [{ name: 'p', os_type: 'dos' }] },
    { platforms: {} },
    { suites: [{ name: 's', includes: [7.2] }] },
    { suites: [{ name: 's', lifecycle: { pre_crate: 'x' } }] },
    { suites: ['s'] },
    { cells: [{ suite: 'a', remove: 'yes' }] },
    { kitchen: { debug: 'maybe' } },
    [],
    'text',
    null,
  ];
  for (const value of wrong) {
    t.notOk(fitsShape(value, shape), JSON.stringify(value));
    t.notOk(KitchenFile.safeParse(value).success);
  }
});

await tap.test('in doubt nothing fits', async (t) => {
  t.ok(fitsShape('ab', { type: 'string' }));
  t.notOk(fitsShape('ab', { type: 'string', pattern: '^a' }), 'an unknown keyword');
  t.notOk(fitsShape('ab', { $ref: '#/$defs/none' }), 'an unknown reference');
  t.ok(fitsShape(3, { type: 'integer', minimum: 1, maximum: 3 }));
  t.notOk(fitsShape(0, { type: 'integer', minimum: 1 }));
  t.notOk(fitsShape(4, { type: 'integer', maximum: 3 }));
  t.notOk(fitsShape(1.5, { type: 'integer' }));
});
