import { execFileSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand, tail } from '../run-command.ts';
import { galleySide } from './galley-side.ts';
import type { Machine } from './machine.ts';
import type { Row, Side } from './row.ts';

const INSTALL = join(import.meta.dirname, '../../test/tools/install-inspec.sh');

/** All three, in the order in which they take turns. */
export async function sidesOf(
  machine: Machine,
  rows: readonly Row[],
  signal: AbortSignal,
): Promise<readonly Side[]> {
  return [
    galleySide(machine),
    await inspecSide(machine, rows, signal),
    await shellSide(machine, rows, signal),
  ];
}

interface InspecReport {
  readonly statistics: { readonly duration: number };
  readonly profiles: readonly {
    readonly controls: readonly { readonly id: string; readonly results?: readonly { status: string }[] }[];
  }[];
}

async function inspecSide(machine: Machine, rows: readonly Row[], signal: AbortSignal): Promise<Side> {
  const program = execFileSync('bash', [INSTALL], { encoding: 'utf8' }).trim();
  const env = { ...process.env, CHEF_LICENSE: 'accept-no-persist', HOME: machine.work };
  const version = execFileSync(program, ['version'], { encoding: 'utf8', env }).trim().split('\n')[0];
  const profile = join(machine.work, 'checks.rb');
  const json = join(machine.work, 'inspec.json');
  const controls = rows.map(({ id, inspec }) => `control '${id}' do\n${inspec}\nend\n`);
  await writeFile(profile, controls.join('\n'));
  const args = ['exec', profile, '-t', `docker://${machine.containerId}`, '--no-color'];
  return {
    name: 'inspec',
    title: `InSpec ${version}`,
    async run(only) {
      const chosen = only === undefined ? [] : ['--controls', only];
      const reporters = ['--reporter', 'cli', `json:${json}`];
      const command = { file: program, args: [...args, ...chosen, ...reporters], cwd: machine.work, env };
      const { seconds, output, exitCode } = await runCommand(command, signal);
      if (exitCode !== 0 && exitCode !== 100) throw new Error(`inspec: exit ${exitCode}\n${tail(output)}`);
      const report = JSON.parse(await readFile(json, 'utf8')) as InspecReport;
      const all = report.profiles.flatMap((one) => one.controls);
      const has = (status: string): ReadonlySet<string> =>
        new Set(all.filter((one) => one.results?.some((r) => r.status === status)).map((one) => one.id));
      const failed = has('failed');
      const skipped = has('skipped');
      const passed = [...has('passed')].filter((id) => !failed.has(id) && !skipped.has(id));
      return {
        seconds,
        lookingSeconds: report.statistics.duration,
        passed: new Set(passed),
        failed,
        output,
      };
    },
  };
}

/** What somebody writes who has no tool: each line run in a shell of its own, its output shown when it fails. */
function scriptOf(rows: readonly Row[]): string {
  const lines = rows.map(
    ({ id, shell }) =>
      `if out=$( { ${shell}\n} 2>&1 ); then echo 'ok ${id}'; else echo "not ok ${id}: exit $?"; printf '%s\\n' "$out"; bad=1; fi`,
  );
  return ['bad=0', ...lines, 'exit $bad', ''].join('\n');
}

async function shellSide(machine: Machine, rows: readonly Row[], signal: AbortSignal): Promise<Side> {
  const docker = execFileSync('docker', ['--version'], { encoding: 'utf8' });
  const file = (only: string | undefined): string => join(machine.work, `checks-${only ?? 'all'}.sh`);
  await writeFile(file(undefined), scriptOf(rows));
  for (const row of rows) await writeFile(file(row.id), scriptOf([row]));
  return {
    name: 'shell',
    title: `sh by docker exec (${docker.split(',')[0]})`,
    async run(only) {
      const line = `exec docker exec -i ${machine.containerId} sh < ${file(only)}`;
      const command = { file: '/bin/sh', args: ['-c', line], cwd: machine.work, env: process.env };
      const { seconds, output, exitCode } = await runCommand(command, signal);
      if (exitCode > 1) throw new Error(`shell: exit ${exitCode}\n${tail(output)}`);
      const ids = (pattern: RegExp): ReadonlySet<string> =>
        new Set([...output.matchAll(pattern)].map(([, id = '']) => id));
      return {
        seconds,
        lookingSeconds: undefined,
        passed: ids(/^ok (\S+)$/gm),
        failed: ids(/^not ok (\S+):/gm),
        output,
      };
    },
  };
}
