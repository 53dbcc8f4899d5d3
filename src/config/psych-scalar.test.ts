import tap, { type Test } from 'tap';
import { psychScalar } from './psych-scalar.ts';

const values = (table: Readonly<Record<string, unknown>>) => async (t: Test) => {
  for (const [text, value] of Object.entries(table)) t.strictSame(psychScalar(text).value, value, text);
};

// The right-hand sides were taken from Psych 4.0.4 (Ruby 3.1).
await tap.test(
  'words for true, false and nothing are YAML 1.1',
  values({
    yes: true,
    Yes: true,
    YES: true,
    on: true,
    On: true,
    tRue: true,
    no: false,
    off: false,
    FALSE: false,
    y: 'y',
    N: 'N',
    null: null,
    Null: null,
    '~': null,
    '': null,
    '~foo': '~foo',
    'yes please': 'yes please',
  }),
);

await tap.test(
  'whole numbers have bases, signs and separators',
  values({
    '0644': 420,
    '0o644': '0o644',
    '08': '08',
    '0': 0,
    '-0': 0,
    '+12': 12,
    '-12': -12,
    '1_000': 1000,
    '1,000': 1000,
    '1__0': '1__0',
    '1_': '1_',
    '0_7': 7,
    '0x1F': 31,
    '0b101': 5,
    '0x': '0x',
    '000': 0,
    '1a': '1a',
    '12345678901234567890': '12345678901234567890',
  }),
);

await tap.test(
  'floats need a dot, also with an exponent',
  values({
    '1.5': 1.5,
    '1.10': 1.1,
    '1.': 1,
    '.5': 0.5,
    '+.5': 0.5,
    '.': '.',
    '1e3': '1e3',
    '1.5e3': '1.5e3',
    '1.5e+3': 1500,
    '1.5E-3': 0.0015,
    '1_0.5': 10.5,
    '09.5': 9.5,
    '1.2.3': '1.2.3',
    '.inf': Number.POSITIVE_INFINITY,
    '-.inf': Number.NEGATIVE_INFINITY,
    '.NaN': Number.NaN,
  }),
);

await tap.test(
  'base 60 is read the way Psych does it, with two parts too large',
  values({
    '12:30:45': 45045,
    '1:30': 5400,
    '-1:30': -1800,
    '12:30:45.5': 45045.5,
    '1:61': '1:61',
    '1:2:3:4': '1:2:3:4',
  }),
);

await tap.test('a symbol becomes its name and remembers how it was written', async (t) => {
  t.strictSame(psychScalar(':enabled'), { value: 'enabled', written: ':enabled' });
  t.strictSame(psychScalar(':"two words"').value, 'two words');
  t.strictSame(psychScalar('::foo').value, ':foo');
});

await tap.test('a date, which stops Test Kitchen, stays text', async (t) => {
  t.equal(psychScalar('2020-01-01').value, '2020-01-01');
  t.equal(psychScalar('2020-01-01 10:00:00 Z').value, '2020-01-01 10:00:00 Z');
});
