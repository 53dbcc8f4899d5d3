import { hasCode } from '../../src/core/errors.ts';
import type { CommandResult, ExecuteOptions } from '../../src/core/transport.ts';
import { cliLine, parseCliReply } from './cli.ts';
import { decodeReplies, encodeCommand, type Reply } from './resp.ts';
import type { RedisErrorKind } from './schema.ts';

export interface RedisTarget {
  readonly host: string;
  readonly port: number;
  readonly user: string | undefined;
  readonly password: string | undefined;
  readonly db: number;
  readonly timeoutMs: number;
}

export type Asked =
  | { readonly kind: 'replies'; readonly replies: readonly Reply[]; readonly by: string }
  | { readonly kind: 'none'; readonly error: RedisErrorKind; readonly text: string; readonly by: string };

export type Execute = (argv: readonly string[], options: ExecuteOptions) => Promise<CommandResult>;

/**
 * Asks with redis-cli, or where there is none with the protocol itself, through perl or bash. Arguments: host, port, seconds,
 * db. Standard input: lines of redis-cli, a mark, the same as RESP. The password is in REDISCLI_AUTH and in the RESP.
 */
const MARK = 'galley-resp-3f7a1c';
const SCRIPT = `
host=$1 port=$2 seconds=$3 db=$4
say() { echo "galley-tool $*" >&2; }
all=$(mktemp) || exit 70
trap 'rm -f "$all"' EXIT
umask 077
cat > "$all"
if command -v redis-cli >/dev/null 2>&1 || command -v valkey-cli >/dev/null 2>&1; then
  cli=$(command -v redis-cli || command -v valkey-cli)
  say redis-cli
  user=\${GALLEY_REDIS_USER:+--user $GALLEY_REDIS_USER}
  sed '/^${MARK}$/,$d' "$all" | while IFS= read -r line; do
    printf '%s\\n' "$line" | "$cli" --no-auth-warning -h "$host" -p "$port" -n "$db" $user --no-raw 2>&1
    echo "${MARK}"
  done
elif command -v perl >/dev/null 2>&1; then
  say perl
  sed '1,/^${MARK}$/d' "$all" | perl -e '
    use strict; $| = 1; my ($host, $port, $seconds) = @ARGV;
    sub stop { print STDERR "$_[0]\\n"; exit 1 }
    $SIG{ALRM} = sub { stop("timed out") }; alarm($seconds); binmode STDIN; binmode STDOUT;
    my $request = do { local $/; <STDIN> };
    my $class = eval { require IO::Socket::IP } ? "IO::Socket::IP" : do { require IO::Socket::INET; "IO::Socket::INET" };
    my $s = $class->new(PeerHost => $host, PeerPort => $port, Proto => "tcp") or stop("connect: " . ($@ || $!));
    syswrite($s, $request); 
    while (1) { my $n = sysread($s, my $part, 65536); last if !$n; print $part or last }
  ' "$host" "$port" "$seconds" | base64
elif command -v bash >/dev/null 2>&1 && command -v timeout >/dev/null 2>&1; then
  say bash
  sed '1,/^${MARK}$/d' "$all" | timeout "$seconds" bash -c 'exec 3<>"/dev/tcp/$1/$2" && cat >&3 && cat <&3' bash "$host" "$port" | base64
else
  say none
fi
`;

/** Characters of a reply as redis-cli prints it; what is larger is no value to compare with. */
const LARGEST = 1024 * 1024;

/** Replies to the commands, in order. Throws when there is nothing to ask with. */
export async function askRedis(
  commands: readonly (readonly string[])[],
  target: RedisTarget,
  execute: Execute,
  signal: AbortSignal,
): Promise<Asked> {
  const { host, port, user, password, db, timeoutMs } = target;
  const login = password === undefined ? [] : [['AUTH', ...(user === undefined ? [] : [user]), password]];
  const prelude = [...login, ...(db === 0 ? [] : [['SELECT', String(db)]])];
  const resp = [...prelude, ...commands, ['QUIT']].map(encodeCommand).join('');
  const seconds = String(Math.max(1, Math.ceil(timeoutMs / 1000)));
  const done = await execute(['sh', '-c', SCRIPT, 'sh', host, String(port), seconds, String(db)], {
    env: {
      ...(password !== undefined && { REDISCLI_AUTH: password }),
      ...(user !== undefined && { GALLEY_REDIS_USER: user }),
    },
    stdin: `${commands.map(cliLine).join('')}${MARK}\n${resp}`,
    timeoutMs: timeoutMs + 2000,
    signal,
  }).catch((error: unknown) => {
    if (hasCode(error, 'transport.timeout')) return undefined;
    throw error;
  });
  if (!done)
    return { kind: 'none', error: 'timeout', text: `no reply within ${seconds} s`, by: 'its client' };
  const by = /^galley-tool (.*)$/m.exec(done.stderr)?.[1] ?? 'none';
  const words = done.stderr
    .replace(/^galley-tool .*$/m, '')
    .replace(/\s+/g, ' ')
    .trim();
  if (by === 'none')
    throw new Error(`there is no redis-cli, perl or bash to ask with${words ? `: ${words}` : ''}`);
  return by === 'redis-cli'
    ? ofCli(done.stdout, commands.length, by)
    : ofResp(done.stdout, words, prelude.length, commands.length, by);
}

/** What redis-cli prints when it could not ask, before a reply if there is one all the same. */
const FAILED = /^(Could not connect|Error:|AUTH failed|Warning: AUTH failed|Invalid|SELECT \d+ failed)/;

/** Throws when replies are missing: the output was cut, or the client broke off. Pure. */
export function ofCli(stdout: string, count: number, by: string): Asked {
  const texts = stdout.split(`${MARK}\n`).slice(0, -1);
  const failed = texts.find((text) => FAILED.test(text));
  if (failed !== undefined) {
    const text = failed.replace(/\s+/g, ' ').trim();
    const kind = /^SELECT \d/.test(text) ? 'command' : classify(text);
    if (kind) return { kind: 'none', error: kind, text, by };
    throw new Error(`redis-cli failed: ${text}`);
  }
  if (texts.length !== count || texts.some((text) => text.length > LARGEST))
    throw new Error(
      `the replies cannot be read: ${texts.length} of ${count} came, or they are larger than 1 MiB`,
    );
  return authOr(texts.map(parseCliReply), by);
}

function ofResp(stdout: string, words: string, before: number, count: number, by: string): Asked {
  const replies = decodeReplies(Buffer.from(stdout, 'base64'));
  const refused = replies.slice(0, before).find((one) => one.kind === 'error');
  if (refused?.kind === 'error')
    return { kind: 'none', error: classify(refused.text) ?? 'command', text: refused.text, by };
  const ours = replies.slice(before, before + count);
  if (ours.length === count) return authOr(ours, by);
  const kind = classify(words);
  if (kind) return { kind: 'none', error: kind, text: words, by };
  throw new Error(
    `what listens there does not speak redis: ${ours.length} of ${count} replies came${words ? ` (${words})` : ''}`,
  );
}

function authOr(replies: readonly Reply[], by: string): Asked {
  const refused = replies.find((one) => one.kind === 'error' && classify(one.text) === 'auth');
  if (refused?.kind === 'error') return { kind: 'none', error: 'auth', text: refused.text, by };
  return { kind: 'replies', replies, by };
}

/** Words of redis-cli, perl, bash and the server. */
function classify(text: string): RedisErrorKind | undefined {
  if (/NOAUTH|WRONGPASS|AUTH failed|invalid password|NOPERM|without any password configured/i.test(text))
    return 'auth';
  if (/refused|LOADING/i.test(text)) return 'refused';
  if (/timed out|timeout/i.test(text)) return 'timeout';
  if (/not known|resolution|resolve|No route|unreachable|No address/i.test(text)) return 'unreachable';
  return undefined;
}
