import type { Connection } from '../../src/core/transport.ts';

/**
 * Reads what uWSGI's stats server writes to whoever connects: `stats = 127.0.0.1:9191` or a unix socket. Arguments:
 * host and port, or a path. Source: uWSGI docs, StatsServer; core/master_utils.c.
 */
const SCRIPT = `
if command -v perl >/dev/null 2>&1; then
  exec perl -e '
    use IO::Socket; my ($where, $port) = @ARGV; alarm 5;
    my $s = defined $port ? IO::Socket::INET->new(PeerHost => $where, PeerPort => $port) : IO::Socket::UNIX->new(Peer => $where);
    $s or die "connect: $! $@\\n"; print while <$s>;
  ' "$@"
fi
if [ $# = 2 ] && command -v bash >/dev/null 2>&1; then
  exec timeout 5 bash -c 'exec 3<>"/dev/tcp/$1/$2" && cat <&3' bash "$@"
fi
echo "neither perl nor bash is there to read it with" >&2
exit 69
`;

/** Requests served so far by each worker, by pid. Throws when the stats server cannot be read. */
export async function readStats(
  address: string,
  connection: Connection,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, number>> {
  const found = /^(?:tcp:\/\/)?(.*):(\d+)$/.exec(address);
  const where = found ? [found[1] || '127.0.0.1', found[2] ?? ''] : [address];
  const done = await connection.execute(['/bin/sh', '-c', SCRIPT, 'sh', ...where], {
    timeoutMs: 10_000,
    signal,
  });
  if (done.exitCode !== 0) throw new Error(`stats server ${address}: ${done.stderr.trim()}`);
  return workersIn(done.stdout, address);
}

/** Pure. */
export function workersIn(text: string, address: string): ReadonlyMap<string, number> {
  let stats: unknown;
  try {
    stats = JSON.parse(text.slice(Math.max(0, text.indexOf('{'))));
  } catch {
    throw new Error(`stats server ${address} did not answer with JSON`);
  }
  const workers = (stats as { readonly workers?: unknown } | null)?.workers;
  if (!Array.isArray(workers)) throw new Error(`stats server ${address} tells of no workers`);
  // Worker slots that never started have pid 0.
  const live = (workers as { pid?: unknown; requests?: unknown }[]).filter((one) => Number(one.pid) > 0);
  return new Map(live.map(({ pid, requests }) => [String(Number(pid)), Number(requests)]));
}
