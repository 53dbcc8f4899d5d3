import pc from 'picocolors';
import { defineCommand } from '../command.ts';
import type { Finding } from '../doctor/finding.ts';
import { EXIT_CODES } from '../exit-codes.ts';
import type { Host } from '../host.ts';
import { type Selection, selectionOptions } from '../selection.ts';

interface DoctorArgs extends Selection {
  readonly json: boolean;
}

export const doctor = defineCommand<DoctorArgs>({
  command: 'doctor [instances..]',
  describe: 'look whether everything that the instances need is there, and say how to fix what is not',
  options: (yargs) =>
    selectionOptions(yargs).option('json', {
      alias: 'j',
      type: 'boolean',
      default: false,
      describe: 'as JSON',
    }) as never,
  run: async (args, host) => {
    const { examine } = await import('../doctor/examine.ts');
    const findings = await examine(args, host);
    if (args.json) host.stdout.write(`${JSON.stringify(findings, null, 2)}\n`);
    else print(findings, host);
    return findings.some((one) => one.status === 'fail') ? EXIT_CODES.infrastructure : 0;
  },
});

function print(findings: readonly Finding[], host: Host): void {
  const colors = pc.createColors(host.stdout.color);
  const paint = { ok: colors.green, warn: colors.yellow, fail: colors.red };
  const width = Math.max(...findings.map((one) => one.probe.length));
  for (const { probe, status, message, fix } of findings) {
    host.stdout.write(`${paint[status](status.padEnd(4))}  ${probe.padEnd(width)}  ${message}\n`);
    if (fix !== undefined) host.stdout.write(`${' '.repeat(6)}${' '.repeat(width)}  → ${fix}\n`);
  }
  const count = (status: Finding['status']) => findings.filter((one) => one.status === status).length;
  host.stdout.write(`${count('ok')} ok, ${count('warn')} to look at, ${count('fail')} to fix\n`);
}
