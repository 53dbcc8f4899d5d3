import { takeSnapshot } from '../../src/checks/probe/take-snapshot.ts';
import type { FileFact, ProcessFact, UnitFact } from '../../src/core/snapshot.ts';
import type { Probe } from '../../src/core/verifier.ts';

/** A file that sets, or may set, the variable. Its value is compared and never kept. */
export interface Mention {
  readonly path: string;
  /** Seconds since the epoch; undefined when it could not be read. */
  readonly changedAt: number | undefined;
  /** Whether the value in it is the expected one; undefined when none single value is expected. */
  readonly isExpected: boolean | undefined;
}

/**
 * Where a variable that services do not see is usually set by mistake, and where it may be meant to be set: `$1` is
 * the key, the others are files and folders that the processes were started with. Folders may be of uWSGI's vassals or
 * hold a file for each variable (envdir); what uWSGI's `for-readline` and `include` name is looked at, too.
 */
const SEARCH = String.raw`key=$1; shift
for one do
  if [ -d "$one" ]; then for file in "$one/$key" "$one"/*.ini; do [ -f "$file" ] && set -- "$@" "$file"; done; fi
done
for one do
  [ -f "$one" ] || continue
  for more in $(sed -n 's/^[[:space:]]*\(for-readline\|for-glob\|include\|import\|ini\|envdir\|env-file\)[[:space:]]*=[[:space:]]*\(\/[^[:space:]]*\).*/\2/p' "$one" 2>/dev/null | head -n 20); do
    if [ -f "$more" ]; then set -- "$@" "$more"; elif [ -f "$more/$key" ]; then set -- "$@" "$more/$key"; fi
  done
done
for one do case $one in */"$key") [ -f "$one" ] && echo "$one" ;; esac; done
grep -IslE "(^|[^A-Za-z0-9_])$key[[:space:]]*=" "$@" /etc/environment /etc/profile /etc/profile.d/*.sh /etc/bash.bashrc \
  /etc/*.env /etc/*/*.env /srv/*/.env /srv/*/*/.env /opt/*/.env /var/www/*/.env \
  /etc/default/* /etc/security/pam_env.conf /etc/uwsgi/*.ini /etc/uwsgi/*/*.ini \
  /root/.profile /root/.bash_profile /root/.bashrc /root/.pam_environment \
  /home/*/.profile /home/*/.bash_profile /home/*/.bashrc /home/*/.pam_environment < /dev/null | head -n 20`;

/** Files that mention the key, for the message of a failure. Empty when they cannot be searched: it is only a hint. */
export async function filesThatMention(
  key: string,
  expected: string | undefined,
  candidates: readonly string[],
  { connection, signal }: Probe,
): Promise<Mention[]> {
  if (!/^\w+$/.test(key)) return [];
  try {
    const argv = ['/bin/sh', '-c', SEARCH, 'galley-probe', key, ...candidates];
    const found = await connection.execute(argv, { signal, timeoutMs: 10_000 });
    const paths = [...new Set(found.stdout.split('\n').filter((line) => line.startsWith('/')))];
    if (paths.length === 0) return [];
    const files = paths.map((path) => ({ path, content: true }));
    const snapshot = await takeSnapshot(connection, { files }, { signal });
    return paths.map((path) =>
      mentionOf(
        path,
        key,
        expected,
        snapshot.files.find((one) => one.path === path),
      ),
    );
  } catch (error) {
    if (signal.aborted) throw error;
    return [];
  }
}

function mentionOf(
  path: string,
  key: string,
  expected: string | undefined,
  file: FileFact | undefined,
): Mention {
  const isExpected =
    expected === undefined || file?.content === undefined
      ? undefined
      : valuesIn(file.content, path, key).includes(expected);
  return { path, changedAt: file?.mtime, isExpected };
}

/** What a file may give the key: the rest of each line after `KEY=`, also without quotes and with `%%` as `%`. */
export function valuesIn(content: string, path: string, key: string): string[] {
  const lines = path.endsWith(`/${key}`) ? [content.split('\n')[0] ?? ''] : [];
  for (const found of content.matchAll(new RegExp(`(?<![A-Za-z0-9_])${key}[ \\t]*=[ \\t]*([^\\n]*)`, 'g')))
    lines.push(found[1] ?? '');
  return lines.flatMap((line) => {
    const text = line.trim();
    const plain = /^(["'])(.*)\1$/s.exec(text)?.[2] ?? text.replace(/["'],?\]?$/, '');
    return [text, plain, text.replaceAll('%%', '%'), plain.replaceAll('%%', '%')];
  });
}

/** Absolute paths among the arguments of processes and of those above them, and what their units read at start. */
export function pathsOf(
  selected: readonly ProcessFact[],
  all: readonly ProcessFact[],
  units: readonly UnitFact[],
): string[] {
  const byPid = new Map(all.map((one) => [one.pid, one]));
  const paths = new Set(units.flatMap((unit) => unit.environmentFiles ?? []));
  // A title takes the place of the arguments, so those of the unit are looked at, too.
  for (const unit of units) addPaths(paths, unit.props?.['ExecStart']?.split(/\s+/) ?? []);
  for (const start of selected) {
    let one: ProcessFact | undefined = start;
    for (let up = 0; one !== undefined && up < 3; up += 1) {
      addPaths(paths, one.args);
      one = byPid.get(one.ppid);
    }
  }
  return [...paths].slice(0, 40);
}

function addPaths(paths: Set<string>, words: readonly string[]): void {
  for (const word of words) {
    const path = /^(?:--?[\w-]+=)?(\/[^\s=;]+)$/.exec(word)?.[1];
    if (path !== undefined) paths.add(path);
  }
}

/** The units that processes belong to, as loaded. */
export async function unitsOf(
  names: readonly string[],
  { connection, signal }: Probe,
): Promise<readonly UnitFact[]> {
  if (names.length === 0) return [];
  const { units, errors } = await takeSnapshot(
    connection,
    { units: names, unitProps: ['ExecStart'] },
    { signal },
  );
  if (errors.units !== undefined) throw new Error(errors.units);
  return units;
}
