import tap from 'tap';
import { printable } from './text.ts';

await tap.test('foreign text cannot steer the terminal or turn the line around', async (t) => {
  t.equal(printable('\u001b[31mred\u001b[0m \u001b]0;title\u0007end'), 'red end');
  t.equal(printable('a\u009b31mb\u0000c\rd\u0085e'), 'abcde', 'C1 controls as well');
  t.equal(
    printable('user\u202Etxt.exe\u2066x\u2069 \u200fy\u2028z'),
    'user‹202e›txt.exe‹2066›x‹2069› ‹200f›yz',
  );
  t.equal(printable('a\tb'), 'a  b');
  t.equal(printable('Größe ✓ 日本 👩‍💻'), 'Größe ✓ 日本 👩‍💻', 'text and emoji stay');
  t.equal(printable('a\nb'), 'a b');
});
