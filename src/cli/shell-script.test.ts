import { execFileSync } from 'node:child_process';
import tap from 'tap';
import { scriptOf } from './shell-script.ts';

await tap.test('several words arrive as they were split, whatever is in them', async (t) => {
  const words = ['printf', '%s|', 'a b', "it's", '$HOME', '*', '', '-n', '"', '\\'];
  const output = execFileSync('sh', ['-c', scriptOf(undefined, words)], { encoding: 'utf8' });
  t.equal(output, 'a b|it\'s|$HOME|*||-n|"|\\|');
});

await tap.test('-c and a single word are scripts', async (t) => {
  t.equal(scriptOf('ps aux | wc -l', []), 'ps aux | wc -l');
  t.equal(scriptOf(undefined, ['ls | wc -l']), 'ls | wc -l');
});

await tap.test('no command, or two, is a usage error', async (t) => {
  t.throws(() => scriptOf(undefined, []), { kind: 'usage', message: 'exec needs a command' });
  t.throws(() => scriptOf('ls', ['ls']), { kind: 'usage', message: /one command/ });
});
