// The calls of AWS that one create and destroy take, beside kitchen-ec2 when KITCHEN names its `kitchen` (with GEM_HOME and
// GEM_PATH set). `npm run ec2:calls`. Ends with 1 when Galley takes more, or when one of them fails.
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { controlOf } from '../../fixtures/ec2/control-client.ts';
import { startEndpoint } from '../../fixtures/ec2/endpoint.ts';

const COMMON = `transport: {name: ssh}
platforms: [{name: debian-12}]
suites: [{name: default}]
provisioner: {name: dummy}
driver: {name: ec2, interface: public}
`;
const print = (line: string): void => void process.stdout.write(`${line}\n`);
const bin = join(import.meta.dirname, '../../dist/src/cli/bin.js');
const tools: Readonly<Record<string, readonly string[]>> = {
  galley: [process.execPath, bin],
  ...(process.env['KITCHEN'] !== undefined && { 'kitchen-ec2': ['ruby', process.env['KITCHEN']] }),
};

const endpoint = await startEndpoint({
  env: process.env,
  cacheDir: process.env['GALLEY_CACHE'] ?? join(homedir(), '.cache', 'galley'),
  name: `galley-test-ec2-calls-${process.pid}`,
});
const control = controlOf(endpoint.url);
const counts = new Map<string, Map<string, number>>();
let hasFailed = false;
try {
  for (const [tool, [file = '', ...args]] of Object.entries(tools)) {
    const cwd = await mkdtemp(join(tmpdir(), 'galley-ec2-calls-'));
    await writeFile(
      join(cwd, 'kitchen.yml'),
      `${COMMON}${tool === 'galley' ? '' : 'verifier: {name: dummy}\n'}`,
    );
    await control.clearCalls();
    for (const command of ['create', 'destroy']) {
      const started = performance.now();
      const code = await new Promise<number | null>((resolve) => {
        const env = { ...process.env, ...endpoint.env };
        spawn(file, [...args, command], { cwd, env, stdio: 'ignore' }).once('close', resolve);
      });
      print(`${tool} ${command}: ${((performance.now() - started) / 1000).toFixed(1)} s, exit code ${code}`);
      hasFailed ||= code !== 0;
    }
    const own = new Map<string, number>();
    for (const { operation } of await control.calls()) own.set(operation, (own.get(operation) ?? 0) + 1);
    counts.set(tool, own);
    await rm(cwd, { recursive: true });
  }
} finally {
  await endpoint.close();
}

const sum = (tool: string): number =>
  [...(counts.get(tool)?.values() ?? [])].reduce((total, one) => total + one, 0);
const names = [...counts.keys()];
print(`\n| call | ${names.join(' | ')} |\n|---|${names.map(() => '---:|').join('')}`);
for (const operation of [...new Set([...counts.values()].flatMap((one) => [...one.keys()]))].toSorted()) {
  print(`| ${operation} | ${names.map((tool) => counts.get(tool)?.get(operation) ?? 0).join(' | ')} |`);
}
print(`| all | ${names.map(sum).join(' | ')} |`);
const isMore = counts.has('kitchen-ec2') && sum('galley') > sum('kitchen-ec2');
process.exitCode = hasFailed || isMore ? 1 : 0;
