import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import tap from 'tap';
import { completionScript } from './completion-script.ts';

const SCRIPT = completionScript('bash', [
  { verbs: ['list', 'status'], describe: 'x', options: ['--json', '--bare'], words: 'instances' },
  { verbs: ['images'], describe: "it's: all", options: ['--force'], words: ['build', 'list'] },
]);

/** What bash offers for a command line with the cursor at its end; `galley __names` is played by a function. */
function offered(...words: string[]): string[] {
  return complete('web-debian-12\nweb-debian-11\n', '.', words);
}

function complete(names: string, cwd: string, words: readonly string[]): string[] {
  const line = ['galley', ...words].map((word) => `'${word}'`).join(' ');
  const script = `${SCRIPT}
galley() { [[ "$*" == __names || "$*" == 'verify --list' ]] && printf %s "$NAMES"; }
COMP_WORDS=(${line}); COMP_CWORD=$((\${#COMP_WORDS[@]} - 1)); _galley; printf '%s\\n' "\${COMPREPLY[@]}"`;
  return execFileSync('bash', ['-c', script], {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, NAMES: names },
  })
    .split('\n')
    .filter(Boolean);
}

await tap.test('bash offers verbs, options, words and instances where each can stand', async (t) => {
  t.same(offered(''), ['list', 'status', 'images']);
  t.same(offered('st'), ['status']);
  t.same(offered('list', ''), ['web-debian-12', 'web-debian-11']);
  t.same(offered('status', '--json', 'web-debian-11'), ['web-debian-11']);
  t.same(offered('list', '--b'), ['--bare']);
  t.same(offered('images', 'b'), ['build']);
  t.same(offered('list', '--', 'w'), [], 'after -- stands a command');
});

await tap.test('after --check stand the ids that verify --list tells, each once', async (t) => {
  const list = `web-debian-12
  id            check          tags  when  at
  file.etc      file /etc/x                kitchen.yml:3:35
  bats.marker   marker                     a.bats
web-debian-11
  file.etc      file /etc/x                kitchen.yml:3:35
  the tests of busser are known after a galley verify
`;
  t.same(complete(list, '.', ['verify', '--check', '']), ['bats.marker', 'file.etc']);
  t.same(complete(list, '.', ['verify', '--only', 'b']), ['bats.marker']);
});

await tap.test('a name is offered quoted, and nothing in it is run or expanded', async (t) => {
  const cwd = t.testdir({ file: '' });
  const names = ['a-$(touch made)', 'a-`touch made`', 'a-x;touch made', "a-it's", 'a-*', 'a-plain'];
  const words = complete(`${names.join('\n')}\n`, cwd, ['list', 'a-']);
  t.strictSame(readdirSync(cwd), ['file']);
  t.strictSame(
    words.map((word) => execFileSync('bash', ['-c', `printf %s ${word}`], { cwd, encoding: 'utf8' })),
    names,
  );
  t.strictSame(readdirSync(cwd), ['file'], 'nor when the offered word is entered');
});
