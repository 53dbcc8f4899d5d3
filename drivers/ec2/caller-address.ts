import { GalleyError } from '../../src/core/errors.ts';
import { isLocalhost } from '../../src/core/loopback.ts';
import type { Account } from './account.ts';
import type { Ec2Config } from './config.ts';

/** AWS's own answer to "which address do I come from". */
const ASK = 'https://checkip.amazonaws.com/';
const TIMEOUT_MS = 10_000;

/** Addresses that may reach the group that is made: the config's, else the caller's alone. */
export async function callerRanges(
  account: Account,
  config: Pick<Ec2Config, 'cidrs' | 'interface'>,
  signal: AbortSignal,
): Promise<readonly string[]> {
  if (config.cidrs) return config.cidrs;
  if (account.endpoint !== undefined && isLocalhost(new URL(account.endpoint).hostname))
    return ['127.0.0.1/32'];
  if (config.interface?.startsWith('private')) {
    throw unknownAddress(`interface: ${config.interface} does not tell from which address you come`);
  }
  try {
    const answer = await fetch(ASK, { signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]) });
    const text = (await answer.text()).trim();
    if (/^\d{1,3}(?:\.\d{1,3}){3}$/.test(text)) return [`${text}/32`];
    throw new Error(`${ASK} answered ${answer.status} ${text.slice(0, 80)}`);
  } catch (error) {
    signal.throwIfAborted();
    throw unknownAddress((error as Error).message, error);
  }
}

/** What is to be said of a group that is open to every address; undefined when it is not. */
export function openToAll(ranges: readonly string[], ports: readonly number[]): string | undefined {
  const open = ranges.filter((range) => range.endsWith('/0'));
  if (open.length === 0) return undefined;
  const words = ports.length === 1 ? `port ${ports[0]}` : `ports ${ports.join(', ')}`;
  return `security_group_cidr_ip: ${open.join(', ')} lets everybody try ${words} of the machines; without it only your own address may`;
}

function unknownAddress(reason: string, cause?: unknown): GalleyError {
  return new GalleyError({
    code: 'ec2.caller_unknown',
    kind: 'infrastructure',
    message: 'your own address, for which the security group is opened, could not be found out',
    details: [reason],
    hint: 'write security_group_cidr_ip: YOUR.ADDRESS/32, or name a group of yours under security_group_ids:',
    ...(cause !== undefined && { cause }),
  });
}
