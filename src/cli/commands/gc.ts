import type { Leftover } from '../../core/driver.ts';
import { defineCommand, type GlobalOptions } from '../command.ts';
import { IN_USE } from '../gc/place.ts';
import { type GcRow, gcLines, type Kept, rowOf } from '../gc/rows.ts';
import { printError } from '../print-error.ts';

interface GcArgs extends GlobalOptions {
  readonly all: boolean;
  readonly dryRun: boolean;
  readonly project?: string | undefined;
  readonly region: readonly string[];
  readonly json: boolean;
}

export const gc = defineCommand<GcArgs>({
  command: 'gc',
  describe: 'remove what runs of any kitchen left behind and whose time is over',
  options: (yargs) =>
    yargs
      .option('expired', {
        type: 'boolean',
        default: true,
        describe: 'only what is past its time (24 hours after it was made, or driver.expires)',
      })
      .option('all', {
        type: 'boolean',
        default: false,
        describe: 'whatever its time: also instances that other kitchens are using',
      })
      .option('project', {
        type: 'string',
        requiresArg: true,
        describe: 'only this kitchen, by its label galley.project',
      })
      .option('region', {
        type: 'string',
        array: true,
        requiresArg: true,
        default: [],
        describe: 'also this region of EC2, beside those that the kitchen here names',
      })
      .option('dry-run', { type: 'boolean', default: false, describe: 'only show what would be removed' })
      .option('json', { alias: 'j', type: 'boolean', default: false, describe: 'as JSON' }) as never,
  run: async (args, host) => {
    const { expiredLeftovers } = await import('../gc/expired-leftovers.ts');
    const { gcPlaces } = await import('../gc/places.ts');
    const { places, code } = await gcPlaces(args, host);
    const codes = code === 0 ? [] : [code];
    const now = Date.now();
    const rows: GcRow[] = [];
    const kept: Kept[] = [];
    for (const place of places) {
      try {
        const found = await place.find(args.project);
        const doomed = args.all ? found : expiredLeftovers(found, now);
        const failures = args.dryRun ? new Map<Leftover, unknown>() : await place.remove(doomed);
        kept.push({ where: place.where, count: found.length - doomed.length });
        rows.push(...doomed.map((one) => rowOf(place.where, one, failures.get(one), args.dryRun)));
        for (const error of failures.values())
          if (error !== IN_USE) codes.push(printError(error, host.stderr, false));
      } catch (error) {
        codes.push(printError(error, host.stderr, false));
      }
    }
    if (args.json) host.stdout.write(`${JSON.stringify(rows, null, 2)}\n`);
    else
      for (const line of gcLines(rows, { ...args, kept, sawAll: codes.length === 0 }))
        host.stdout.write(`${line}\n`);
    return codes[0] ?? 0;
  },
});
