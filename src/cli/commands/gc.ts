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
    const [{ connectEngine }, { listLabelled, listLabelledImages }, { LABEL }, { expiredOf }] =
      await Promise.all([
        import('../../docker/connect.ts'),
        import('../../docker/resources.ts'),
        import('../../docker/labels.ts'),
        import('../../docker/expiry.ts'),
      ]);
    const engine = await connectEngine(host.env);
    const label = args.project === undefined ? LABEL.project : `${LABEL.project}=${args.project}`;
    const [made, snapshots] = await Promise.all([
      listLabelled(engine, { label: [label] }),
      listLabelledImages(engine, { label: [label] }),
    ]);
    const found = [...made, ...snapshots];
    const now = Date.now();
    // A snapshot has its own time: it is there before and after the machines of its instance.
    const doomed = args.all ? found : [...expiredOf(made, now), ...expiredOf(snapshots, now)];
    const failures = args.dryRun ? [] : await removeAll(engine, doomed);
    print(doomed, found.length - doomed.length, failures, args, host);
    const codes = failures
      .flatMap((failure) => (failure.error === IN_USE ? [] : [failure]))
      .map((failure) => printError(failure.error, host.stderr, false));
    return codes[0] ?? 0;
  },
});

/** A snapshot that a machine was made from goes with a later `gc`, after that machine. */
const IN_USE = Symbol('in use');

interface Failure {
  readonly resource: FoundResource;
  readonly error: unknown;
}

/** Containers before the networks and images they hang on, those before volumes; a failure stops nothing. */
async function removeAll(
  engine: Parameters<typeof import('../../docker/resources.ts').removeResource>[0],
  doomed: readonly FoundResource[],
): Promise<readonly Failure[]> {
  const { removeImage, removeResource } = await import('../../docker/resources.ts');
  const failures: Failure[] = [];
  for (const kind of ['container', 'network', 'volume', 'image'] as const) {
    const work = doomed.filter((one) => one.kind === kind);
    await Promise.all(
      work.map((resource) =>
        (async () => {
          if (kind !== 'image') await removeResource(engine, resource);
          else if (!(await removeImage(engine, resource))) throw IN_USE;
        })().catch((error: unknown) => {
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
  const failed = new Map(failures.map(({ resource, error }) => [resource, error]));
  const rows = doomed.map((one) => ({
    kind: one.kind,
    name: one.name,
    project: one.labels['galley.project'] ?? null,
    instance: one.labels['galley.instance'] ?? null,
    expires: one.labels['galley.expires'] ?? null,
    removed: !args.dryRun && !failed.has(one),
    in_use: failed.get(one) === IN_USE,
  }));
  if (args.json) {
    host.stdout.write(`${JSON.stringify(rows, null, 2)}\n`);
    return;
  }
  const verb = (row: { readonly removed: boolean; readonly in_use: boolean }): string =>
    args.dryRun ? 'would remove' : row.removed ? 'removed' : row.in_use ? 'in use' : 'not removed';
  const cells = rows.map((row) => [
    verb(row),
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
