import { z } from 'zod';

const KEYS = ['http_proxy', 'https_proxy', 'ftp_proxy', 'no_proxy'] as const;
const proxy = z.string().nullish().describe('environment of the tests, in both spellings');

/** Test Kitchen's proxy settings, which every verifier takes. */
export const PROXY_SETTINGS = {
  http_proxy: proxy,
  https_proxy: proxy,
  ftp_proxy: proxy,
  no_proxy: proxy,
} as const;

/** The variables of the settings that are set, in both spellings. */
export function proxyEnvironment(
  settings: {
    readonly [key in (typeof KEYS)[number]]?: string | null | undefined;
  },
): Record<string, string> {
  const all: Record<string, string> = {};
  for (const key of KEYS) {
    const value = settings[key];
    if (value == null) continue;
    all[key] = value;
    all[key.toUpperCase()] = value;
  }
  return all;
}
