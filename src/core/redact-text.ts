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
