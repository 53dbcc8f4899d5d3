/** A cookie that an answer sets (RFC 6265, 5.2). */
export interface Cookie {
  readonly name: string;
  readonly value: string;
  readonly path: string | undefined;
  readonly domain: string | undefined;
  readonly sameSite: string | undefined;
  readonly secure: boolean;
  readonly httpOnly: boolean;
  /** Seconds that it lives, from Max-Age, else from Expires by the clock here; undefined: until the browser ends. */
  readonly maxAge: number | undefined;
}

/** Of several with one name the last counts. Pure. */
export function parseCookies(headers: readonly string[], now: number): ReadonlyMap<string, Cookie> {
  return new Map(
    headers.flatMap((header): [string, Cookie][] => {
      const [pair = '', ...rest] = header.split(';');
      const at = pair.indexOf('=');
      if (at < 0) return [];
      const name = pair.slice(0, at).trim();
      const attributes = new Map(
        rest.map((part): [string, string] => {
          const equals = part.indexOf('=');
          const key = (equals < 0 ? part : part.slice(0, equals)).trim().toLowerCase();
          return [key, equals < 0 ? '' : part.slice(equals + 1).trim()];
        }),
      );
      return [[name, cookieOf(name, pair.slice(at + 1).trim(), attributes, now)]];
    }),
  );
}

function cookieOf(name: string, value: string, given: ReadonlyMap<string, string>, now: number): Cookie {
  const sameSite = given.get('samesite');
  const expires = Date.parse(given.get('expires') ?? '');
  const age = given.get('max-age');
  const isNumber = age !== undefined && /^-?\d+$/.test(age);
  return {
    name,
    value,
    path: given.get('path'),
    domain: given.get('domain'),
    sameSite:
      sameSite === undefined ? undefined : sameSite.charAt(0).toUpperCase() + sameSite.slice(1).toLowerCase(),
    secure: given.has('secure'),
    httpOnly: given.has('httponly'),
    maxAge: isNumber ? Number(age) : Number.isNaN(expires) ? undefined : Math.round((expires - now) / 1000),
  };
}
