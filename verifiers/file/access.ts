import type { Connection } from '../../src/core/transport.ts';

/** Whether a user could read a file, and what the system said if not. */
export type Access = { readonly isReadable: true } | { readonly isReadable: false; readonly why: string };

/** Reads for real: a folder is listed, of a file one byte is read, of anything else the right is asked for. */
const SCRIPT = `
for path in "$@"; do
  if [ -d "$path" ]; then why=$(LC_ALL=C ls -- "$path" 2>&1 >/dev/null)
  elif [ -f "$path" ] || [ ! -e "$path" ]; then why=$(LC_ALL=C head -c 1 -- "$path" 2>&1 >/dev/null)
  else why=$(test -r "$path" 2>&1); fi
  code=$?
  printf '%s %s\\n' "$code" "$(printf %s "$why" | tr '\\n' ' ')"
done
`;

/** Tried as that user, one command for all paths. Throws when nothing can be run as that user. */
export async function readAs(
  user: string,
  paths: readonly string[],
  connection: Connection,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Access>> {
  const done = await connection.execute(['sh', '-c', SCRIPT, 'sh', ...paths], {
    user,
    cwd: '/',
    signal,
    timeoutMs: 30_000,
  });
  const lines = done.stdout.split('\n').filter((line) => line !== '');
  if (done.exitCode !== 0 || lines.length !== paths.length)
    throw new Error(`could not try as ${user}: ${done.stderr.trim() || `exit ${done.exitCode}`}`);
  return new Map(
    paths.map((path, at): [string, Access] => {
      const [, code = '', why = ''] = /^(\d+) (.*)$/.exec(lines[at] ?? '') ?? [];
      return [
        path,
        code === '0' ? { isReadable: true } : { isReadable: false, why: why.trim() || 'no right to' },
      ];
    }),
  );
}
