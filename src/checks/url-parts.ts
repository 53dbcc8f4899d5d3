export interface UrlParts {
  readonly scheme: string;
  readonly host: string;
  readonly port: number | undefined;
  readonly user: string | undefined;
  readonly password: string | undefined;
  readonly db: string | undefined;
}

/**
 * Parts of a connection URL (RFC 3986: scheme://user:password@host:port/db), percent-decoded. Looser than WHATWG
 * about the password, since a badly encoded one is what must be shown. Undefined when it is no URL. Pure.
 */
export function urlParts(text: string): UrlParts | undefined {
  const found =
    /^([a-z][a-z0-9+.-]*):\/\/(?:([^/?#]*)@)?(\[[^\]]*\]|[^/?#:]*)(?::(\d+))?(?:\/([^?#]*))?(?:[?#].*)?$/is.exec(
      text,
    );
  if (!found) return undefined;
  const [, scheme = '', login, host = '', port, db] = found;
  // `u:12/3@db`: the password of a login that is not well encoded would be taken for a port.
  if (login === undefined && port !== undefined && text.includes('@')) return undefined;
  const colon = login?.indexOf(':') ?? -1;
  return {
    scheme: scheme.toLowerCase(),
    host: decode(host.replace(/^\[|\]$/g, '')),
    port: port === undefined ? undefined : Number(port),
    user: login === undefined ? undefined : decode(colon < 0 ? login : login.slice(0, colon)),
    password: login === undefined || colon < 0 ? undefined : decode(login.slice(colon + 1)),
    db: db === undefined || db === '' ? undefined : decode(db),
  };
}

const DATABASE = /^(postgres(ql)?|mysql2?|mariadb|redis|rediss|mongodb|amqps?|memcached?)(\+\w+)?$/;

/** A database's or a broker's: user and path of it are names. Of other URLs both can be a key. */
export function isDatabaseUrl(scheme: string): boolean {
  return DATABASE.test(scheme);
}

/** Words for a value that has no parts; never of the value itself. */
export function whyNoUrl(text: string): string {
  const isLogin = /^[a-z][a-z0-9+.-]*:\/\/[^@]*[/?#][^@]*@/is.test(text);
  const why = isLogin ? ': a /, ? or # before the @ must be percent-encoded in a password' : '';
  return `no URL (${text.length} chars)${why}`;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Which parts of two URLs differ; the password by length only. Undefined when one is no URL or none differ. Pure. */
export function urlDifference(actual: string, wanted: string): string | undefined {
  const [a, b] = [urlParts(actual), urlParts(wanted)];
  if (!a || !b) return undefined;
  const isToken = a.password === undefined || b.password === undefined;
  const parts = (['scheme', 'host', 'port', 'user', 'db'] as const)
    .filter((key) => a[key] !== b[key] && !(key === 'user' && isToken))
    .map((key) => `${key} ${a[key] ?? 'not given'}, expected ${b[key] ?? 'none'}`);
  if (isToken && a.user !== b.user) {
    parts.push(`user differs (${length(a.user)}, expected ${length(b.user)})`);
  }
  if (a.password !== b.password) {
    parts.push(`password differs (${length(a.password)}, expected ${length(b.password)})`);
  }
  const [queryA, queryB] = [afterPath(actual), afterPath(wanted)];
  if (queryA !== queryB) parts.push(`query differs (${length(queryA)}, expected ${length(queryB)})`);
  return parts.length === 0 ? undefined : parts.join('; ');
}

/** What follows the first ? or #. It may hold a password, so only its length is told. */
function afterPath(url: string): string | undefined {
  return /[?#](.*)$/s.exec(url)?.[1];
}

function length(text: string | undefined): string {
  return text === undefined ? 'none' : `${text.length} chars`;
}
