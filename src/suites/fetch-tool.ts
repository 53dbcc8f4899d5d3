import type { ActionContext } from '../core/action-context.ts';
import { GalleyError } from '../core/errors.ts';
import type { PluginHost } from '../core/plugin-host.ts';
import { quote } from '../core/shell-words.ts';
import { cachedFolder } from './cached-folder.ts';
import { runTool } from './run-tool.ts';

const TIMEOUT_MS = 10 * 60_000;

export interface Fetch {
  /** Folder of the cache; names the version. */
  readonly name: string;
  /** The command that fills `folder`. */
  readonly argv: (folder: string) => readonly string[];
  /** Further variables for it. */
  readonly env?: (folder: string) => Readonly<Record<string, string>>;
  /** What is fetched, for people: `Bats 1.13.0`. */
  readonly what: string;
  /** What to do when it cannot be fetched. */
  readonly hint: string;
}

/**
 * A tool for the instance, fetched here by the client of a package registry (instances may have neither network nor
 * certificates) and kept in the cache. Throws `suite.fetch_failed` (infrastructure).
 */
export async function fetchTool(ctx: ActionContext, host: PluginHost, wanted: Fetch): Promise<string> {
  return ctx.once(`fetching ${wanted.what}\n${wanted.name}`, () =>
    cachedFolder(host.cacheDir, wanted.name, async (folder) => {
      ctx.emit({ type: 'progress', instance: ctx.instance.name, text: `fetching ${wanted.what}` });
      const run = await runTool(ctx, wanted.argv(folder).map(quote).join(' '), {
        cwd: folder,
        env: { ...host.env, ...wanted.env?.(folder) },
        timeoutMs: TIMEOUT_MS,
        source: 'fetch',
      });
      if (run.exitCode === 0) return;
      throw new GalleyError({
        code: 'suite.fetch_failed',
        kind: 'infrastructure',
        message: `${wanted.what} could not be fetched: \`${wanted.argv('…')[0]}\` ended with ${run.exitCode === 'timeout' ? 'a timeout' : `exit code ${run.exitCode}`}`,
        details: run.lastLines,
        hint: wanted.hint,
      });
    }),
  );
}
