import { attempt } from './attempt.ts';
import { currentHost, type Host } from './host.ts';
import { plainList } from './plain-list.ts';

/** Runs one command line and gives its exit code. */
export async function main(argv: readonly string[], host: Host = currentHost()): Promise<number> {
  const args = plainList(argv);
  if (args) {
    const { list } = await import('./commands/list.ts');
    return attempt(() => list.run(args, host), host, args.debug);
  }
  const { runCommandLine } = await import('./command-line.ts');
  return runCommandLine(argv, host);
}
