import { hidden, isSecretName, redactText } from './redact.ts';
import { isDatabaseUrl, urlParts } from './url-parts.ts';

/** Longer values are data, keys or tokens; and one that is cut could hide from the masking of known secrets. */
const LONGEST = 100;
/** Names beside those of `isSecretName` whose values may be secret. */
const TELLING =
  /AUTH|CRED|SALT|JWT|PRIV|SIGN|SESSION|NONCE|SEED|HASH|CERT|WEBHOOK|DSN|LICEN[CS]E|CONN|(^|_)(PW|OTP|PIN|PAT|SK|ID)S?(_|$)/i;
/** What settings are made of: words, paths, versions, numbers, lists, options. */
const PLAIN = /^[\p{L}\p{N}_./:,@+=~ -]*$/u;
/** `user:password@host`, `user/password@name`. */
const LOGIN = /[:/].*@/;
const ASSIGNED = /(^|[^a-z])(pw|pwd|pass|auth|sig|key|basic|bearer|token)\w*\s*[=: ]/i;

/**
 * The value of a variable for a message, in quotes, when neither its name nor its looks say that it may be secret; of a
 * database's URL the password as its length. Undefined: only its length may be told. In doubt it is not shown; secrets
 * that the run knows are masked besides (src/core/redactor.ts).
 */
export function shownVariable(name: string, value: string): string | undefined {
  if (isTelling(name) || value.length > LONGEST) return undefined;
  const url = value.includes('://') ? shownUrl(value) : undefined;
  if (url !== undefined) return JSON.stringify(url);
  const isShown = PLAIN.test(value) && !LOGIN.test(value) && !value.includes('://') && isInnocent(value);
  return isShown ? JSON.stringify(value) : undefined;
}

/** The same of what is expected, in words such as `contains "prod"`. */
export function isShownWords(name: string, words: string): boolean {
  return !isTelling(name) && words.length <= LONGEST && !/:\/\/|@/.test(words) && isInnocent(words);
}

function isTelling(name: string): boolean {
  return isSecretName(name) || TELLING.test(name);
}

/** Users of other URLs, and what follows a `?`, can be keys. */
function shownUrl(value: string): string | undefined {
  const parts = urlParts(value);
  if (parts === undefined || /[?#\s,]/.test(value)) return undefined;
  const { scheme, user, password, db } = parts;
  if (user !== undefined && (!isDatabaseUrl(scheme) || password === undefined)) return undefined;
  const [, start = '', place = ''] = /^([^/]*\/\/)(?:[^/]*@)?(.*)$/s.exec(value) ?? [];
  const rest = [parts.host, user ?? '', db ?? ''];
  if (!rest.every((text) => PLAIN.test(text) && !text.includes('@') && isInnocent(text))) return undefined;
  return `${start}${user === undefined ? '' : `${user}:${hidden(password ?? '')}@`}${place}`;
}

/** No assignment of a secret in it, and nothing that looks as if nobody had made it up. */
function isInnocent(text: string): boolean {
  if (redactText(text) !== text || ASSIGNED.test(text)) return false;
  return !text.split(/[^A-Za-z0-9]+/).some(isRandom) && !/[0-9a-f]{8}(-[0-9a-f]{4}){3}-/i.test(text);
}

function isRandom(word: string): boolean {
  if (word.length >= 10 && /[a-z]/i.test(word) && /\d/.test(word)) return true;
  return word.length >= 16 && /[a-z]/.test(word) && /[A-Z]/.test(word);
}
