const SECRET_NAME = /PASS(?!IVE|ENGER)|PWD|SECRET|TOKEN|KEY|CREDENTIAL|AUTHORIZATION|COOKIE/i;
// Texts are what machines send, so each repetition has an end: an open one before a word takes hours of some texts.
const URL_PASSWORD = /(\b[a-z][a-z0-9+.-]{0,30}:\/\/[^\s:/?#@'"]{0,300}:)([^\s/?#'"]{1,2000})(?=@)/gi;

const ASSIGNED =
  /((?:passw(?:or)?d|passphrase|secret|token|credential|api_?key|[_-]key)\w{0,64}["']?\s{0,20}[=:]\s{0,20})("[^"\n]+"|'[^'\n]+'|[^\s,;&"'‹[{]+|(?<=:\s{0,20})\[[^\]\n]{0,2000}\]|(?<=:\s{0,20})\{[^}\n]{0,2000}\})/gi;

/** A member of JSON whose value is no text: it ends where the value does, and not at the next space. */
const JSON_MEMBER =
  /((?:passw(?:or)?d|passphrase|secret|token|credential|api_?key|[_-]key)\w{0,64}"\s{0,20}:\s{0,20})(-?[\w.+]+)(?=[\s,}\]])/gi;

/** `DB_PASSWORD=a,b'c`: in an environment everything up to the next space is the value. */
const IN_ENVIRONMENT =
  /((?:PASSWO?R?D?|PASSPHRASE|SECRET|TOKEN|CREDENTIAL|API_?KEY|_KEY)[A-Z0-9_]{0,64}=)([^\s"'‹&][^\s"‹&]*)/g;

/** Heads of HTTP: `Authorization: Bearer …`, `Cookie: …`; the scheme is no secret. */
const AUTHORIZATION =
  /(\b(?:proxy-)?authorization["']?\s*[:=]\s*["']?(?:(?:basic|bearer|digest|token|negotiate)\s+)?)([^\s"'‹]+)/gi;
const COOKIE = /(\b(?:set-)?cookie["']?: ?["']?)([^\r\n"'‹]+?)(?=\\r|\\n|[\r\n"']|$)/gi;

/** True when values under this name (an environment key, a header) are shown as length and equality only. */
export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name);
}

/**
 * Replaces secrets inside a text by their length: passwords of URLs (`postgres://app:‹9 chars›@db/x`) and values
 * written after a telling name (`DB_PASSWORD=‹9 chars›`, `"api_key": ‹20 chars›`).
 */
export function redactText(text: string): string {
  return [URL_PASSWORD, AUTHORIZATION, COOKIE, IN_ENVIRONMENT, JSON_MEMBER, ASSIGNED].reduce(
    (shown, pattern) =>
      shown.replace(pattern, (_all, before: string, value: string) => `${before}${hidden(unquoted(value))}`),
    text,
  );
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
