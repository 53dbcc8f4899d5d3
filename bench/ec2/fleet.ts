// Hundreds of machines in one run against the local endpoint: memory, and how many calls of AWS that takes.
// `node bench/ec2/fleet.ts [COUNT]`, 500 by default.
import { spawn } from 'node:child_process';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { controlOf } from '../../fixtures/ec2/control-client.ts';
import { startEndpoint } from '../../fixtures/ec2/endpoint.ts';

const print = (line: string): void => void process.stdout.write(`${line}\n`);
const count = Number(process.argv[2] ?? 500);
const endpoint = await startEndpoint({
  env: process.env,
  cacheDir: process.env['GALLEY_CACHE'] ?? join(homedir(), '.cache', 'galley'),
  name: `galley-test-ec2-fleet-${process.pid}`,
  machines: 'none',
});
try {
  const control = controlOf(endpoint.url);
  const code = await new Promise((resolve) => {
    const child = spawn(process.execPath, [join(import.meta.dirname, 'fleet-run.ts'), String(count)], {
      env: { ...process.env, ...endpoint.env },
      stdio: 'inherit',
    });
    child.once('close', resolve);
  });
  const calls = new Map<string, number>();
  for (const { operation } of await control.calls()) calls.set(operation, (calls.get(operation) ?? 0) + 1);
  for (const [operation, times] of calls) print(`${String(times).padStart(5)}  ${operation}`);
  const left = Object.values(await control.left()).flat().length;
  print(`resources left: ${left}`);
  process.exitCode = code === 0 && left === 0 ? 0 : 1;
} finally {
  await endpoint.close();
}
