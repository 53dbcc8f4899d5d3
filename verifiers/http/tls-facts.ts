import type { TLSSocket } from 'node:tls';
import type { buildConnector } from 'undici';

/** What a TLS connection told of itself. */
export interface TlsFacts {
  /** Whether the certificate is signed by an authority known here and is for the name asked for. */
  readonly verified: boolean;
  /** Why not. */
  readonly reason: string | undefined;
  /** `TLSv1.3` */
  readonly protocol: string;
  readonly subject: string;
  readonly issuer: string;
  readonly san: readonly string[];
  /** Whole days until it expires, by the clock here; negative: expired. */
  readonly daysLeft: number;
}

/** Undici's connector, which tells of each connection with TLS that it makes. */
export async function watchedConnector(
  options: { readonly rejectUnauthorized: boolean; readonly servername?: string },
  onConnect: (facts: TlsFacts | undefined) => void,
): Promise<buildConnector.connector> {
  const { buildConnector: build } = await import('undici');
  const connect = build({ timeout: 0, ...options });
  return (to, callback) =>
    connect(to, (...result) => {
      const [, socket] = result;
      if (socket) onConnect(tlsFactsOf(socket));
      callback(...result);
    });
}

/** Of a connected socket; undefined for one without TLS. */
function tlsFactsOf(socket: object): TlsFacts | undefined {
  if (!('getPeerCertificate' in socket)) return undefined;
  const tls = socket as TLSSocket;
  const certificate = tls.getPeerCertificate();
  const reason = tls.authorized ? undefined : String(tls.authorizationError);
  return {
    verified: tls.authorized,
    reason,
    protocol: tls.getProtocol() ?? 'unknown',
    subject: nameOf(certificate.subject),
    issuer: nameOf(certificate.issuer),
    san: namesIn(certificate.subjectaltname ?? ''),
    daysLeft: Math.floor((Date.parse(certificate.valid_to) - Date.now()) / 86_400_000),
  };
}

function nameOf(
  name: { readonly CN?: string | string[]; readonly O?: string | string[] } | undefined,
): string {
  return String(name?.CN ?? name?.O ?? '');
}

/** `DNS:example.com, IP Address:10.0.0.1` */
export function namesIn(text: string): string[] {
  return text
    .split(', ')
    .map((part) => part.replace(/^[A-Za-z ]+:/, ''))
    .filter((part) => part !== '');
}
