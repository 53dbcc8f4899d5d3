import { isAbsolute, resolve } from 'node:path';
import type { KeyAdmission, SshEndpoint } from '../../core/endpoint.ts';
import { GalleyError } from '../../core/errors.ts';
import type { Place } from './errors.ts';
import { withSettings } from './index.ts';
import type { SshSettings } from './settings.ts';
import type { HttpProxy } from './sockets.ts';
import { type ConfigOf, parseJump, withHome } from './ssh-config.ts';

/** A machine on the way that is logged in to. */
export interface Stop extends Place {
  readonly keyFiles: readonly string[];
}

/** How the machine is reached, decided before anything is connected. */
export interface Way {
  readonly target: Stop;
  /** Bastions, the first one first. */
  readonly stops: readonly Stop[];
  readonly proxyCommand: string | undefined;
  /** The command is the driver's own. */
  readonly isTunnelled: boolean;
  readonly httpProxy: HttpProxy | undefined;
  readonly password: string | undefined;
  /** Of the machine itself. */
  readonly admission: KeyAdmission | undefined;
}

/** What the kitchen says wins over what the driver says, and both over ~/.ssh/config. */
export function planWay(
  endpoint: SshEndpoint,
  settings: SshSettings,
  configOf: ConfigOf,
  from: { readonly root: string; readonly home: string | undefined },
): Way {
  const given = withSettings(endpoint, settings);
  const file = configOf(given.host);
  const named = settings.ssh_key ?? (given.keyFile === undefined ? undefined : [given.keyFile]);
  const absolute = (path: string): string => {
    const whole = withHome(path, from.home);
    return isAbsolute(whole) ? whole : resolve(from.root, whole);
  };
  const keyFiles = named?.map(absolute) ?? file.keyFiles;
  const target = {
    host: file.host ?? given.host,
    port: given.port === 22 ? (settings.port ?? file.port ?? 22) : given.port,
    username: given.username,
    keyFiles,
  };
  const stopAt = (jump: ReturnType<typeof parseJump>): Stop => {
    const own = configOf(jump.host);
    return {
      host: own.host ?? jump.host,
      port: jump.port ?? own.port ?? 22,
      username: jump.username ?? own.username ?? target.username,
      keyFiles: own.keyFiles.length > 0 ? own.keyFiles : keyFiles,
    };
  };
  const { ssh_gateway: gateway, ssh_gateway_username: gatewayUser, ssh_http_proxy: proxy } = settings;
  const port = settings.ssh_gateway_port === 22 ? {} : { port: settings.ssh_gateway_port };
  const jumps =
    gateway != null
      ? [{ host: gateway, ...port, ...(gatewayUser != null && { username: gatewayUser }) }]
      : settings.ssh_proxy_command != null || proxy != null || given.proxyCommand !== undefined
        ? []
        : file.jumps.map(parseJump);
  const proxyCommand =
    settings.ssh_proxy_command ??
    (jumps.length === 0 && proxy == null ? (given.proxyCommand ?? file.proxyCommand) : undefined);
  return {
    target,
    stops: jumps.map(stopAt),
    proxyCommand: proxyCommand ?? undefined,
    isTunnelled: given.proxyCommand !== undefined && proxyCommand === given.proxyCommand,
    httpProxy: proxy == null ? undefined : httpProxyOf(proxy, settings),
    password: given.password,
    admission: given.admission,
  };
}

function httpProxyOf(proxy: string, settings: SshSettings): HttpProxy {
  const text = proxy.includes('://') ? proxy : `http://${proxy}`;
  if (!URL.canParse(text)) {
    throw new GalleyError({
      code: 'ssh.bad_proxy',
      kind: 'config',
      message: 'ssh_http_proxy: is no address',
      expected: 'proxy.example, or http://proxy.example:3128',
      hint: 'user and password of the proxy are ssh_http_proxy_user: and ssh_http_proxy_password:',
    });
  }
  const url = new URL(text);
  return {
    host: url.hostname,
    port: settings.ssh_http_proxy_port ?? (Number(url.port) || 8080),
    user: settings.ssh_http_proxy_user ?? undefined,
    password: settings.ssh_http_proxy_password ?? undefined,
  };
}
