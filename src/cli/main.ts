import { attempt } from './attempt.ts';
import { directTerminal } from './direct-terminal.ts';
import { currentHost, type Host, lostOutput } from './host.ts';
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
  const host = currentHost();
  const code = await runCommandLine(argv, host);
  await new Promise<void>((drained) => process.stdout.write('', () => drained()));
  const lost = lostOutput();
  return lost === undefined ? code : sayLost(lost, code, host);
}

/** What was asked for was done or not as `code` says, but not all that was to be read of it arrived. */
async function sayLost(cause: Error, code: number, host: Host): Promise<number> {
  const { GalleyError } = await import('../core/errors.ts');
  const { printError } = await import('./print-error.ts');
  const error = new GalleyError({
    code: 'local.output_lost',
    kind: 'infrastructure',
    message: 'not all of the output could be written',
    got: cause.message,
    hint: 'galley logs shows what a run did',
    cause,
  });
  const told = printError(error, host.stderr, false);
  return code === 0 ? told : code;
}
