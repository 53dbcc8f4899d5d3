import type { Connection } from '../../src/core/transport.ts';
import { classifyTool } from './classify-error.ts';
import { decodeBody } from './decode-body.ts';
import type { Hop, Outcome } from './exchange.ts';
import { parseRawResponse } from './raw-response.ts';
import { portOf } from './target.ts';

/**
 * Runs inside the instance with what is there: curl, else perl, else bash. Arguments: scheme, host, port, seconds,
 * bytes to keep, then curl's own. Standard input is the raw request. The raw answer goes to standard output in base64;
 * remarks for us start with `galley-` on standard error.
 */
const SCRIPT = `
scheme=$1 host=$2 port=$3 seconds=$4 keep=$5
shift 5
say() { echo "galley-$*" >&2; }
ask() {
  if command -v curl >/dev/null 2>&1; then
    say tool curl
    cr=$(printf '\\r')
    sed "1,/^$cr\\$/d" | curl "$@"
    code=$?
    if [ $code = 7 ]; then
      # curl keeps the reason ("Connection refused") for -v.
      case $host in *:*) host="[$host]" ;; esac
      curl -qsvk --noproxy '*' -m "$seconds" "$scheme://$host:$port/" 2>&1 >/dev/null |
        sed -n '/refused/p;/unreachable/p;/No route/p' >&2
    fi
    (exit $code)
  elif [ "$scheme" = https ]; then
    say tool none
  elif command -v perl >/dev/null 2>&1; then
    say tool perl
    perl -e '
      use strict; use Time::HiRes qw(time alarm); $| = 1;
      my ($host, $port, $seconds) = @ARGV;
      sub stop { print STDERR "$_[0]\\n"; exit 1 }
      $SIG{PIPE} = "IGNORE"; $SIG{ALRM} = sub { stop("timed out") }; alarm($seconds);
      binmode STDIN; binmode STDOUT; my $request = do { local $/; <STDIN> };
      my $class = eval { require IO::Socket::IP } ? "IO::Socket::IP" : do { require IO::Socket::INET; "IO::Socket::INET" };
      my $start = time; my $first;
      my $s = $class->new(PeerHost => $host, PeerPort => $port, Proto => "tcp") or stop("connect: $@ $!");
      while (length $request) { my $n = syswrite($s, $request); stop("send: $!") unless $n; substr($request, 0, $n) = "" }
      while (1) {
        my $n = sysread($s, my $part, 65536);
        if (!defined $n) { print STDERR "receive: $!\\n"; exit($first ? 18 : 1) }
        last if !$n; $first ||= time; print $part or last;
      }
      printf STDERR "galley-time %.4f %.4f\\n", ($first || time) - $start, time - $start;
    ' "$host" "$port" "$seconds"
  elif command -v bash >/dev/null 2>&1 && command -v timeout >/dev/null 2>&1; then
    say tool bash
    timeout "$seconds" bash -c 'exec 3<>"/dev/tcp/$1/$2" && cat >&3 && cat <&3' bash "$host" "$port"
  else
    say tool none
  fi
  say exit $?
}
ask "$@" | head -c "$keep" | base64
`;

/** One request made inside the instance. Throws when the instance has no tool to make it with. */
export async function requestFromInstance(
  hop: Hop,
  execute: Connection['execute'],
  place = 'inside the instance',
): Promise<{ readonly outcome: Outcome; readonly by: string }> {
  const { url } = hop;
  const seconds = String(hop.timeoutMs / 1000);
  const host = hop.connectTo ?? url.hostname.replace(/^\[|\]$/g, '');
  const head = Math.min(hop.keptBytes, 1024 * 1024) + 64 * 1024;
  const argv = [
    'sh',
    '-c',
    SCRIPT,
    'sh',
    url.protocol.slice(0, -1),
    host,
    String(portOf(url)),
    seconds,
    String(head),
  ];
  const result = await execute([...argv, ...curlArguments(hop, seconds)], {
    stdin: rawRequest(hop),
    signal: hop.signal,
    // The tool's own timer comes first; this one is for a machine that hangs.
    timeoutMs: hop.timeoutMs + 10_000,
  });
  const remarks = new Map(
    [...result.stderr.matchAll(/^galley-(\w+) (.*)$/gm)].map((found) => [found[1] ?? '', found[2] ?? '']),
  );
  const words = result.stderr
    .replace(/^galley-.*$/gm, '')
    .replace(/\s+/g, ' ')
    .trim();
  const tool = remarks.get('tool');
  if (tool === undefined || tool === 'none') {
    const need = url.protocol === 'https:' ? 'curl' : 'curl, perl or bash';
    throw new Error(`nothing ${place} can make the request (it has no ${need})${words ? `: ${words}` : ''}`);
  }
  const [firstMs, totalMs] = (remarks.get('time') ?? '')
    .split(' ')
    .map((text) => Number(text || Number.NaN) * 1000);
  const times = { firstMs: orUndefined(firstMs), totalMs: orUndefined(totalMs) };
  const exitCode = Number(remarks.get('exit') ?? 0);
  const bytes = Buffer.from(result.stdout, 'base64');
  const by = `${tool} ${place} (${result.via})`;
  return {
    outcome: await outcomeOf({ hop, tool, exitCode, bytes, words, isFull: bytes.length >= head, times }),
    by,
  };
}

interface Seen {
  readonly hop: Hop;
  readonly tool: string;
  readonly exitCode: number;
  readonly bytes: Buffer;
  readonly words: string;
  /** More came than was kept. */
  readonly isFull: boolean;
  readonly times: { readonly firstMs: number | undefined; readonly totalMs: number | undefined };
}

async function outcomeOf({ hop, tool, exitCode, bytes, words, isFull, times }: Seen): Promise<Outcome> {
  const none = (error: Extract<Outcome, { kind: 'none' }>['error'], text: string): Outcome => ({
    kind: 'none',
    error,
    text,
    totalMs: times.totalMs,
  });
  const response = parseRawResponse(bytes, hop.method);
  if (exitCode !== 0 && !isFull) {
    const error = classifyTool(tool, exitCode, words);
    if (error === undefined)
      throw new Error(`${tool} inside the instance failed (exit ${exitCode}): ${words}`);
    return none(error === 'reset' && response ? 'aborted' : error, words);
  }
  if (!response)
    return bytes.length === 0 ? none('reset', 'closed without an answer') : none('protocol', 'not HTTP');
  if (!response.isComplete && !isFull) return none('aborted', 'closed before the end of the body');
  const kept = response.body.subarray(0, hop.keptBytes);
  const isCut = isFull || kept.length < response.body.length;
  const body = await decodeBody(kept, response.headers, hop.keptBytes, isCut);
  return {
    kind: 'answer',
    status: response.status,
    headers: response.headers,
    body: body.text,
    unread: body.unread,
    size: response.body.length,
    keptBytes: body.keptBytes,
    ...times,
  };
}

function orUndefined(value: number | undefined): number | undefined {
  return value === undefined || Number.isNaN(value) ? undefined : value;
}

function curlArguments(hop: Hop, seconds: string): string[] {
  const all = ['-q', '-sS', '-i', '--raw', '--http1.1', '--path-as-is', '--noproxy', '*', '-m', seconds];
  all.push(...(hop.method === 'HEAD' ? ['--head'] : ['-X', hop.method]));
  for (const [name, value] of Object.entries(hop.headers)) all.push('-H', `${name}: ${value}`);
  if (hop.body !== undefined) all.push('-H', 'Expect:', '--data-binary', '@-');
  if (hop.insecure) all.push('--insecure');
  if (hop.connectTo !== undefined) {
    const to = hop.connectTo.includes(':') ? `[${hop.connectTo}]` : hop.connectTo;
    all.push('--connect-to', `${hop.url.hostname}:${portOf(hop.url)}:${to}:${portOf(hop.url)}`);
  }
  all.push('-w', '%{stderr}galley-time %{time_starttransfer} %{time_total}\n', '--url', hop.url.href);
  return all;
}

function rawRequest(hop: Hop): Buffer {
  const { url } = hop;
  const headers: Record<string, string> = { host: url.host, connection: 'close', ...hop.headers };
  if (hop.body !== undefined) headers['content-length'] = String(Buffer.byteLength(hop.body));
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  const head = [`${hop.method} ${url.pathname}${url.search} HTTP/1.1`, ...lines, '', ''].join('\r\n');
  return Buffer.from(`${head}${hop.body ?? ''}`, 'utf8');
}
