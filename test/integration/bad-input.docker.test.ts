import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import tap from 'tap';
import { parse } from 'yaml';
import { projectName } from '../../src/config/load.ts';
import { galley, REPO } from '../galley.ts';
import { leftovers } from '../leftovers.ts';

interface Expectation {
  readonly kind: 'config' | 'infrastructure';
  readonly message: string;
  readonly line?: number;
}

const EXIT = { config: 2, infrastructure: 3 } as const;
const root = join(REPO, 'fixtures/kitchens/bad');
const { kitchens } = parse(await readFile(join(root, 'expected.yml'), 'utf8')) as {
  readonly kitchens: Readonly<Record<string, Expectation>>;
};

for (const [name, expected] of Object.entries(kitchens)) {
  await tap.test(`the kitchen ${name} is refused with what is wrong and where`, async (t) => {
    const run = await galley(['test', '--destroy=always'], { cwd: join(root, name) });
    const text = run.stdout + run.stderr;
    t.equal(run.code, EXIT[expected.kind], text);
    t.match(text, new RegExp(expected.message), 'the message names it');
    if (expected.line !== undefined)
      t.match(text, new RegExp(`kitchen\\.yml:${expected.line}\\b`), 'file:line');
    t.match(text, /^ *(\[[^\]]+\] +)?try /m, 'there is a next step');
    t.notMatch(text, /^ +at .*\(.*\.js:\d+/m, 'no stack trace');
    t.same(await leftovers(projectName(join(root, name))), [], 'nothing is left behind');
  });
}

await tap.test('no kitchen file: says what was looked for', async (t) => {
  const run = await galley(['list'], { cwd: t.testdir() });
  t.equal(run.code, 2);
  t.match(run.stderr, /no kitchen\.yml in .*\n.*looked for kitchen\.yml, \.kitchen\.yml/s);
});

await tap.test(
  'an unknown command or option is a usage error with a suggestion, words after -- are none of destroy',
  async (t) => {
    const cwd = join(REPO, 'fixtures/kitchens/nginx');
    const command = await galley(['converg'], { cwd });
    t.equal(command.code, 2);
    t.match(command.stderr, /converge/);
    const option = await galley(['test', '--destory=always'], { cwd });
    t.equal(option.code, 2);
    t.match(option.stderr, /destory/);
    const rest = await galley(['destroy', '--', 'debian-12'], { cwd });
    t.equal(rest.code, 2, 'and not: destroy all');
    t.match(rest.stderr, /only exec takes a command after --/);
  },
);

await tap.test('an instance that does not exist: the ones that do are named', async (t) => {
  const run = await galley(['converge', 'nope'], { cwd: join(REPO, 'fixtures/kitchens/nginx') });
  t.equal(run.code, 2);
  t.match(run.stderr, /no instance matches 'nope'/);
  t.match(run.stderr, /default-debian-12/);
});

await tap.test('an engine that cannot be reached: which addresses were tried', async (t) => {
  const cwd = join(REPO, 'fixtures/kitchens/nginx');
  const run = await galley(['create', 'debian-12'], { cwd, env: { DOCKER_HOST: 'tcp://127.0.0.1:9' } });
  t.equal(run.code, 3);
  t.match(run.stdout + run.stderr, /127\.0\.0\.1:9/);
});
