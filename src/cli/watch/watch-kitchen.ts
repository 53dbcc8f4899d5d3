import { resolve } from 'node:path';
import type { Reporter } from '../../core/reporter.ts';
import { createPlugins } from '../../plugins.ts';
import { Ndjson } from '../../reporters/ndjson.ts';
import { Watch } from '../../reporters/watch.ts';
import type { GlobalOptions } from '../command.ts';
import type { WatchArgs } from '../commands/watch.ts';
import type { Host } from '../host.ts';
import { watchInterrupts } from '../interrupts.ts';
import { linkedFolders } from '../linked-folders.ts';
import { printError } from '../print-error.ts';
import { nothingLeft, type Selection } from '../selection.ts';
import { Contents } from './contents.ts';
import { configsOf, readWatched, watchedPaths } from './read-watched.ts';
import type { WatchedKitchen } from './round.ts';
import { Saves } from './saves.ts';
import { watchFiles } from './watch-files.ts';
import { WatchLoop } from './watch-loop.ts';

/** A batch of saves is over when nothing was saved for this long: a formatter, a checkout, "save all". */
const QUIET_MS = 120;

/** Brings the selected instances to verified, then does at each save what it makes necessary, until an interrupt. */
export async function watchKitchen(args: WatchArgs & GlobalOptions, host: Host): Promise<number> {
  const plugins = createPlugins(host);
  const first = await readWatched(args, host, plugins);
  const nothing = nothingLeft(args, first.resolved);
  if (nothing !== undefined) {
    host.stderr.write(`${nothing}\n`);
    return 0;
  }
  const again = { ...args, ...lastingSelection(args, first) };
  const reporters = reportersFor(args, host);
  const saves = new Saves(QUIET_MS);
  const contents = new Contents();
  using interrupts = watchInterrupts((count) => loop.onInterrupt(count));
  const loop = new WatchLoop(
    { host, args, plugins, interrupts, reporters },
    { saves, contents, read: () => readWatched(again, host, plugins) },
    first,
  );
  const { root } = first.kitchen;
  const ownFile = args.events === undefined ? undefined : resolve(host.cwd, args.events);
  const found: Promise<void>[] = [];
  await using files = await watchFiles(watchedPaths(first, await linkedFolders(configsOf(first), root)), {
    onFound: (file) => void found.push(contents.remember(file)),
    onSave: (file) => {
      // Else each run would be the reason of the next one.
      if (file !== ownFile) saves.add(file);
    },
    onError: (error) => loop.problem(error),
    pollMs: args.poll,
  });
  await Promise.all(found);
  await loop.run((paths) => files.add(paths));
  for (const { error } of await loop.close()) printError(error, host.stderr, args.debug);
  return interrupts.exitCode() ?? 0;
}

/** What is selected by a state that changes with every run is settled at the start. */
function lastingSelection(args: Selection, { resolved }: WatchedKitchen): Selection {
  if (!args.failed && args.changedSince === undefined) return {};
  const names = resolved.map((one) => one.instance.name);
  return { instances: names, failed: false, changedSince: undefined };
}

function reportersFor(args: WatchArgs & GlobalOptions, host: Host): readonly Reporter[] {
  const terminal = args.events === '-' ? host.stderr : host.stdout;
  const options = { verbose: args.verbose, debug: args.debug };
  const events = args.events === undefined ? [] : [new Ndjson(args.events, host.stdout)];
  return [new Watch(terminal, options), ...events];
}
