import { attempt } from './attempt.ts';
import { directTerminal } from './direct-terminal.ts';
import { currentHost } from './host.ts';
import { plainList } from './plain-list.ts';

/** Runs one command line and gives its exit code, when all that it printed has left. */
export async function main(argv: readonly string[]): Promise<number> {
  const args = plainList(argv);
  if (args) {
    const host = currentHost(directTerminal);
    const { list } = await import('./commands/list.ts');
    return attempt(() => list.run(args, host), host, args.debug);
  }
  const { runCommandLine } = await import('./command-line.ts');
  const code = await runCommandLine(argv, currentHost());
  await new Promise<void>((drained) => process.stdout.write('', () => drained()));
  return code;
}
