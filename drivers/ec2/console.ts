import { stripVTControlCharacters } from 'node:util';
import { GetConsoleOutputCommand } from '@aws-sdk/client-ec2';
import { redactText } from '../../src/core/redact-text.ts';
import type { Account } from './account.ts';
import { awsCode } from './errors.ts';

/** What the machine printed while it started; empty when AWS has nothing of it (yet). Never throws. */
export async function consoleOutput(account: Account, instanceId: string): Promise<string> {
  for (const latest of [true, false]) {
    try {
      const input = { InstanceId: instanceId, ...(latest && { Latest: true }) };
      const { Output } = await account.ec2.send(new GetConsoleOutputCommand(input));
      return Buffer.from(Output ?? '', 'base64').toString('utf8');
    } catch (error) {
      // The newest output is to be had of machines on Nitro only; others give what they had some minutes ago.
      if (!awsCode(error).startsWith('Unsupported')) return '';
    }
  }
  return '';
}

/** Host keys fill the end of every console, and systemd tells of each job that takes long again and again. */
const NOISE =
  /^(?:ssh-|ecdsa-)\S+ AAAA|^(?:ci-info|ec2): |SSH HOST KEY|^#+$|^\d+ SHA256:\S+ .*\(\w+\)$|^\[[ *]{6}\] |^\s*(?:Starting|Stopping) .*\.{3}$/;

/** The last lines with something in them, without colours and without what looks like a secret. */
export function lastLines(output: string, count: number): readonly string[] {
  return stripVTControlCharacters(output)
    .replaceAll(/\r\n?/g, '\n')
    .split('\n')
    .map((line) => line.trimEnd().slice(0, 300))
    .filter((line) => line !== '' && !NOISE.test(line))
    .slice(-count)
    .map(redactText);
}
