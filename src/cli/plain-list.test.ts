import tap from 'tap';
import yargs, { type Argv } from 'yargs';
import type { GlobalOptions } from './command.ts';
import { list } from './commands/list.ts';
import { globalOptions } from './global-options.ts';
import { plainList } from './plain-list.ts';

/** What yargs makes of the same words: the long way, which must give the same. */
async function byYargs(argv: readonly string[]) {
  let found: unknown;
  const cli = globalOptions(
    yargs([...argv])
      .exitProcess(false)
      .fail(false)
      .strict()
      .help(),
  );
  cli.command({
    command: list.command,
    aliases: [...(list.aliases ?? [])],
    builder: (y: Argv) => list.options(y as Argv<GlobalOptions>) as Argv,
    handler: (args) => {
      found = args;
    },
  });
  await cli.parseAsync();
  return found as Record<string, unknown>;
}

await tap.test('plain command lines mean what yargs takes them for', async (t) => {
  const lines = [
    'list',
    'status',
    'list web-debian-12',
    'list web 5 0644 all',
    'list ^web.*2$ (a|b)',
    'list --bare',
    'list -b web -j',
    'status --json --compat --debug',
    'list --orphans --failed --verbose',
    'list -v',
  ];
  for (const line of lines) {
    const argv = line.split(' ');
    const plain = plainList(argv) as Record<string, unknown> | undefined;
    const full = await byYargs(argv);
    t.ok(plain, line);
    const known = Object.fromEntries(Object.keys(plain ?? {}).map((key) => [key, full[key]]));
    t.strictSame(plain, { ...known, instances: known['instances'] ?? [] }, line);
  }
});

await tap.test('all else is left to yargs', async (t) => {
  const lines = [
    '',
    'lists',
    'create',
    '--debug list',
    'list --help',
    'list -h',
    'list --version',
    'list --suite web',
    'list --driver=docker',
    'list --config x.yml',
    'list --bare=false',
    'list --no-bare',
    'list -bj',
    'list -b --bare --bare',
    'list -- web',
    'list -',
    'list  web',
    'list --bear',
  ];
  for (const line of lines) t.equal(plainList(line.split(' ')), undefined, line);
});
