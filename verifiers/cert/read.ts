/** The blocks of a PEM text of one kind. */
export function pemBlocks(text: string, kind: RegExp): string[] {
  return [...text.matchAll(/-----BEGIN ([A-Z0-9 ]+)-----[\s\S]*?-----END \1-----/g)]
    .filter(([, name = '']) => kind.test(name))
    .map(([block]) => block);
}

export const CERTIFICATE = /^(X509 |TRUSTED )?CERTIFICATE$/;
export const PRIVATE_KEY = /PRIVATE KEY$/;

/** Certificates of PEM or DER bytes. Throws when there are none, or one is broken. */
export async function certificatesOf(bytes: Buffer): Promise<import('node:crypto').X509Certificate[]> {
  const { X509Certificate } = await import('node:crypto');
  const blocks = pemBlocks(bytes.toString('latin1'), CERTIFICATE);
  if (blocks.length > 0) return blocks.map((block) => new X509Certificate(block));
  // DER is a SEQUENCE.
  if (bytes[0] !== 0x30) throw new Error('there is no certificate in it, neither PEM nor DER');
  return [new X509Certificate(bytes)];
}

/** Those authorities of a bundle that may have signed one of the certificates: a bundle has hundreds. */
export async function authoritiesFor(
  bundle: Buffer,
  chain: readonly import('node:crypto').X509Certificate[],
): Promise<import('node:crypto').X509Certificate[]> {
  const names = new Set(chain.flatMap((cert) => [cert.issuer, cert.subject]));
  const all = await certificatesOf(bundle);
  return all.filter((cert) => names.has(cert.subject));
}
