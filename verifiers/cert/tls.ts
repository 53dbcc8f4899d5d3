import { isAskedInside } from '../../src/checks/asked-inside.ts';
import { isLocalhost } from '../../src/core/loopback.ts';
import type { Probe } from '../../src/core/verifier.ts';
import type { CertPlace, CertSpec } from './schema.ts';

const DEFAULT_TIMEOUT_MS = 5000;

type TlsPlace = Extract<CertPlace, { kind: 'tls' }>;

/** The certificates that a server shows, its own first, as DER. Throws when it cannot be asked. */
export async function fromTls(
  spec: CertSpec,
  place: TlsPlace,
  probe: Probe,
): Promise<{ readonly chain: readonly Buffer[]; readonly source: string }> {
  const isInside = spec.from !== 'instance' && isLocalhost(place.host) && isAskedInside(probe, place.port);
  return isInside || spec.from === 'instance' ? fromInside(spec, place, probe) : fromHere(spec, place, probe);
}

async function fromHere(
  spec: CertSpec,
  place: TlsPlace,
  probe: Probe,
): Promise<{ readonly chain: readonly Buffer[]; readonly source: string }> {
  const published = isLocalhost(place.host) ? probe.address(place.port) : undefined;
  if (isLocalhost(place.host) && !published)
    throw new Error(
      `port ${place.port} of the instance is not published here: create the instance again, or ask with from: instance`,
    );
  const at = published ?? place;
  const { connect } = await import('node:tls');
  const { isIP } = await import('node:net');
  const servername = spec.servername ?? (isIP(place.host) === 0 ? place.host : undefined);
  const chain = await new Promise<Buffer[]>((resolve, reject) => {
    const socket = connect({
      host: at.host,
      port: at.port,
      rejectUnauthorized: false,
      ...(servername !== undefined && { servername }),
    });
    const end = (): void => {
      clearTimeout(limit);
      probe.signal.removeEventListener('abort', cancel);
      socket.destroy();
    };
    const fail = (error: Error): void => {
      end();
      reject(error);
    };
    const cancel = (): void => fail(probe.signal.reason as Error);
    const timeout = spec.timeout ?? DEFAULT_TIMEOUT_MS;
    const limit = setTimeout(() => fail(new Error(`no TLS answer within ${timeout} ms`)), timeout);
    probe.signal.addEventListener('abort', cancel, { once: true });
    socket.once('secureConnect', () => {
      const found: Buffer[] = [];
      let one = socket.getPeerCertificate(true);
      while (one?.raw && !found.some((raw) => raw.equals(one.raw))) {
        found.push(one.raw);
        one = one.issuerCertificate;
      }
      end();
      resolve(found);
    });
    socket.once('error', (error: NodeJS.ErrnoException) =>
      fail(new Error(`no TLS with ${at.host}:${at.port}: ${error.code ?? error.message}`)),
    );
  });
  if (chain.length === 0) throw new Error(`${at.host}:${at.port} showed no certificate`);
  return { chain, source: `TLS from here to ${at.host}:${at.port}` };
}

const SCRIPT = `
host=$1 port=$2 name=$3 seconds=$4
case $host in *:*) to="[$host]:$port" ;; *) to="$host:$port" ;; esac
if command -v openssl >/dev/null 2>&1; then
  echo 'tool openssl'
  exec timeout "$seconds" openssl s_client -showcerts -connect "$to" -servername "$name" </dev/null 2>&1
fi
for ruby in /opt/cinc/embedded/bin/ruby /opt/chef/embedded/bin/ruby ruby; do
  command -v "$ruby" >/dev/null 2>&1 || continue
  echo 'tool ruby'
  exec timeout "$seconds" "$ruby" -ropenssl -rsocket -e '
    begin
      s = OpenSSL::SSL::SSLSocket.new(TCPSocket.new(ARGV[0], ARGV[1].to_i), OpenSSL::SSL::SSLContext.new)
      s.hostname = ARGV[2]
      s.connect
      puts s.peer_cert_chain.map(&:to_pem)
    rescue SystemCallError, SocketError, OpenSSL::SSL::SSLError => e
      puts e.message
    end' "$host" "$port" "$name"
done
echo 'tool none'`;

async function fromInside(
  spec: CertSpec,
  place: TlsPlace,
  probe: Probe,
): Promise<{ readonly chain: readonly Buffer[]; readonly source: string }> {
  const timeoutMs = spec.timeout ?? DEFAULT_TIMEOUT_MS;
  const seconds = String(Math.ceil(timeoutMs / 1000));
  const argv = [
    'sh',
    '-c',
    SCRIPT,
    'sh',
    place.host,
    String(place.port),
    spec.servername ?? place.host,
    seconds,
  ];
  const { stdout, exitCode, via } = await probe.connection.execute(argv, {
    timeoutMs: timeoutMs + 10_000,
    signal: probe.signal,
  });
  const [, tool = 'none'] = /^tool (\S+)/m.exec(stdout) ?? [];
  if (tool === 'none') throw new Error('nothing inside the instance speaks TLS (it has no openssl or ruby)');
  const { pemBlocks, CERTIFICATE } = await import('./read.ts');
  const chain = pemBlocks(stdout, CERTIFICATE).map((block) =>
    Buffer.from(block.replace(/-----[^-]+-----/g, ''), 'base64'),
  );
  if (chain.length === 0) {
    if (exitCode === 124) throw new Error(`no TLS answer within ${timeoutMs} ms`);
    throw new Error(`no TLS with ${place.host}:${place.port}${reasonIn(stdout)}`);
  }
  return { chain, source: `TLS by ${tool} inside the instance (${via})` };
}

/** openssl's own lines have numbers and file names around the words that tell. */
function reasonIn(output: string): string {
  const known =
    /connection refused|no route to host|name or service not known|temporary failure in name resolution|timed out/i;
  const found = known.exec(output)?.[0].toLowerCase();
  if (found !== undefined) return `: ${found}`;
  const line = output.split('\n').find((one) => /errno|error|alert|wrong version/i.test(one));
  return line === undefined ? '' : `: ${line.trim().slice(0, 200)}`;
}
