/**
 * A process that runs one test file after the other, as it is told to: loading the test framework takes longer than most
 * files. What they say goes to standard output as TAP; behind each of them stands a line that says how it went.
 */
import { pathToFileURL } from 'node:url';
import tap from 'tap';
import { DONE, type Done, NO_MORE } from './lane-protocol.ts';

const surroundings = (): string => JSON.stringify([process.cwd(), process.env]);

async function runFile(file: string): Promise<Done> {
  const before = { total: tap.counts.total, pass: tap.counts.pass };
  const around = surroundings();
  // What tap waits for all that a process does, anew for each file.
  tap.setTimeout(Number(process.env['TAP_TIMEOUT']) * 1000);
  let problem: string | undefined;
  try {
    await import(pathToFileURL(file).href);
  } catch (error) {
    problem = error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
  // What the last test says may still be on its way.
  await new Promise((resolve) => setImmediate(resolve));
  if (surroundings() !== around)
    problem ??= 'it left another working directory or other environment variables';
  const { total, pass } = tap.counts;
  return { pass: pass - before.pass, other: total - before.total - (pass - before.pass), problem };
}

// The channel that the next file comes through does not keep the process: tap lets go of it.
const waiting = setInterval(() => undefined, 60_000);
process.on('message', (file: string) => {
  if (file === NO_MORE) {
    clearInterval(waiting);
    process.disconnect();
    return;
  }
  void runFile(file).then((done) => process.stdout.write(`\n${DONE}${JSON.stringify(done)}\n`));
});
