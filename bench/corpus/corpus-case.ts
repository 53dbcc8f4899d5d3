import { join } from 'node:path';
import { envOf, textOf, workingCopy } from '../../test/corpus/working-copy.ts';
import { type CommandLine, type CommandResult, runCommand } from '../run-command.ts';
import { missingPlugin, standIn } from './peer-plugins.ts';

export interface CorpusPeer {
  /** Folder of its gems. */
  readonly gems: string;
  /** Folder on Ruby's load path for plugins that are not installed. */
  readonly plugins: string;
}

/** One folder of kitchen files, copied once for each tool. */
export interface CorpusCase extends AsyncDisposable {
  readonly name: string;
  readonly galley: CommandLine;
  /** Undefined without the peer, and where it stops on these files. */
  readonly peer: CommandLine | undefined;
  /** Why there is no peer, or no Galley: what it said, or where its list differs. */
  readonly peerProblem: string | undefined;
  readonly galleyProblem: string | undefined;
  readonly instances: number;
}

const MOST_PLUGINS = 8;

/** Copies a case and proves, untimed, that both tools list the instances that the corpus says. */
export async function openCase(
  folder: string,
  repository: string,
  peer: CorpusPeer | undefined,
  signal: AbortSignal,
): Promise<CorpusCase> {
  const ours = await workingCopy(folder);
  const theirs = await workingCopy(folder);
  const variables = await envOf(folder);
  const env = (cwd: string) => ({
    PATH: process.env['PATH'],
    HOME: `${cwd}-home`,
    USER: 'kitchen',
    LANG: 'C.UTF-8',
    PWD: cwd,
    ...variables,
  });
  const answer = await textOf(folder, 'list.json');
  const wanted = answer === undefined ? undefined : names(answer);
  const galley: CommandLine = {
    file: process.execPath,
    args: [join(repository, 'dist/src/cli/bin.js'), 'list'],
    cwd: ours.cwd,
    env: env(ours.cwd),
  };
  const galleyProblem = await problemOf(galley, wanted, signal);
  const kitchen = peer && {
    file: join(peer.gems, 'bin', 'kitchen'),
    args: ['list'],
    cwd: theirs.cwd,
    env: { ...env(theirs.cwd), GEM_HOME: peer.gems, GEM_PATH: peer.gems, RUBYLIB: peer.plugins },
  };
  const peerProblem = peer && kitchen && (await tryPeer(kitchen, peer, wanted, signal));
  return {
    name: folder.split('/').at(-1) ?? folder,
    galley,
    peer: peerProblem === undefined ? kitchen : undefined,
    peerProblem,
    galleyProblem,
    instances: wanted?.length ?? 0,
    [Symbol.asyncDispose]: async () => {
      await ours.clean();
      await theirs.clean();
    },
  };
}

async function tryPeer(
  kitchen: CommandLine,
  peer: CorpusPeer,
  wanted: readonly string[] | undefined,
  signal: AbortSignal,
): Promise<string | undefined> {
  for (let tries = 0; tries < MOST_PLUGINS; tries += 1) {
    const result = await runCommand(kitchen, signal);
    const missing = missingPlugin(result.output);
    if (missing === undefined) return judge(result, wanted);
    await standIn(peer.plugins, missing);
  }
  return 'asks for one plugin after the other';
}

async function problemOf(
  command: CommandLine,
  wanted: readonly string[] | undefined,
  signal: AbortSignal,
): Promise<string | undefined> {
  return judge(await runCommand(command, signal), wanted);
}

/** What is wrong with a list; where the corpus says that the peer stops, stopping is right. */
function judge(result: CommandResult, wanted: readonly string[] | undefined): string | undefined {
  if (result.exitCode !== 0) {
    const why = /Message: (.*)/.exec(result.output)?.[1] ?? result.output.trim().split('\n', 1)[0];
    return `stops with ${result.exitCode}: ${why?.replaceAll(/\S*galley-corpus-\S*\//g, '')}`;
  }
  if (wanted === undefined) return undefined;
  const rows = result.output.split('\n');
  const head = rows.findIndex((row) => row.startsWith('Instance '));
  const listed = rows.slice(head + 1).flatMap((row) => row.split(' ', 1)[0] || []);
  if (wanted.every((name) => listed.includes(name))) return undefined;
  return `lists ${listed.length} instances, not the ${wanted.length} of list.json`;
}

function names(listJson: string): readonly string[] {
  return (JSON.parse(listJson) as readonly { instance: string }[]).map(({ instance }) => instance);
}
