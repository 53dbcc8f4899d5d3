import { KILL_TREE } from '../../core/kill-tree.ts';
import { quote } from '../../core/shell-words.ts';

/**
 * A command on the machine, which outlives the invocation that started it: SSM ends what takes too long, tells nothing
 * while it runs, and keeps 24 000 characters. Its folder holds `run` (shell text), `in`, `out`, `err`, `pid`, `code`.
 */
export interface Job {
  /** Absolute path on the machine, made by the start; its parent is the connection's own. */
  readonly dir: string;
  /** Undefined: root. */
  readonly user: string | undefined;
}

/** What is in the answer besides the status: positions and lengths in bytes. */
export interface Window {
  readonly out: number;
  readonly err: number;
}

/** Raw bytes of one answer, so that their base64 stays below SSM's 24 000 characters of output. */
export const OUT_PAGE = 13_500;
export const ERR_PAGE = 4200;

/** How long one invocation watches a running command, seconds: its answer comes sooner when there is output. */
const WATCH_SECONDS = 15;

/** Characters of base64 in one command: the parameters of a command may be 64 KiB altogether. */
export const CHUNK = 56_000;

/** Shell text that makes `file` from base64, once; the same text again does no harm (a request may be sent twice). */
export function writeScript(file: string, base64: string): string {
  return [
    'umask 077',
    `f=${quote(file)}; mkdir -p "\${f%/*}"`,
    `printf %s '${base64}' | base64 -d > "$f.new" && mv "$f.new" "$f"`,
  ].join('\n');
}

/**
 * Shell text that puts the parts `FILE.0` … together, in their order; the same text again does no harm. Their names stand
 * in a loop: those of a long file would be more than an argument may hold.
 */
export function joinScript(file: string, count: number): string {
  return [
    `umask 077; f=${quote(file)}; i=0`,
    '[ ! -e "$f" ] || exit 0',
    `while [ $i -lt ${count} ]; do cat "$f.$i" || exit 1; i=$((i + 1)); done > "$f.new" && mv "$f.new" "$f"`,
    `i=0; while [ $i -lt ${count} ]; do rm -f "$f.$i"; i=$((i + 1)); done`,
  ].join('\n');
}

/**
 * Shell text that starts the job unless it was started, and then looks at it. `prepared` names files that were sent
 * before; what is given as base64 stands in the text itself. `finished`: folders that nobody needs any more.
 */
export function startScript(
  job: Job,
  parts: {
    readonly run: { readonly base64: string } | { readonly file: string };
    readonly stdin: { readonly base64: string } | { readonly file: string } | undefined;
    readonly finished: readonly string[];
  },
): string {
  const place = (part: { readonly base64: string } | { readonly file: string }, name: string): string =>
    'file' in part
      ? `mv ${quote(part.file)} "$d/${name}"`
      : `printf %s '${part.base64}' | base64 -d > "$d/${name}"`;
  return [
    'umask 077',
    `d=${quote(job.dir)}; u=${quote(job.user ?? '')}`,
    ...(parts.finished.length > 0 ? [`rm -rf ${parts.finished.map(quote).join(' ')}`] : []),
    OWN_FOLDER,
    'if mkdir "$d" 2>/dev/null; then',
    place(parts.run, 'run'),
    parts.stdin === undefined ? ': > "$d/in"' : place(parts.stdin, 'in'),
    ': > "$d/out"; : > "$d/err"',
    // By number or by name; the text may hold secrets, so only this user can read it.
    'case $u in "") ;; *) u=$(id -nu -- "$u" 2>/dev/null || printf %s "$u"); chmod 711 "$d"; chown -- "$u" "$d/run" || u=-;; esac',
    's=; command -v setsid >/dev/null 2>&1 && s=setsid',
    `( $s /bin/sh -c ${quote(RUNNER)} sh "$d" "$u" >/dev/null 2>&1 </dev/null & )`,
    'fi',
    lookText({ out: 0, err: 0 }, true),
  ].join('\n');
}

/** Other users pass through to their own text, and can list nothing. */
const OWN_FOLDER = 'p=${d%/*}; mkdir -p "$p" && chmod 711 "$p" "${p%/*}"';

/** Becomes the command and keeps what came of it; 125: there is no such user. */
const RUNNER = `echo $$ > "$1/pid"
if [ "$2" = - ]; then echo "there is no such user" > "$1/err"; c=125
elif [ -z "$2" ]; then /bin/sh "$1/run" < "$1/in" > "$1/out" 2> "$1/err"; c=$?
elif command -v runuser >/dev/null 2>&1; then runuser -u "$2" -- /bin/sh "$1/run" < "$1/in" > "$1/out" 2> "$1/err"; c=$?
else su -s /bin/sh -c "/bin/sh '$1/run'" "$2" < "$1/in" > "$1/out" 2> "$1/err"; c=$?; fi
echo $c > "$1/code.new"; mv "$1/code.new" "$1/code"`;

/** Shell text that waits for the job's end or for more output, and prints it from the given positions. */
export function lookScript(job: Job, from: Window, wait: boolean): string {
  return `d=${quote(job.dir)}\n${lookText(from, wait)}`;
}

function lookText(from: Window, wait: boolean): string {
  return [
    '[ -d "$d" ] || { printf "galley lost 0 0\\n\\n\\n"; exit 0; }',
    `o=${from.out}; e=${from.err}; n=0; c=running`,
    'size() { wc -c < "$d/$1" 2>/dev/null | tr -d " "; }',
    `while [ ! -f "$d/code" ] && [ $n -lt ${wait ? WATCH_SECONDS * 5 + 10 : 0} ]; do`,
    '  if [ -s "$d/pid" ] && ! kill -0 "$(cat "$d/pid")" 2>/dev/null; then sleep 0.2; [ -f "$d/code" ] || c=lost; break; fi',
    '  if [ $n -ge 14 ] && { [ "$(size out)" -gt $o ] || [ "$(size err)" -gt $e ]; }; then break; fi',
    '  if [ $n -lt 10 ]; then sleep 0.05; else sleep 0.2; fi; n=$((n + 1))',
    'done',
    '[ -f "$d/code" ] && c=$(cat "$d/code")',
    'echo "galley $c $(size out) $(size err)"',
    `tail -c +$((o + 1)) "$d/out" 2>/dev/null | head -c ${OUT_PAGE} | base64 | tr -d '\\n'; echo`,
    `tail -c +$((e + 1)) "$d/err" 2>/dev/null | head -c ${ERR_PAGE} | base64 | tr -d '\\n'; echo`,
  ].join('\n');
}

/** Shell text that ends a job and all its processes; one that has not begun will not begin any more. */
export function killScript(job: Job): string {
  return [
    'umask 077',
    `d=${quote(job.dir)}`,
    OWN_FOLDER,
    'if mkdir "$d" 2>/dev/null; then exit 0; fi',
    'n=0; while [ ! -s "$d/pid" ] && [ $n -lt 50 ]; do sleep 0.1; n=$((n + 1)); done',
    'p=$(cat "$d/pid" 2>/dev/null) || exit 0',
    `/bin/sh -c ${quote(KILL_TREE)} sh "$p"`,
  ].join('\n');
}

/** What a look saw. `state`: the exit code, or what became of the command. */
export interface Look {
  readonly state: number | 'running' | 'lost';
  /** Bytes that there are by now. */
  readonly sizes: Window;
  readonly out: Buffer;
  readonly err: Buffer;
}

/** Reads the answer of a look; undefined when it is none, as when the machine lacks a tool. */
export function parseLook(text: string): Look | undefined {
  const [head = '', out = '', err = ''] = text.split('\n');
  const found = /^galley (\d+|running|lost) (\d*) (\d*)$/.exec(head);
  if (!found) return undefined;
  const [, state = ''] = found;
  return {
    state: state === 'running' || state === 'lost' ? state : Number(state),
    sizes: { out: Number(found[2]), err: Number(found[3]) },
    out: Buffer.from(out, 'base64'),
    err: Buffer.from(err, 'base64'),
  };
}
