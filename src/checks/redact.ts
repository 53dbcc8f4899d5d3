import { hidden, redactText } from '../core/redact-text.ts';

export { hidden, redactText };

const SECRET_NAME = /PASS(?!IVE|ENGER)|PWD|SECRET|TOKEN|KEY|CREDENTIAL|AUTHORIZATION|COOKIE/i;

/** True when values under this name (an environment key, a header) are shown as length and equality only. */
export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name);
}

const LONGEST = 300;

/** One line of a value for a message: JSON-like, long texts cut, secrets as their length, URL passwords hidden. */
export function describeValue(value: unknown, options: { readonly secret?: boolean } = {}): string {
  if (value === undefined || value === null) return 'not set';
  if (options.secret) return describeHidden(value);
  if (typeof value === 'string') return quote(redactText(value));
  if (typeof value === 'object') return cut(JSON.stringify(value, redactMember));
  return scalarText(value);
}

function describeHidden(value: unknown): string {
  if (typeof value === 'string') return hidden(value);
  if (Array.isArray(value)) return `[${value.map((item) => describeHidden(item)).join(', ')}]`;
  return hidden(typeof value === 'object' ? JSON.stringify(value) : scalarText(value));
}

function scalarText(value: unknown): string {
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : typeof value;
}

/** Beside texts; `primary_key: 3` and `keys: […]` are no secrets. */
const TELLING_NAME = /PASS(?!IVE|ENGER)|PWD|SECRET|CREDENTIAL|TOKENS?$|API_?KEYS?$|PRIVATE_?KEYS?$/i;

function redactMember(name: string, value: unknown): unknown {
  if (typeof value !== 'string') {
    const isTold = value === null || typeof value === 'boolean' || !TELLING_NAME.test(name);
    return isTold ? value : describeHidden(value);
  }
  return isSecretName(name) ? hidden(value) : redactText(value);
}

function quote(text: string): string {
  const shown = text.length > LONGEST ? text.slice(0, LONGEST) : text;
  const rest = text.length > LONGEST ? `… (${text.length} chars)` : '';
  return `${JSON.stringify(shown)}${rest}`;
}

function cut(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}… (${text.length} chars)` : text;
}
