import type { InstanceConfig } from '../core/kitchen.ts';
import { platformDoubt } from '../images/platforms.ts';
import { formatLocation } from '../reporters/format/error.ts';
import { table } from '../reporters/format/text.ts';
import type { InstanceState } from '../state/instance-state.ts';
import { pluginName } from './plugin-name.ts';

/** What `list` says of an instance. The peer's keys and class names first, ours after them. */
export interface ListRow {
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

/** `holder`: the Galley that works on it right now. */
export function rowOf(
  config: InstanceConfig,
  state: InstanceState | undefined,
  holder: { readonly pid: number } | undefined,
): ListRow {
  return {
    instance: config.instance.name,
    driver: pluginName(config.driver.name ?? 'docker'),
    provisioner: pluginName(config.provisioner.name ?? 'chef_infra'),
    verifier: pluginName(config.verifier.name ?? 'checks'),
    transport: pluginName(config.transport.name ?? 'docker'),
    ...progressIn(state),
    suite: config.instance.suite,
    platform: config.instance.platform,
    tags: config.tags,
    orphan: false,
    in_use_by: holder?.pid ?? null,
    machine: hasMachine(state),
  };
}

/** What is left of an instance that the config no longer has. */
export function orphanRow(name: string, state: InstanceState | undefined): ListRow {
  return {
    instance: name,
    driver: pluginName(state?.driver ?? ''),
    provisioner: '',
    verifier: '',
    transport: '',
    ...progressIn(state),
    suite: state?.suite ?? '',
    platform: state?.platform ?? '',
    tags: [],
    orphan: true,
    in_use_by: null,
    machine: hasMachine(state),
  };
}

function progressIn(state: InstanceState | undefined) {
  return {
    last_action: state?.lastAction ?? null,
    last_error: state?.lastError?.code ?? null,
    last_step: state?.step ?? null,
    attempting: state?.attempting ?? null,
  };
}

function hasMachine(state: InstanceState | undefined): boolean {
  return Object.keys(state?.machine ?? {}).length > 0;
}

/** As a table, its head first. */
export function listLines(rows: readonly ListRow[]): readonly string[] {
  const cells = rows.map((r) => [r.instance, r.driver, r.provisioner, progressOf(r), r.last_error ?? '']);
  return table([['Instance', 'Driver', 'Provisioner', 'Last action', 'Last error'], ...cells]);
}

function progressOf(row: ListRow): string {
  if (row.in_use_by !== null) return `${row.attempting ?? 'waiting'} (pid ${row.in_use_by})`;
  if (row.attempting !== null) return `interrupted in ${row.attempting}`;
  if (row.last_action === null) return row.machine ? 'create failed' : 'not created';
  return row.last_step === null ? row.last_action : `${row.last_action} ${row.last_step}`;
}

/** What is doubtful about platforms of the Docker driver; a list loads no driver to ask it. */
export function platformDoubts(selected: readonly InstanceConfig[]): readonly string[] {
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
