// Writes docs/messages.md: what Galley, InSpec and a shell script say of the same ten failures, in one run on one instance.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openMachine } from '../beside/machine.ts';
import type { SideRun } from '../beside/row.ts';
import { sidesOf } from '../beside/sides.ts';
import { tail } from '../run-command.ts';
import { CONVERGE, PACKAGES } from './machine.ts';
import { galleyBlocks, inspecBlocks, messagesPage, shellBlocks } from './page.ts';
import { TEN_FAILURES } from './ten-failures.ts';

const PAGE = join(import.meta.dirname, '../../docs/messages.md');
const BLOCKS = { galley: galleyBlocks, inspec: inspecBlocks, shell: shellBlocks } as const;
const progress = (line: string): void => void process.stderr.write(`${line}\n`);

/** Throws unless the tool says of every one of the ten that it failed. */
function expectAll(title: string, run: SideRun): void {
  const missing = TEN_FAILURES.filter(({ id }) => !run.failed.has(id)).map(({ id }) => id);
  if (missing.length > 0)
    throw new Error(`${title} does not fail ${missing.join(', ')}\n${tail(run.output, 80)}`);
}

try {
  const abort = new AbortController();
  const stop = (): void => abort.abort(new Error('interrupted'));
  process.on('SIGINT', stop).on('SIGTERM', stop);
  const { signal } = abort;
  progress('making the instance');
  const request = { name: 'messages', rows: TEN_FAILURES, packages: PACKAGES, converge: CONVERGE, signal };
  await using machine = await openMachine(request);
  const said = [];
  for (const side of await sidesOf(machine, TEN_FAILURES, signal)) {
    progress(side.title);
    const run = await side.run();
    expectAll(side.title, run);
    said.push({ title: side.title, blocks: BLOCKS[side.name](run.output, TEN_FAILURES) });
  }
  await writeFile(PAGE, messagesPage(TEN_FAILURES, said));
} catch (error) {
  progress(`messages: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
