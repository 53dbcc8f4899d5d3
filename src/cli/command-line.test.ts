import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import tap from 'tap';
import type { Terminal } from '../reporters/terminal.ts';
import { runCommandLine } from './command-line.ts';
import { COMMANDS } from './commands/index.ts';

const KITCHEN = `
driver: {name: docker}
provisioner: {name: dummy}
platforms: [{name: debian-12}, {name: debian-13}]
suites: [{name: web}]
`;
const cwd = tap.testdir({ 'kitchen.yml': KITCHEN });

async function told(...argv: readonly string[]): Promise<string> {
  let text = '';
  const terminal = (write: Terminal['write']): Terminal => ({
    write,
    columns: () => 100,
    isTty: false,
    color: false,
  });
  const stderr = terminal((more) => (text += more));
  const host = { cwd, env: {}, stdout: terminal(() => undefined), stderr, owner: 'a@b', cacheDir: cwd };
  const code = await runCommandLine(argv, host);
  return `${code} ${text}`;
}

await tap.test('a command line that is wrong is told in our words, with what would be right', async (t) => {
  const cases: readonly (readonly [readonly string[], string])[] = [
    [[], '2 a command is needed\n  try       galley --help lists the commands\n'],
    [['nonsense'], "2 there is no command 'nonsense'\n  try       galley --help lists the commands\n"],
    [['conevrge', 'web'], "2 there is no command 'conevrge'\n  try       did you mean galley converge?\n"],
    [['list', '--sute', 'x'], '2 galley list has no option --sute\n  try       did you mean --suite?\n'],
    [
      ['create', '--dry-runn'],
      '2 galley create has no option --dry-runn\n  try       did you mean --dry-run?\n',
    ],
    [['list', '-x'], '2 galley list has no option -x\n  try       galley list --help lists its options\n'],
    [['list', '--suite'], '2 --suite wants a value\n  try       galley list --help lists its options\n'],
    [
      ['validate', 'web'],
      '2 galley validate takes no words\n  expected  galley validate\n  got       web\n  try       galley validate --help lists its options\n',
    ],
    [
      ['login', 'a', 'b', 'c'],
      '2 galley login takes no further words\n  expected  galley login [instance]\n  got       b c\n  try       galley login --help lists its options\n',
    ],
    [
      ['convert'],
      '2 galley convert needs files\n  expected  galley convert <files..>\n  try       galley convert --help lists its options\n',
    ],
    [
      ['images'],
      '2 galley images needs an action\n  expected  one of build, list, prune\n  try       galley images --help lists its options\n',
    ],
    [
      ['images', 'lst'],
      "2 galley images has no action 'lst'\n  expected  one of build, list, prune\n  try       did you mean list?\n",
    ],
    [
      ['test', '--destroy=pass'],
      "2 --destroy has no value 'pass'\n  expected  one of passing, always, never\n  try       galley test --help lists its options\n",
    ],
    [
      ['explain'],
      '2 galley explain needs an instance\n  expected  one of web-debian-12, web-debian-13\n  try       galley explain web-debian-12\n',
    ],
    [
      ['login'],
      '2 galley login needs an instance\n  expected  one of web-debian-12, web-debian-13\n  try       galley login web-debian-12\n',
    ],
    [
      ['images', 'prune', 'x'],
      '2 galley images prune takes no names\n  got       x\n  try       galley images prune is for all images that Galley has made\n',
    ],
    [['logs'], '2 no run has been logged yet\n  try       galley create writes the first one\n'],
  ];
  for (const [argv, text] of cases) t.equal(await told(...argv), text, argv.join(' '));
});

await tap.test('a value that no option means is no silent default and no bug of ours', async (t) => {
  t.match(await told('list', '--config', 'a', '--config', 'b'), '2 --config is given twice\n');
  t.match(await told('logs', '--run', 'a', '--run', 'b', '--run', 'c'), '2 --run is given 3 times\n');
  t.match(await told('create', '--lock-timeout', 'x', '--dry-run'), '2 --lock-timeout wants a number\n');
  t.match(await told('test', '-c', 'web', '--dry-run'), '2 --concurrency wants a whole number, or nothing');
  t.match(await told('test', '-c', '2', '-c', '3', '--dry-run'), '2 --concurrency wants a whole number');
  t.match(await told('create', '--concurrency', '--dry-run', 'web'), '0 ', 'all at once');
  t.match(
    await told('destroy', '--dry-run=yes'),
    "2 --dry-run takes no value, it is on when it is given: not 'yes'",
  );
  for (const word of ['--json=maybe', '--json=', '--failed=1', '-v=x', '--debug=2']) {
    t.match(await told('list', word), /^2 --?[a-z-]+ takes no value/, word);
  }
  t.match(await told('list', '--json=false', '--failed=false', '--suite=web'), /^0 /, 'these are values');
  t.match(await told('list', '--json', '--json', '--suite', 'web', '--suite', 'w'), '0 ', 'these may be');
  const tags = ['--check-tag', 'a', '--check-tag', 'b', '--list'];
  t.notMatch(await told('verify', ...tags), 'is given', 'also lists of two words');
});

await tap.test('--failed takes up what has a state that cannot be read: it may have failed', async (t) => {
  t.equal(await told('verify', '--failed', '--dry-run'), '0 no instance selected: nothing has failed\n');
  const folder = join(cwd, '.galley');
  await mkdir(folder);
  t.teardown(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, 'web-debian-13.json'), '{"v": 1, "insta');
  t.notMatch(await told('list', '--failed', '--bare'), 'nothing has failed');
  t.notMatch(await told('verify', '--failed', '--dry-run'), 'nothing has failed');
});

await tap.test('the words of the one who reads are ours in any language', async (t) => {
  const before = process.env['LC_ALL'];
  process.env['LC_ALL'] = 'de_DE.UTF-8';
  t.teardown(() => {
    if (before === undefined) delete process.env['LC_ALL'];
    else process.env['LC_ALL'] = before;
  });
  for (const { command } of COMMANDS) {
    const [verb = ''] = command.split(' ');
    const needed = { convert: ['x'], images: ['list'] }[verb] ?? [];
    t.match(
      await told(verb, ...needed, '--no-such-thing'),
      `2 galley ${verb} has no option --no-such-thing\n`,
    );
    t.match(await told(verb, ...needed, '--config'), '2 --config wants a value\n');
  }
});
