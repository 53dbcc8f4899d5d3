import type { FoundResource } from '../../docker/resources.ts';
import { table } from '../../reporters/format/text.ts';
import { defineCommand } from '../command.ts';
import type { Host } from '../host.ts';
import { printError } from '../print-error.ts';

interface GcArgs {
  readonly all: boolean;
  readonly dryRun: boolean;
  readonly project?: string | undefined;
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
      .option('dry-run', { type: 'boolean', default: false, describe: 'only show what would be removed' })
      .option('json', { alias: 'j', type: 'boolean', default: false, describe: 'as JSON' }) as never,
  run: async (args, host) => {
    const [{ connectEngine }, { listLabelled }, { LABEL }, { expiredOf }] = await Promise.all([
      import('../../docker/connect.ts'),
      import('../../docker/resources.ts'),
      import('../../docker/labels.ts'),
      import('../../docker/expiry.ts'),
    ]);
    const engine = await connectEngine(host.env);
    const label = args.project === undefined ? LABEL.project : `${LABEL.project}=${args.project}`;
    const found = await listLabelled(engine, { label: [label] });
    const doomed = args.all ? found : expiredOf(found, Date.now());
    const failures = args.dryRun ? [] : await removeAll(engine, doomed);
    print(doomed, found.length - doomed.length, failures, args, host);
    const codes = failures.map((failure) => printError(failure.error, host.stderr, false));
    return codes[0] ?? 0;
  },
});

interface Failure {
  readonly resource: FoundResource;
  readonly error: unknown;
}

/** Containers before the networks they hang on, those before volumes; a failure stops nothing. */
async function removeAll(
  engine: Parameters<typeof import('../../docker/resources.ts').removeResource>[0],
  doomed: readonly FoundResource[],
): Promise<readonly Failure[]> {
  const { removeResource } = await import('../../docker/resources.ts');
  const failures: Failure[] = [];
  for (const kind of ['container', 'network', 'volume'] as const) {
    const work = doomed.filter((one) => one.kind === kind);
    await Promise.all(
      work.map((resource) =>
        removeResource(engine, resource).catch((error: unknown) => {
          failures.push({ resource, error });
        }),
      ),
    );
  }
  return failures;
}

function print(
  doomed: readonly FoundResource[],
  kept: number,
  failures: readonly Failure[],
  args: GcArgs,
  host: Host,
): void {
  const failed = new Set(failures.map(({ resource }) => resource));
  const rows = doomed.map((one) => ({
    kind: one.kind,
    name: one.name,
    project: one.labels['galley.project'] ?? null,
    instance: one.labels['galley.instance'] ?? null,
    expires: one.labels['galley.expires'] ?? null,
    removed: !args.dryRun && !failed.has(one),
  }));
  if (args.json) {
    host.stdout.write(`${JSON.stringify(rows, null, 2)}\n`);
    return;
  }
  const verb = (removed: boolean) => (args.dryRun ? 'would remove' : removed ? 'removed' : 'not removed');
  const cells = rows.map((row) => [
    verb(row.removed),
    row.kind,
    row.name,
    row.project ?? '',
    `expires ${row.expires ?? 'never'}`,
  ]);
  for (const line of table(cells)) host.stdout.write(`${line}\n`);
  const rest = kept === 0 ? '' : `${doomed.length === 0 ? '' : '; '}${kept} not yet expired`;
  host.stdout.write(
    doomed.length === 0 ? `nothing to remove${rest && `: ${rest}`}\n` : `${doomed.length} in all${rest}\n`,
  );
}
