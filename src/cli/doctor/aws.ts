import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { InstanceConfig } from '../../core/kitchen.ts';
import type { Env, Host } from '../host.ts';
import { type AwsFiles, parseAwsFiles } from './aws-files.ts';
import type { Finding } from './finding.ts';
import { judgeCredentials, judgeEndpoint, judgeRegion } from './judge-aws.ts';

export function usesAws(config: InstanceConfig): boolean {
  return config.driver.name === 'ec2' || config.transport.name === 'ssm';
}

/** Credentials and region for each profile that instances name, from environment and files alone. */
export async function probeAws(host: Host, configs: readonly InstanceConfig[]): Promise<readonly Finding[]> {
  const wishes = configs.filter(usesAws).map(({ driver: { settings } }) => ({
    profile: textOf(settings['shared_credentials_profile'] ?? settings['profile']),
    region: textOf(settings['region']),
    endpoint: textOf(settings['endpoint']),
  }));
  const distinct = new Map(wishes.map((wish) => [JSON.stringify(wish), wish]));
  if (distinct.size === 0) return [];
  const { files, tokens } = await readFiles(host.env);
  const isEc2 = await isEc2Machine();
  const facts = {
    env: host.env,
    files,
    tokenEnds: (session: string) => tokens.get(session),
    fileExists: existsSync,
    isEc2,
    now: Date.now(),
  };
  const found = [...distinct.values()].flatMap((wish) => [
    judgeCredentials({ ...facts, ...wish }),
    judgeRegion({ ...facts, ...wish }),
    ...judgeEndpoint(host.env, wish.endpoint),
  ]);
  return [...new Map(found.map((one) => [JSON.stringify(one), one])).values()];
}

/** The shared files, and when the kept SSO tokens end. Nothing else of a token is kept. */
async function readFiles(
  env: Env,
): Promise<{ readonly files: AwsFiles; readonly tokens: ReadonlyMap<string, number> }> {
  const folder = join(env['HOME'] ?? '/nonexistent', '.aws');
  const read = (path: string) => readFile(path, 'utf8').catch(() => '');
  const files = parseAwsFiles(
    await read(env['AWS_SHARED_CREDENTIALS_FILE'] || join(folder, 'credentials')),
    await read(env['AWS_CONFIG_FILE'] || join(folder, 'config')),
  );
  const urls = [...files.profiles.values()].flatMap((profile) => profile['sso_start_url'] ?? []);
  const tokens = new Map<string, number>();
  for (const session of [...files.ssoSessions.keys(), ...urls]) {
    // The AWS tools name the file by the SHA-1 of the session's name, or of the start URL in the older form.
    const name = `${createHash('sha1').update(session).digest('hex')}.json`;
    const ends = endOf(await read(join(folder, 'sso', 'cache', name)));
    if (ends !== undefined) tokens.set(session, ends);
  }
  return { files, tokens };
}

function endOf(token: string): number | undefined {
  try {
    const ends = Date.parse((JSON.parse(token) as { expiresAt?: string }).expiresAt ?? '');
    return Number.isNaN(ends) ? undefined : ends;
  } catch {
    return undefined;
  }
}

async function isEc2Machine(): Promise<boolean> {
  const vendor = await readFile('/sys/devices/virtual/dmi/id/sys_vendor', 'utf8').catch(() => '');
  return vendor.includes('Amazon EC2');
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
