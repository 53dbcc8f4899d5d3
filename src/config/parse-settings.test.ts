import tap from 'tap';
import { z } from 'zod';
import { loadFrom, placeOf } from '../../test/corpus/kitchen-folder.ts';
import { parseSettings } from './parse-settings.ts';

const Docker = z.strictObject({
  image: z.string(),
  memory: z.int().min(1).optional(),
  init: z.enum(['systemd', 'none']).default('none'),
  ports: z.array(z.union([z.int(), z.string()])).optional(),
  check: z
    .union([
      z.strictObject({ port: z.int(), listening: z.boolean().optional() }),
      z.strictObject({ process: z.string(), count: z.int().optional() }),
    ])
    .optional(),
  kind: z
    .discriminatedUnion('type', [
      z.strictObject({ type: z.literal('a'), x: z.string() }),
      z.strictObject({ type: z.literal('b') }),
    ])
    .optional(),
  wrapped: z.preprocess((value) => value, z.strictObject({ alpha: z.string() })).optional(),
});

async function parse(t: Parameters<typeof loadFrom>[0], driver: string) {
  const kitchen = await loadFrom(
    t,
    `driver:\n  name: docker\n${driver}\nplatforms: [{name: p}]\nsuites: [{name: s}]\n`,
  );
  const [instance] = kitchen.instances;
  if (!instance) throw new Error('no instance');
  return parseSettings(instance, 'driver', Docker);
}

async function problems(t: Parameters<typeof loadFrom>[0], driver: string) {
  const result = await parse(t, driver);
  if ('value' in result) throw new Error('parsed');
  return result.errors.map((error) => {
    const facts = [
      placeOf(error).replace('kitchen.yml:', ''),
      error.code,
      error.message,
      error.got,
      error.hint,
    ];
    return facts.map((fact) => fact ?? '-').join(' | ');
  });
}

await tap.test('good settings give the schema’s value, defaults included', async (t) => {
  const result = await parse(t, '  image: debian');
  t.strictSame(result, { value: { image: 'debian', init: 'none' } });
});

await tap.test('kitchen-wide settings are dropped unless the schema knows them', async (t) => {
  const kitchen = await loadFrom(
    t,
    'kitchen: {log_level: debug}\ndriver: {image: x}\nplatforms: [{name: p}]\nsuites: [{name: s}]\n',
  );
  const [instance] = kitchen.instances;
  if (!instance) throw new Error('no instance');
  t.strictSame(parseSettings(instance, 'driver', Docker), { value: { image: 'x', init: 'none' } });
  const Knows = z.strictObject({ image: z.string(), log_level: z.string() });
  t.strictSame(parseSettings(instance, 'driver', Knows), { value: { image: 'x', log_level: 'debug' } });
});

await tap.test(
  'unknown keys, also in nested and wrapped parts, come with the nearest known one',
  async (t) => {
    t.strictSame(await problems(t, '  image: x\n  memry: 3\n  wrapped: {alpa: x}'), [
      '5:3 | config.missing_key | "alpha" is missing in driver.wrapped | - | -',
      '5:13 | config.unknown_key | unknown key "alpa" in driver.wrapped | - | did you mean "alpha"?',
      '4:3 | config.unknown_key | unknown key "memry" in driver | - | did you mean "memory"?',
    ]);
  },
);

await tap.test('wrong and missing values say what was wanted and what was there', async (t) => {
  t.strictSame(await problems(t, '  memory: lots\n  init: sistemd'), [
    '1:1 | config.missing_key | "image" is missing in driver | - | -',
    '3:11 | config.wrong_type | driver.memory must be a number | the text "lots" | -',
    '4:9 | config.invalid_value | driver.init must be one of "systemd", "none" | the text "sistemd" | did you mean "systemd"?',
  ]);
  t.strictSame(await problems(t, '  image: x\n  memory: 0'), [
    '4:11 | config.invalid_value | driver.memory must be a number of at least 1 | the number 0 | -',
  ]);
});

await tap.test('unions say what the nearest branch wanted', async (t) => {
  t.strictSame(await problems(t, '  image: x\n  ports: [80, {a: 1}]'), [
    '4:15 | config.wrong_type | driver.ports[1] must be a number or text | a mapping | -',
  ]);
  t.strictSame(await problems(t, '  image: x\n  check: {port: 80, listning: true}'), [
    '4:21 | config.unknown_key | unknown key "listning" in driver.check | - | did you mean "listening"?',
  ]);
  t.strictSame(await problems(t, '  image: x\n  check: {process: nginx, count: many}'), [
    '4:34 | config.wrong_type | driver.check.count must be a number | the text "many" | -',
  ]);
  t.strictSame(await problems(t, '  image: x\n  check: 5'), [
    '4:10 | config.wrong_type | driver.check must be a mapping | the number 5 | -',
  ]);
  t.strictSame(await problems(t, '  image: x\n  kind: {type: c}'), [
    '4:16 | config.invalid_value | driver.kind.type must be one of "a", "b" | the text "c" | -',
  ]);
});

await tap.test('a part of a section is parsed with its own place and name', async (t) => {
  const kitchen = await loadFrom(
    t,
    `platforms: [{name: p}]
suites:
  - name: s
    verifier:
      checks:
        - {port: 80}
        - {port: eighty, title: x}`,
  );
  const [instance] = kitchen.instances;
  if (!instance) throw new Error('no instance');
  const Port = z.strictObject({ port: z.int() });
  t.strictSame(parseSettings(instance, 'verifier', Port, { path: ['checks', 0] }), { value: { port: 80 } });
  const result = parseSettings(instance, 'verifier', Port, {
    path: ['checks', 1],
    value: { port: 'eighty' },
  });
  t.match(result, {
    errors: [{ message: 'verifier.checks[1].port must be a number', location: { line: 7, column: 18 } }],
  });
});

await tap.test('messages of refinements are kept', async (t) => {
  const kitchen = await loadFrom(t, 'driver: {a: 1, b: 2}\nplatforms: [{name: p}]\nsuites: [{name: s}]\n');
  const [instance] = kitchen.instances;
  if (!instance) throw new Error('no instance');
  const schema = z
    .strictObject({ a: z.int(), b: z.int() })
    .refine(({ a, b }) => a > b, { message: 'a must be above b', path: ['a'] });
  t.match(parseSettings(instance, 'driver', schema), {
    errors: [
      {
        code: 'config.invalid_value',
        message: 'driver.a: a must be above b',
        location: { line: 1, column: 13 },
      },
    ],
  });
});
