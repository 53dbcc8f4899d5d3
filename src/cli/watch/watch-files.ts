import { GalleyError } from '../../core/errors.ts';
import { isBelow, slashed } from '../../core/paths.ts';
import { UNWATCHED } from '../../plan/saved-file.ts';

export interface FileWatch extends AsyncDisposable {
  /** Watches these as well; those that are watched already are left as they are. */
  add(paths: readonly string[]): void;
}

export interface WatchFilesOptions {
  /** Called for each file that is there at the beginning. */
  readonly onFound: (file: string) => void;
  /** Called for each file that was written, made or removed since. */
  readonly onSave: (file: string) => void;
  readonly onError: (error: GalleyError) => void;
  /** Looks at the files every so many milliseconds, for file systems that do not tell. */
  readonly pollMs: number | undefined;
}

/** Watches files and folders, also those that do not exist yet. Resolves when all are being watched. */
export async function watchFiles(paths: readonly string[], options: WatchFilesOptions): Promise<FileWatch> {
  const { watch } = await import('chokidar');
  const roots = new Set(paths);
  const watcher = watch([...paths], {
    // Only what is below a watched folder counts: the kitchen itself may lie in a folder of such a name.
    ignored: (path) => [...roots].every((root) => UNWATCHED.test(below(root, path))),
    ...(options.pollMs !== undefined && { backend: 'polling' as const, pollingInterval: options.pollMs }),
  });
  let isReady = false;
  watcher.on('all', (event, path) => {
    if (event === 'addDir' || event === 'unlinkDir') return;
    if (isReady) options.onSave(path);
    else options.onFound(path);
  });
  try {
    await new Promise<void>((resolve, reject) => {
      watcher.on('error', (cause) => {
        const error = watchError(cause);
        if (isReady) options.onError(error);
        else reject(error);
      });
      watcher.on('ready', () => {
        isReady = true;
        resolve();
      });
    });
  } catch (error) {
    await watcher.close();
    throw error;
  }
  return {
    add(more) {
      const fresh = more.filter((path) => !roots.has(path));
      for (const path of fresh) roots.add(path);
      if (fresh.length > 0) watcher.add([...fresh]);
    },
    [Symbol.asyncDispose]: () => watcher.close(),
  };
}

/** The path below a watched folder; a path elsewhere is judged by the other folders, so it counts as ignored here. */
function below(root: string, path: string): string {
  if (path === root) return '';
  return isBelow(path, root) ? slashed(path.slice(root.length)) : '.git';
}

function watchError(cause: unknown): GalleyError {
  const { code, message } = cause as NodeJS.ErrnoException;
  const isLimit = code === 'ENOSPC' || code === 'EMFILE';
  return new GalleyError({
    code: isLimit ? 'watch.too_many_files' : 'watch.failed',
    kind: 'infrastructure',
    message: isLimit ? 'the system does not let galley watch so many files' : `cannot watch: ${message}`,
    got: message,
    hint: isLimit
      ? 'sysctl fs.inotify.max_user_watches=524288 raises the limit; --poll 1000 does without'
      : '--poll 1000 looks at the files every second instead',
    cause,
  });
}
