import type { PluginHost } from '../core/plugin-host.ts';

/** Proxy settings that every provisioner takes; null or absent means the caller's environment. */
export interface ProxySettings {
  readonly http_proxy?: string | null | undefined;
  readonly https_proxy?: string | null | undefined;
  readonly ftp_proxy?: string | null | undefined;
  readonly no_proxy?: string | null | undefined;
}

/**
 * Environment of a command on the instance, as Test Kitchen exports it: TEST_KITCHEN, CI, CHEF_LICENSE, proxies in
 * both spellings, and each TKENV_NAME of the caller as NAME.
 */
export function remoteEnvironment(settings: ProxySettings, host: PluginHost): Record<string, string> {
  const env: Record<string, string> = { TEST_KITCHEN: '1' };
  for (const name of ['CI', 'CHEF_LICENSE'] as const) {
    const value = host.env[name];
    if (value) env[name] = value;
  }
  for (const name of ['http_proxy', 'https_proxy', 'ftp_proxy', 'no_proxy'] as const) {
    const value = settings[name] ?? host.env[name] ?? host.env[name.toUpperCase()];
    if (!value) continue;
    env[name] = value;
    env[name.toUpperCase()] = value;
  }
  for (const [name, value] of Object.entries(host.env)) {
    if (name.startsWith('TKENV_') && value !== undefined) env[name.slice('TKENV_'.length)] = value;
  }
  return env;
}
