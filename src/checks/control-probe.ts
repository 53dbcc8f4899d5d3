import { connect, createServer } from 'node:net';
import type { SocketFact } from '../core/snapshot.ts';
import type { Connection } from '../core/transport.ts';

const LIMIT_MS = 5000;

/**
 * Proves that connections can be made from here, so that one that could not be made says something of its other end.
 * Undefined when they can, else why not.
 */
export async function controlFromHost(signal: AbortSignal): Promise<string | undefined> {
  signal.throwIfAborted();
  const server = createServer((socket) => socket.end());
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(0, '127.0.0.1', resolve);
    });
    const address = server.address();
    if (address === null || typeof address === 'string') return 'no port to connect to could be opened here';
    return await new Promise<string | undefined>((resolve) => {
      const socket = connect({ host: '127.0.0.1', port: address.port, signal });
      const timer = setTimeout(() => resolve('a connection to a port of our own took too long'), LIMIT_MS);
      const done = (why: string | undefined): void => {
        clearTimeout(timer);
        socket.destroy();
        resolve(why);
      };
      socket.once('connect', () => done(undefined));
      socket.once('error', (error) => done(`a connection to a port of our own failed: ${error.message}`));
    });
  } catch (error) {
    return `no port to connect to could be opened here: ${error instanceof Error ? error.message : String(error)}`;
  } finally {
    server.close();
  }
}

/**
 * Exit 0: connected; 1: refused; 3: nothing here can connect; anything else: neither. What connects and says nothing
 * comes first: curl's request ends in the log of a server that speaks no HTTP.
 */
const SCRIPT = `
if command -v perl >/dev/null 2>&1; then
  exec perl -MIO::Socket::INET -e 'alarm 3; exit 0 if IO::Socket::INET->new(PeerAddr => "127.0.0.1", PeerPort => $ARGV[0]); exit($!{ECONNREFUSED} ? 1 : 2)' "$1"
fi
if command -v bash >/dev/null 2>&1 && command -v timeout >/dev/null 2>&1; then
  said=$(LC_ALL=C timeout 3 bash -c 'exec 3<>"/dev/tcp/127.0.0.1/$1"' bash "$1" 2>&1) && exit 0
  case $said in *refused*) exit 1 ;; esac; exit 2
fi
if command -v curl >/dev/null 2>&1; then
  t=$(curl -qs -o /dev/null -m 3 --noproxy '*' -w '%{time_connect}' "http://127.0.0.1:$1/"); code=$?
  # Zero when there was no connection; 0.000120 is one.
  case $t in *[1-9]*) exit 0 ;; esac
  [ $code = 7 ] && exit 1; exit 2
fi
exit 3
`;

const GOOD_FOR_MS = 1000;
const lately = new WeakMap<object, { readonly at: number; readonly done: Promise<string | undefined> }>();

/**
 * The same from inside the instance, against a port on which something listens there; without one a closed port must
 * refuse at once. Checks that look at about the same time share one such look.
 */
export function controlFromInstance(
  connection: Pick<Connection, 'execute'>,
  sockets: readonly SocketFact[],
  signal: AbortSignal,
): Promise<string | undefined> {
  const last = lately.get(connection);
  if (last && performance.now() - last.at < GOOD_FOR_MS) return last.done;
  const done = lookFromInstance(connection, sockets, signal);
  lately.set(connection, { at: performance.now(), done });
  return done;
}

/** Open ports that are tried at most: one may be hung, and that one is no proof that nothing can be reached. */
const PORTS = 3;

async function lookFromInstance(
  connection: Pick<Connection, 'execute'>,
  sockets: readonly SocketFact[],
  signal: AbortSignal,
): Promise<string | undefined> {
  const exitCodeOf = async (port: number): Promise<number> => {
    const command = ['/bin/sh', '-c', SCRIPT, 'sh', String(port)];
    return (await connection.execute(command, { timeoutMs: LIMIT_MS, signal })).exitCode;
  };
  const [first, ...others] = openPorts(sockets).slice(0, PORTS);
  if (first === undefined) {
    const exitCode = await exitCodeOf(1);
    return exitCode === 1
      ? undefined
      : `inside the instance even a closed port does not refuse (exit ${exitCode})`;
  }
  const exitCode = await exitCodeOf(first);
  if (exitCode === 0 || (await Promise.all(others.map(exitCodeOf))).includes(0)) return undefined;
  const ports = [first, ...others];
  return `inside the instance no connection to its own open port ${ports.join(', ')} could be made either (exit ${exitCode})`;
}

/** Those of TCP that the loopback leads to, each once. */
function openPorts(sockets: readonly SocketFact[]): readonly number[] {
  const open = sockets.filter(
    ({ state, protocol, localAddress }) =>
      state === 'listen' &&
      protocol === 'tcp' &&
      (localAddress === '0.0.0.0' || localAddress === '127.0.0.1' || localAddress === '::'),
  );
  return [...new Set(open.map(({ localPort }) => localPort))];
}
