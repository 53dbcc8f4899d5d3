const SECRET_NAME = /PASS(?!IVE|ENGER)|PWD|SECRET|TOKEN|KEY|CREDENTIAL|AUTHORIZATION|COOKIE/i;
const URL_PASSWORD = /(\b[a-z][a-z0-9+.-]*:\/\/[^\s:/?#@'"]*:)([^\s/?#'"]+)(?=@)/gi;

const ASSIGNED =
  /(\b[\w.-]*(?:passw(?:or)?d|passphrase|secret|token|credential|api_?key|[_-]key)\w*["']?\s*[=:]\s*)("[^"\n]+"|'[^'\n]+'|[^\s,;&"'‹]+)/gi;

/** True when values under this name (an environment key, a header) are shown as length and equality only. */
export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name);
}

/**
 * Replaces secrets inside a text by their length: passwords of URLs (`postgres://app:‹9 chars›@db/x`) and values
 * written after a telling name (`DB_PASSWORD=‹9 chars›`, `"api_key": ‹20 chars›`).
 */
export function redactText(text: string): string {
  return text
    .replace(URL_PASSWORD, (_all, before: string, password: string) => `${before}${hidden(password)}`)
    .replace(ASSIGNED, (_all, before: string, value: string) => `${before}${hidden(unquoted(value))}`);
}

function unquoted(value: string): string {
  return value.replace(/^(["'])(.*)\1$/s, '$2');
}

/** What is shown in place of a secret. */
export function hidden(secret: string): string {
  return `‹${secret.length} chars›`;
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

function redactMember(name: string, value: unknown): unknown {
  if (typeof value !== 'string') return value;
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
