import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { ResourceResult } from '../core/events.ts';
import { parseEvent } from '../reporters/model/event-schema.ts';
import { loggedRuns } from './run-logs.ts';

/** What Chef said of the instance's resources in the newest run that is kept and converged it; empty without one. */
export async function lastResources(logsDir: string, instance: string): Promise<readonly ResourceResult[]> {
  for (const { id, instances } of await loggedRuns(logsDir)) {
    if (!instances.includes(instance)) continue;
    const found = await resourcesIn(join(logsDir, id, 'events.ndjson'), instance);
    if (found.length > 0) return found;
  }
  return [];
}

async function resourcesIn(file: string, instance: string): Promise<readonly ResourceResult[]> {
  const found: ResourceResult[] = [];
  try {
    for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Infinity })) {
      if (!line.includes('"resource"')) continue;
      const event = parsed(line);
      if (event?.type === 'resource' && event.instance === instance) found.push(event.result);
    }
  } catch {
    // A log that is gone or broken only makes the checks fewer.
    return found;
  }
  return found;
}

function parsed(line: string): ReturnType<typeof parseEvent> | undefined {
  try {
    return parseEvent(line);
  } catch {
    return undefined;
  }
}
