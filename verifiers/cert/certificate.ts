import type { KeyObject, X509Certificate } from 'node:crypto';

/** What is told of a certificate. */
export interface CertFact {
  readonly subject: string;
  readonly cn: string | undefined;
  readonly issuer: string;
  readonly san: readonly string[];
  /** Seconds since the epoch. */
  readonly notBefore: number;
  readonly notAfter: number;
  readonly keyType: string;
  readonly keyBits: number | undefined;
  readonly isSelfSigned: boolean;
  readonly serial: string;
  readonly fingerprint: string;
}

/** The lines of node's names (`C=DE\nO=x\nCN=y`) as one, the common name first. */
function oneLine(name: string): string {
  const parts = name.split('\n').filter(Boolean);
  return parts.toReversed().join(', ');
}

export function factOf(cert: X509Certificate): CertFact {
  const { publicKey } = cert;
  const details = publicKey.asymmetricKeyDetails;
  return {
    subject: oneLine(cert.subject ?? ''),
    cn: /^CN=(.*)$/m.exec(cert.subject ?? '')?.[1],
    issuer: oneLine(cert.issuer ?? ''),
    san: namesOf(cert.subjectAltName ?? ''),
    notBefore: Date.parse(cert.validFrom) / 1000,
    notAfter: Date.parse(cert.validTo) / 1000,
    keyType: publicKey.asymmetricKeyType ?? 'unknown',
    keyBits:
      details?.modulusLength ?? CURVES[details?.namedCurve ?? ''] ?? FIXED[publicKey.asymmetricKeyType ?? ''],
    isSelfSigned: isSignedBy(cert, cert),
    serial: cert.serialNumber,
    fingerprint: cert.fingerprint256,
  };
}

const CURVES: Readonly<Record<string, number>> = {
  prime256v1: 256,
  secp256k1: 256,
  secp384r1: 384,
  secp521r1: 521,
};
const FIXED: Readonly<Record<string, number>> = { ed25519: 256, ed448: 456 };

/** `DNS:a, IP Address:10.0.0.1` without the words. Quoted parts (names with odd characters) are JSON. */
function namesOf(text: string): string[] {
  return [...text.matchAll(/(?:^|, )[^:,]+:("(?:[^"\\]|\\.)*"|[^,]*)/g)].map(([, name = '']) =>
    name.startsWith('"') ? (JSON.parse(name) as string) : name,
  );
}

function isSignedBy(cert: X509Certificate, by: X509Certificate): boolean {
  return cert.checkIssued(by) && cert.verify(by.publicKey);
}

/** Why the chain is not trusted; undefined when it is. `now`: seconds since the epoch. */
export function chainProblem(
  leaf: X509Certificate,
  others: readonly X509Certificate[],
  authorities: readonly X509Certificate[],
  now: number,
): string | undefined {
  let current = leaf;
  for (let depth = 0; depth < 10; depth += 1) {
    const fact = factOf(current);
    if (fact.notAfter < now) return `${fact.subject || 'a certificate of the chain'} has expired`;
    if (fact.notBefore > now) return `${fact.subject || 'a certificate of the chain'} is not valid yet`;
    if (authorities.some((one) => one.fingerprint256 === current.fingerprint256)) return undefined;
    const authority = authorities.find((one) => isSignedBy(current, one));
    if (authority) {
      const root = factOf(authority);
      return root.notAfter < now ? `the authority ${root.subject} has expired` : undefined;
    }
    if (fact.isSelfSigned)
      return depth === 0
        ? 'it is signed by itself'
        : `it ends at ${fact.subject}, which is not among the authorities`;
    const next = others.find(
      (one) => one.fingerprint256 !== current.fingerprint256 && isSignedBy(current, one),
    );
    if (!next) return `the certificate of its issuer is missing: ${fact.issuer}`;
    if (!next.ca) return `${factOf(next).subject} signed it and may not sign`;
    current = next;
  }
  return 'the chain is longer than 10 certificates';
}

export type KeyVerdict = 'matches' | 'differs';

export function keyVerdict(cert: X509Certificate, key: KeyObject): KeyVerdict {
  return cert.checkPrivateKey(key) ? 'matches' : 'differs';
}
