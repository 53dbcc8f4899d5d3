import { isIP } from 'node:net';

export interface Target {
  /** Name or address; undefined means any. */
  readonly host: string | undefined;
  readonly port: number;
  /** Of a unix socket (`@name` when abstract), in place of host and port. */
  readonly path?: string | undefined;
}

/** `/run/db.sock`, `@name`, `5432`, `db:5432`, `10.0.0.5:5432`, `[::1]:5432`. Undefined when it is none of these. */
export function parseTarget(text: string): Target | undefined {
  if (/^[/@]./.test(text)) return { host: undefined, port: 0, path: text.replace(/^\/var\/run\//, '/run/') };
  const found = /^(?:(?:\[([0-9a-fA-F:.]+)\]|([^\s:/]+)):)?(\d{1,5})$/.exec(text.trim());
  const port = Number(found?.[3]);
  if (!found || port < 1 || port > 65_535) return undefined;
  return { host: found[1] ?? found[2], port };
}

/** The name that must be resolved on the instance to know the target's addresses. */
export function nameToResolve(target: Target | undefined): string | undefined {
  return target?.host !== undefined && isIP(target.host) === 0 ? target.host : undefined;
}

/** IPv4 through an IPv6 socket is the same connection target. */
export function plainAddress(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/, '');
}
