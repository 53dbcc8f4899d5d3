import type { CommandResult, ExecuteOptions } from '../../src/core/transport.ts';
import type { Reach } from './reach.ts';

/**
 * One TCP connection by what is there: perl, bash or nc. Prints a word. nc cannot tell a refusal from other failures, so
 * its words are read.
 */
const SCRIPT = String.raw`
host=$1 port=$2
if command -v perl >/dev/null 2>&1; then
  exec perl -e '
    $SIG{ALRM} = sub { print "timeout\n"; exit }; alarm 4;
    my $class = eval { require IO::Socket::IP } ? "IO::Socket::IP" : do { require IO::Socket::INET; "IO::Socket::INET" };
    my $s = $class->new(PeerHost => $ARGV[0], PeerPort => $ARGV[1], Proto => "tcp", Timeout => 3);
    if ($s) { print "connected\n"; exit }
    my $why = "$@ $!";
    print $why =~ /refused/i ? "refused" : $why =~ /timed? ?out/i ? "timeout" : $why =~ /route|unreachable/i ? "unreachable" : "error $why", "\n";
  ' "$host" "$port"
elif command -v bash >/dev/null 2>&1 && command -v timeout >/dev/null 2>&1; then
  why=$(LC_ALL=C timeout 3 bash -c 'exec 3<>"/dev/tcp/$1/$2"' bash "$host" "$port" 2>&1)
elif command -v nc >/dev/null 2>&1; then
  why=$(LC_ALL=C nc -v -w 3 "$host" "$port" </dev/null 2>&1)
else
  echo "error there is neither perl, bash nor nc to try with"; exit
fi
case $?:$why in
  0:*) echo connected ;;
  *refused*) echo refused ;;
  124:*|*imed*out*) echo timeout ;;
  *route*|*unreachable*) echo unreachable ;;
  *) echo "error $why" | tr '\n' ' '; echo ;;
esac
`;

type Execute = (argv: readonly string[], options: ExecuteOptions) => Promise<CommandResult>;

/** Throws when the command itself cannot be run. */
export async function reachInside(
  host: string,
  port: number,
  execute: Execute,
  signal: AbortSignal,
): Promise<Reach> {
  const argv = ['sh', '-c', SCRIPT, 'sh', host, String(port)];
  const done = await execute(argv, { signal, timeoutMs: 15_000 });
  const [word = '', ...rest] = done.stdout.trim().split(' ');
  if (word === 'connected' || word === 'refused' || word === 'timeout' || word === 'unreachable')
    return { outcome: word };
  const message = word === 'error' ? rest.join(' ').trim() : done.stderr.trim();
  return { outcome: 'error', message: message || `exit ${done.exitCode}` };
}
