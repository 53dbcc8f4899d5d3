import { slug } from './slug.ts';

/** Shown in place of a known secret. */
const MASK = '[redacted]';
/** Shorter values would mask innocent text. */
export const SHORTEST_SECRET = 6;
/** A shorter line of a secret may be one that many texts have, such as `}`. */
const LONG_LINE = 16;
/** Fields that name things of the kitchen: reporters and log files depend on them, and no output gets into them. */
const NAMING = new Set([
  'type',
  'instance',
  'action',
  'outcome',
  'status',
  'kind',
  'code',
  'file',
  'logDir',
  'log',
]);

/** Returns a copy of plain data in which every occurrence of a secret in a text is masked. */
export type Redact = <T>(value: T) => T;

/**
 * Masks values that are known to be secret wherever they turn up, also as they look inside a URL, in JSON, in a
 * shell or YAML quote and in the id of a check. What is merely derived from a secret (a hash, base64) is not recognised.
 */
export function createRedact(secrets: Iterable<string>): Redact {
  const forms = new Set<string>();
  for (const secret of secrets) {
    // Output comes line by line, and so does what is in it of a key of several lines.
    const lines = secret.includes('\n')
      ? secret.split(/\r?\n/).filter((line) => line.length >= LONG_LINE)
      : [];
    for (const part of [secret, ...lines]) addForms(forms, part);
  }
  // Longest first, so that a secret that contains another one is masked whole.
  const ordered = [...forms].toSorted((a, b) => b.length - a.length);
  if (ordered.length === 0) return (value) => value;
  const text = (value: string): string =>
    ordered.reduce((masked, form) => (masked.includes(form) ? masked.replaceAll(form, MASK) : masked), value);
  const deep = (value: unknown): unknown => {
    if (typeof value === 'string') return text(value);
    if (Array.isArray(value)) return value.map(deep);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [
        key,
        typeof item !== 'object' && NAMING.has(key) ? item : deep(item),
      ]),
    );
  };
  return <T>(value: T): T => deep(value) as T;
}

function addForms(forms: Set<string>, secret: string): void {
  if (secret.length < SHORTEST_SECRET) return;
  for (const form of [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)])
    forms.add(form);
  // The id of a check is made of its title.
  const inId = slug(secret);
  if (inId.length >= SHORTEST_SECRET) forms.add(inId);
}
