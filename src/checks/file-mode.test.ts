import tap from 'tap';
import { modeDifference, parseMode } from './file-mode.ts';

await tap.test('texts are octal', async (t) => {
  for (const text of ['644', '0644', '0o644']) t.equal(parseMode(text), '0644', text);
  t.equal(parseMode('4755'), '4755');
  for (const text of ['rw-r--r--', '0888', '']) t.equal(parseMode(text), undefined, text);
});

await tap.test(
  'numbers are read as YAML 1.1 octal or as plain digits, whichever is a usual mode',
  async (t) => {
    for (const bits of [
      0o644, 0o600, 0o640, 0o660, 0o700, 0o750, 0o755, 0o770, 0o775, 0o777, 0o444, 0o440, 0o400, 0o1777,
    ]) {
      t.equal(parseMode(bits), bits.toString(8).padStart(4, '0'), `0${bits.toString(8)}`);
    }
    for (const digits of [644, 600, 640, 660, 700, 750, 755, 770, 775, 777, 444, 440]) {
      t.equal(parseMode(digits), `0${digits}`, String(digits));
    }
  },
);

await tap.test('a number that could be both is refused rather than guessed', async (t) => {
  t.equal(parseMode(400), undefined, '0400 written as 400, or 0620 in YAML 1.1');
});

await tap.test('how two modes differ, in words', async (t) => {
  t.same(modeDifference(0o644, 0o640), ['others may read']);
  t.same(modeDifference(0o604, 0o750), [
    'others may read',
    'owner may not execute',
    'group may not read and execute',
  ]);
  t.same(modeDifference(0o644, 0o644), []);
});
