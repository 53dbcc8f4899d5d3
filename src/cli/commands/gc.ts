import type { Leftover } from '../../core/driver.ts';
import { table } from '../../reporters/format/text.ts';
import { defineCommand, type GlobalOptions } from '../command.ts';
import { IN_USE, type Place } from '../gc/place.ts';
import type { Host } from '../host.ts';
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
    const { expiredOf } = await import('../../docker/expiry.ts');
    const { gcPlaces } = await import('../gc/places.ts');
    const { places, code } = await gcPlaces(args, host);
    const codes = code === 0 ? [] : [code];
    const now = Date.now();
    const rows: Row[] = [];
    let kept = 0;
    for (const place of places) {
      try {
        const found = await place.find(args.project);
        // A snapshot has its own time: it is there before and after the machines of its instance.
        const parts = [found.filter((one) => !isSnapshot(one)), found.filter(isSnapshot)];
        const doomed = args.all ? found : parts.flatMap((part) => expiredOf(part, now));
        const failures = args.dryRun ? new Map<Leftover, unknown>() : await place.remove(doomed);
        kept += found.length - doomed.length;
        rows.push(...doomed.map((one) => rowOf(place, one, failures.get(one), args.dryRun)));
        for (const error of failures.values())
          if (error !== IN_USE) codes.push(printError(error, host.stderr, false));
      } catch (error) {
        codes.push(printError(error, host.stderr, false));
      }
    }
    print(rows, kept, codes.length === 0, args, host);
    return codes[0] ?? 0;
  },
});

function isSnapshot({ kind }: Leftover): boolean {
  return kind === 'image' || kind === 'snapshot';
}

interface Row {
  readonly where: string | null;
  readonly kind: string;
  readonly name: string;
  readonly project: string | null;
  readonly instance: string | null;
  readonly expires: string | null;
  readonly removed: boolean;
  readonly in_use: boolean;
}

function rowOf({ where }: Place, one: Leftover, failure: unknown, isDry: boolean): Row {
  return {
    where: where || null,
    kind: one.kind,
    name: one.name,
    project: one.labels['galley.project'] ?? null,
    instance: one.labels['galley.instance'] ?? null,
    expires: one.labels['galley.expires'] ?? null,
    removed: !isDry && failure === undefined,
    in_use: failure === IN_USE,
  };
}

function print(rows: readonly Row[], kept: number, isAll: boolean, args: GcArgs, host: Host): void {
  if (args.json) {
    host.stdout.write(`${JSON.stringify(rows, null, 2)}\n`);
    return;
  }
  const verb = (row: Row): string =>
    args.dryRun ? 'would remove' : row.removed ? 'removed' : row.in_use ? 'in use' : 'not removed';
  const cells = rows.map((row) => [
    verb(row),
    row.kind,
    row.name,
    row.project ?? '',
    `expires ${row.expires ?? 'never'}`,
    ...(row.where === null ? [] : [row.where]),
  ]);
  for (const line of table(cells)) host.stdout.write(`${line}\n`);
  const rest = kept === 0 ? '' : `${rows.length === 0 ? '' : '; '}${kept} not yet expired`;
  const nothing = isAll ? 'nothing to remove' : 'nothing to remove where it was possible to look';
  host.stdout.write(
    rows.length === 0 ? `${nothing}${rest && `: ${rest}`}\n` : `${rows.length} in all${rest}\n`,
  );
}
