// The fault matrix of the EC2 driver: each fault × each place to be killed at, then `gc`. Ends with 1 when anything was
// left or made twice. `npm run ec2:faults [-- --at-once N] [-- WORD …]`: only rows whose names contain one of the words.
import { homedir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { controlOf } from '../../fixtures/ec2/control-client.ts';
import { startEndpoint } from '../../fixtures/ec2/endpoint.ts';
import { type CellResult, runCell } from '../../test/ec2-cell.ts';
import { API_TABLE, type FaultRow, type FaultTable, NOT_KILLED } from './fault-table.ts';
import { HOST_TABLE } from './host-table.ts';
import { IMAGE_TABLE, MACHINE_TABLE } from './machine-table.ts';

const { values, positionals: words } = parseArgs({
  options: { 'at-once': { type: 'string', default: '4' } },
  allowPositionals: true,
});
const print = (line: string): void => void process.stdout.write(`${line}\n`);
const say = (line: string): void => void process.stderr.write(`${line}\n`);
const isGood = ({ left, doubles, codes }: CellResult): boolean =>
  left.length === 0 && doubles === 0 && codes.every((code) => code === 0);

interface Job {
  readonly table: FaultTable;
  readonly row: FaultRow;
  readonly column: string;
}

/** Takes jobs from the queue with an account of its own, so that what is left is told apart. */
async function work(at: number, queue: Job[], results: Map<Job, CellResult>): Promise<void> {
  const machines = queue[0]?.table.machines;
  if (machines === undefined) return;
  const endpoint = await startEndpoint({
    env: process.env,
    cacheDir: process.env['GALLEY_CACHE'] ?? join(homedir(), '.cache', 'galley'),
    name: `galley-test-ec2-faults-${process.pid}-${machines}-${at}`,
    machines,
  });
  try {
    const control = controlOf(endpoint.url);
    for (let job = queue.shift(); job !== undefined; job = queue.shift()) {
      const { row, column } = job;
      const cell = row.cells[column];
      if (!cell) continue;
      const result = await runCell(endpoint, control, cell, row.wanted);
      results.set(job, result);
      say(`${row.name} × ${column}: ${wordsOf(result, column)}`);
      if (!isGood(result)) say(JSON.stringify(result, null, 1).replaceAll('\\n', '\n'));
    }
  } finally {
    await endpoint.close();
  }
}

function wordsOf({ left, doubles, ended, wasKilled }: CellResult, column: string): string {
  const isLate = column !== NOT_KILLED && !wasKilled;
  return `${left.length}/${doubles}${isLate ? '\\*' : ''}${column === NOT_KILLED ? `, exit ${ended}` : ''}`;
}

const started = performance.now();
const tables = [API_TABLE, HOST_TABLE, MACHINE_TABLE, IMAGE_TABLE].map((table) => ({
  ...table,
  rows: table.rows.filter(({ name }) => words.length === 0 || words.some((word) => name.includes(word))),
}));
const results = new Map<Job, CellResult>();
const jobs = tables.flatMap((table) =>
  table.rows.flatMap((row) => Object.keys(row.cells).map((column): Job => ({ table, row, column }))),
);
for (const machines of ['none', 'containers'] as const) {
  const queue = jobs.filter(({ table }) => table.machines === machines);
  const workers = Math.min(Number(values['at-once']), queue.length);
  await Promise.all(Array.from({ length: workers }, (_, at) => work(at, queue, results)));
}

for (const { title, columns, rows } of tables.filter((table) => table.rows.length > 0)) {
  print(`\n### ${title}\n\n| fault | ${columns.join(' | ')} |\n|---|${'---|'.repeat(columns.length)}`);
  for (const row of rows) {
    const cells = columns.map((column) => {
      const result = [...results].find(([job]) => job.row === row && job.column === column)?.[1];
      return result ? wordsOf(result, column) : '–';
    });
    print(`| ${row.name} | ${cells.join(' | ')} |`);
  }
}
const all = [...results.values()];
const sum = (count: (one: CellResult) => number): number => all.reduce((total, one) => total + count(one), 0);
const bad = all.filter((one) => !isGood(one)).length;
print(
  `\n${all.length} cells, ${sum((one) => (one.wasKilled ? 1 : 0))} kills, in ${Math.round((performance.now() - started) / 60_000)} minutes; resources left: ${sum(({ left }) => left.length)}; double creations: ${sum(({ doubles }) => doubles)}; \`gc\` or the \`destroy\` after it failed: ${sum(({ codes }) => codes.filter((code) => code !== 0).length)}`,
);
process.exitCode = bad > 0 ? 1 : 0;
