import type { z } from 'zod';
import { locateKeyOf } from '../config/instance-tree.ts';
import { type ParseOptions, parseSettings } from '../config/parse-settings.ts';
import { GalleyErrors, type SourceLocation } from '../core/errors.ts';
import type { InstanceConfig, Section } from '../core/kitchen.ts';
import { optionStatus } from '../core/option-status.ts';
import { branchesAt, knownKeysAt } from '../core/zod-schema.ts';

/** Something to say about a plugin's setting that stops nothing. */
export interface SettingNote {
  readonly level: 'verbose' | 'warning';
  readonly message: string;
  readonly location?: SourceLocation;
}

type Plugin<C> = { readonly name: string; readonly config: z.ZodType<C> };

export interface ReadOptions extends Omit<ParseOptions, 'foreign'> {
  /** All plugins of the section: what only another of them knows is left over from it, and stops nothing. */
  readonly among?: readonly Plugin<unknown>[];
}

/**
 * The settings of a plugin, parsed; throws what is wrong with them as `GalleyErrors`, and adds to `notes` what stops
 * nothing.
 */
export function readSettings<C>(
  config: InstanceConfig,
  section: Section,
  plugin: Plugin<C>,
  notes: SettingNote[],
  { among = [], ...options }: ReadOptions = {},
): C {
  const foreign = new Set(among.flatMap((other) => knownKeysAt(other.config, [])));
  const result = parseSettings(config, section, plugin.config, { ...options, foreign });
  if ('errors' in result) throw new GalleyErrors(result.errors);
  for (const { message, hint, location } of result.unknown ?? []) {
    const text = hint?.startsWith('did you mean') ? `${message} (${hint})` : message;
    notes.push({ level: 'warning', message: text, ...(location && { location }) });
  }
  notes.push(...foreignNotes(config, section, plugin.name, result.foreign ?? []));
  notes.push(...unneededNotes(config, section, plugin.config));
  return result.value;
}

/** One note for all: whoever changes only the name of the driver has many of them. */
function foreignNotes(
  config: InstanceConfig,
  section: Section,
  name: string,
  keys: readonly string[],
): readonly SettingNote[] {
  const [first] = keys;
  if (first === undefined) return [];
  const location = locateKeyOf(config, [section, first]);
  const message = `settings of another ${section}, without effect with ${name}: ${keys.join(', ')}`;
  return [{ level: 'warning', message, ...(location && { location }) }];
}

/** Options of the peer that are given and have no work to do in this plugin. */
function unneededNotes(config: InstanceConfig, section: Section, schema: z.ZodType): readonly SettingNote[] {
  const shapes = branchesAt(schema, []).flatMap(({ def }) => (def.shape ? [def.shape] : []));
  return Object.entries(config[section].settings).flatMap(([key, value]) => {
    const option = shapes.find((shape) => Object.hasOwn(shape, key))?.[key];
    if (option === undefined || value === null) return [];
    const { status, text } = optionStatus(option as z.ZodType);
    if (status !== 'accepted') return [];
    const location = locateKeyOf(config, [section, key]);
    const message = `${section}.${key} has no work to do here: ${text}`;
    return [{ level: 'verbose', message, ...(location && { location }) }];
  });
}

/** The same note once, however many instances it is about. */
export function distinctNotes(notes: readonly SettingNote[]): readonly SettingNote[] {
  return [...new Map(notes.map((note) => [JSON.stringify(note), note])).values()];
}
