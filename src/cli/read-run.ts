import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { GalleyError } from '../core/errors.ts';
import { parseEvent } from '../reporters/model/event-schema.ts';
import type { RunReport } from '../reporters/model/run-report.ts';
import { RunReportBuilder } from '../reporters/model/run-report-builder.ts';

/**
 * Reads a run back from its events (`events.ndjson` of a log folder, or what `--events` wrote). A last line that was
 * cut off, as a killed run or a full disk leaves it, is left out. Throws `usage.events_unreadable`.
 */
export async function readRun(file: string): Promise<RunReport> {
  const builder = new RunReportBuilder();
  let number = 0;
  let wrong: { readonly line: number; readonly message: string } | undefined;
  let runId: string | undefined;
  try {
    for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Infinity })) {
      number += 1;
      // A line below the wrong one: that was not the end that was cut off.
      if (wrong) throw unreadable(file, wrong.message, wrong.line);
      if (line === '') continue;
      try {
        const event = parseEvent(line);
        runId ??= event.runId;
        if (event.runId !== runId)
          throw new Error('another run begins here; give each run a file of its own');
        builder.add(event);
      } catch (error) {
        wrong = { line: number, message: (error as Error).message };
      }
    }
  } catch (error) {
    if (error instanceof GalleyError) throw error;
    throw unreadable(file, (error as Error).message);
  }
  if (runId === undefined) throw unreadable(file, wrong?.message ?? 'it is empty', wrong?.line);
  return builder.build();
}

function unreadable(file: string, got: string, line?: number): GalleyError {
  return new GalleyError({
    code: 'usage.events_unreadable',
    kind: 'usage',
    message: `${file} is not the events of one run`,
    ...(line !== undefined && { location: { file, line } }),
    expected: 'a JSON object a line, as --events and the log folders have them',
    got,
    hint: 'galley logs --list shows the runs that are kept',
  });
}
