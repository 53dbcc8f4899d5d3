import { createHash } from 'node:crypto';

/** Longest label of a DNS name, and of a host name the kernel accepts with room to spare. */
const MAX_HOST = 63;

/** The instance's name as a host name; a long one keeps its head and gets a hash. */
export function hostName(instance: string): string {
  const name =
    instance
      .toLowerCase()
      .replace(/[^a-z0-9-]+/g, '-')
      .replace(/^-+|-+$/g, '') || 'instance';
  if (name.length <= MAX_HOST) return name;
  const hash = createHash('sha256').update(instance).digest('hex').slice(0, 8);
  return `${name.slice(0, MAX_HOST - 9).replace(/-+$/, '')}-${hash}`;
}
