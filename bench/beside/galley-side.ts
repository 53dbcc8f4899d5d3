import { join } from 'node:path';
import type { CheckReport, EventEnvelope } from '../../src/core/events.ts';
import { readEvents } from '../../test/events.ts';
import { tail } from '../run-command.ts';
import type { Machine } from './machine.ts';
import type { Side } from './row.ts';

/** The built Galley of this checkout: `galley verify INSTANCE`. */
export function galleySide({ room, work }: Machine): Side {
  return {
    name: 'galley',
    title: room.tool.title,
    async run(only) {
      const file = join(work, 'events.ndjson');
      const chosen = only === undefined ? [] : ['--check', only];
      const { seconds, output, exitCode } = await room.tryRun([
        'verify',
        room.kitchen.main,
        '--events',
        file,
        ...chosen,
      ]);
      if (exitCode !== 0 && exitCode !== 5) throw new Error(`galley: exit ${exitCode}\n${tail(output)}`);
      const events = await readEvents(file);
      const reports = events.flatMap((event): CheckReport[] =>
        event.type === 'check' ? [event.report] : [],
      );
      const are = (...outcomes: readonly string[]): ReadonlySet<string> =>
        new Set(reports.filter((one) => outcomes.includes(one.outcome)).map((one) => one.id));
      return {
        seconds,
        lookingSeconds: verifySeconds(events),
        passed: are('pass'),
        failed: are('fail', 'error'),
        output,
      };
    },
  };
}

function verifySeconds(events: readonly EventEnvelope[]): number | undefined {
  const end = events.find((event) => event.type === 'phase:end' && event.action === 'verify');
  return end?.type === 'phase:end' ? end.durationMs / 1000 : undefined;
}
