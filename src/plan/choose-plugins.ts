import { didYouMean } from '../core/did-you-mean.ts';
import type { Driver } from '../core/driver.ts';
import { GalleyError } from '../core/errors.ts';
import type { InstanceConfig, Section } from '../core/kitchen.ts';
import type { Transport } from '../core/transport.ts';
import { locationOf } from './location-of.ts';
import { findPlugin } from './plugins.ts';
import type { SettingNote } from './setting-notes.ts';

/** The plugin of that name or alias. Throws `config.unknown_SECTION`. */
export function choosePlugin<P extends { readonly name: string; readonly aliases: readonly string[] }>(
  config: InstanceConfig,
  section: Section,
  plugins: readonly P[],
  name: string,
): P {
  const found = findPlugin(plugins, name);
  if (found) return found;
  const known = plugins.flatMap((p) => [p.name, ...p.aliases]);
  const guess = didYouMean(name, known);
  throw new GalleyError({
    code: `config.unknown_${section}`,
    kind: 'config',
    message: `unknown ${section} '${name}'`,
    expected: `one of ${known.join(', ')}`,
    got: name,
    hint: guess
      ? `did you mean '${guess}'?`
      : `change ${section}.name to one of those${section === 'driver' ? ', or add --driver docker to run it in Docker' : ''}`,
    ...locationOf(config, [section, 'name']),
  });
}

/** The configured transport when it can serve the driver, else the driver's own, with a note. */
export function chooseTransport(
  config: InstanceConfig,
  transports: readonly Transport[],
  driver: Driver | undefined,
  notes: SettingNote[],
): Transport {
  const { name } = config.transport;
  const named = name === undefined ? undefined : choosePlugin(config, 'transport', transports, name);
  if (!driver) return named ?? choosePlugin(config, 'transport', transports, 'docker');
  const usual = choosePlugin(config, 'transport', transports, driver.transport);
  const kinds = driver.endpoints ?? usual.endpoints;
  if (!named || named.endpoints.some((kind) => kinds.includes(kind))) return named ?? usual;
  const message = `the transport ${name} does not reach machines of the driver ${driver.name}: ${usual.name} is used, without these settings`;
  notes.push({ level: 'warning', message, ...locationOf(config, ['transport', 'name']) });
  return usual;
}

/** Whether the settings under `transport:` are meant for this one. */
export function usesOwnSettings(config: InstanceConfig, transport: Transport): boolean {
  const { name } = config.transport;
  return name === undefined || name === transport.name || transport.aliases.includes(name);
}
