import { GalleyError } from '../../core/errors.ts';
import type { InstanceConfig } from '../../core/kitchen.ts';
import { platformDoubt } from '../../images/platforms.ts';
import { formatLocation } from '../../reporters/format/error.ts';
import { painted, table } from '../../reporters/format/text.ts';
import type { InstanceState } from '../../state/instance-state.ts';
import { lockHolder } from '../../state/lock.ts';
import { defineCommand } from '../command.ts';
import { readKitchenToShow, stateStore } from '../kitchen.ts';
import { orphanNames } from '../orphans.ts';
import { pluginName } from '../plugin-name.ts';
import { readExisting } from '../read-existing.ts';
import { nothingLeft, type Selection, select, selectionOptions } from '../selection.ts';

export interface ListArgs extends Selection {
  readonly orphans: boolean;
  readonly bare: boolean;
  readonly json: boolean;
}

/** The peer's keys and class names first, ours after them. */
interface Row {
  readonly instance: string;
  readonly driver: string;
  readonly provisioner: string;
  readonly verifier: string;
  readonly transport: string;
  readonly last_action: string | null;
  readonly last_error: string | null;
  /** Ours: the step that `last_action` belongs to, in suites with steps. */
  readonly last_step: string | null;
  /** Ours: set when an action was interrupted (kill -9) or another Galley is at it. */
  readonly attempting: string | null;
  readonly suite: string;
  readonly platform: string;
  readonly tags: readonly string[];
  /** True for an instance that exists but is no longer in the kitchen file. */
  readonly orphan: boolean;
  /** Process id of the Galley that works on it right now. */
  readonly in_use_by: number | null;
  /** Something of it was made, maybe not wholly. */
  readonly machine: boolean;
}

export const list = defineCommand<ListArgs>({
  command: 'list [instances..]',
  aliases: ['status'],
  describe: 'show the instances and how far each has come',
  options: (yargs) =>
    selectionOptions(yargs)
      .option('orphans', {
        type: 'boolean',
        default: false,
        describe: 'only what exists but is no longer in the kitchen file',
      })
      .option('bare', { alias: 'b', type: 'boolean', default: false, describe: 'names only' })
      .option('json', { alias: 'j', type: 'boolean', default: false, describe: 'as JSON' }) as never,
  run: async (args, host) => {
    // Orphans are what a kitchen does not have, so for them it must be readable.
    const { kitchen, brokenCode } = args.orphans
      ? { kitchen: await readKitchenToShow(host, args), brokenCode: 0 }
      : await readExisting(host, args);
    const store = stateStore(kitchen);
    const notices: string[] = [];
    // One bad file must not hide the other instances.
    const read = (name: string) =>
      store.readable(name).catch((error: unknown) => {
        if (!(error instanceof GalleyError)) throw error;
        notices.push(`${error.message}: ${error.hint}`);
        return undefined;
      });
    const files = await store.files();
    const orphans = files.size === 0 ? [] : await orphanNames(store, kitchen);
    const selected = args.orphans ? [] : await select(kitchen, args, host);
    const rows = args.orphans
      ? await Promise.all(orphans.map(async (name) => orphanRow(name, await read(name))))
      : await Promise.all(
          selected.map(async (config) => {
            const { name } = config.instance;
            const state = files.has(`${name}.json`) ? await read(name) : undefined;
            const holder = files.has(`${name}.lock`) ? await lockHolder(store.dir, name) : undefined;
            return rowOf(config, state, holder);
          }),
        );
    const nothing = args.orphans ? undefined : nothingLeft(args, selected);
    if (nothing !== undefined && kitchen.instances.length > 0) notices.push(nothing);
    notices.push(...doubts(selected));
    if (!args.orphans && orphans.length > 0) {
      const rest =
        orphans.length === 1
          ? 'instance was created or tried, and is'
          : 'instances were created or tried, and are';
      notices.push(`${orphans.length} ${rest} no longer in the kitchen file: galley list --orphans`);
    }
    for (const notice of notices)
      host.stderr.write(`${painted('yellow', `! ${notice}`, host.stderr.color)}\n`);
    if (args.bare) host.stdout.write(rows.map((r) => `${r.instance}\n`).join(''));
    else if (args.json) host.stdout.write(`${JSON.stringify(rows, null, 2)}\n`);
    else for (const line of humanTable(rows, host.stdout.color)) host.stdout.write(`${line}\n`);
    return brokenCode ?? 0;
  },
});

/** What is doubtful about platforms of the Docker driver; a list loads no driver to ask it. */
function doubts(selected: readonly InstanceConfig[]): readonly string[] {
  const found = selected.flatMap((config) => {
    const { driver, instance } = config;
    if (!['docker', 'dokken'].includes(driver.name ?? 'docker') || driver.settings['image'] != null)
      return [];
    const doubt = platformDoubt(instance.platform);
    const place = doubt === undefined ? undefined : config.locate(['platform']);
    return doubt === undefined ? [] : [`${place ? `${formatLocation(place)}: ` : ''}${doubt}`];
  });
  return [...new Set(found)];
}

function rowOf(config: InstanceConfig, state: InstanceState | undefined, holder: Holder): Row {
  return {
    instance: config.instance.name,
    driver: pluginName(config.driver.name ?? 'docker'),
    provisioner: pluginName(config.provisioner.name ?? 'chef_infra'),
    verifier: pluginName(config.verifier.name ?? 'checks'),
    transport: pluginName(config.transport.name ?? 'docker'),
    last_action: state?.lastAction ?? null,
    last_error: state?.lastError?.code ?? null,
    last_step: state?.step ?? null,
    attempting: state?.attempting ?? null,
    suite: config.instance.suite,
    platform: config.instance.platform,
    tags: config.tags,
    orphan: false,
    in_use_by: holder?.pid ?? null,
    machine: Object.keys(state?.machine ?? {}).length > 0,
  };
}

type Holder = Awaited<ReturnType<typeof lockHolder>>;

/** What is left of an instance that the config no longer has. */
function orphanRow(name: string, state: InstanceState | undefined): Row {
  return {
    instance: name,
    driver: pluginName(state?.driver ?? ''),
    provisioner: '',
    verifier: '',
    transport: '',
    last_action: state?.lastAction ?? null,
    last_error: state?.lastError?.code ?? null,
    last_step: state?.step ?? null,
    attempting: state?.attempting ?? null,
    suite: state?.suite ?? '',
    platform: state?.platform ?? '',
    tags: [],
    orphan: true,
    in_use_by: null,
    machine: Object.keys(state?.machine ?? {}).length > 0,
  };
}

function progressOf(row: Row): string {
  if (row.in_use_by !== null) return `${row.attempting ?? 'waiting'} (pid ${row.in_use_by})`;
  if (row.attempting !== null) return `interrupted in ${row.attempting}`;
  if (row.last_action === null) return row.machine ? 'create failed' : 'not created';
  return row.last_step === null ? row.last_action : `${row.last_action} ${row.last_step}`;
}

function humanTable(rows: readonly Row[], color: boolean): string[] {
  const cells = rows.map((r) => [r.instance, r.driver, r.provisioner, progressOf(r), r.last_error ?? '']);
  const [head, ...body] = table([
    ['Instance', 'Driver', 'Provisioner', 'Last action', 'Last error'],
    ...cells,
  ]);
  return [painted('dim', head ?? '', color), ...body];
}
