import { hasCode } from '../../core/errors.ts';
import { painted } from '../../reporters/format/text.ts';
import type { GlobalOptions } from '../command.ts';
import type { Host } from '../host.ts';
import { printError } from '../print-error.ts';
import type { Place } from './place.ts';

export interface PlacesOptions extends GlobalOptions {
  readonly region: readonly string[];
}

/**
 * The engine, the regions that are asked for, and whatever the kitchen of this folder names. What cannot be looked at
 * is said on standard error and does not keep the rest from being cleaned; `code` is the exit code of that, 0 when
 * nothing is amiss. A folder without a kitchen is none, nor is a missing engine where there are other places.
 */
export async function gcPlaces(
  args: PlacesOptions,
  host: Host,
): Promise<{ readonly places: readonly Place[]; readonly code: number }> {
  const codes: number[] = [];
  const said = new Set<string>();
  const say = (error: unknown, consequence: string): void => {
    // Each instance of a kitchen has the same mistake of its driver's section.
    const text = typeof error === 'string' ? error : (error as Error).message;
    if (said.has(text)) return;
    said.add(text);
    if (typeof error === 'string') return warn(host, text);
    codes.push(printError(error, host.stderr, args.debug));
    warn(host, consequence);
  };
  const recorded = await placesOfStates(host);
  const elsewhere = await kitchenPlaces(args, host, recorded.length > 0, say);
  const regions = await Promise.all(
    args.region.map(async (region) => (await import('./driver-places.ts')).regionPlace(region, host)),
  );
  const all = [...elsewhere, ...recorded, ...regions.filter((one) => one !== undefined)];
  const places = [...new Map(all.map((one) => [one.where, one])).values()];
  try {
    const { enginePlace } = await import('./engine-place.ts');
    places.unshift(await enginePlace(host));
  } catch (error) {
    if (places.length === 0) say(error, 'nothing was looked at');
    // Who works with EC2 may have no engine.
    else warn(host, `the Docker engine was not looked at: ${(error as Error).message}`);
  }
  return { places, code: codes[0] ?? 0 };
}

async function kitchenPlaces(
  args: PlacesOptions,
  host: Host,
  isKnown: boolean,
  say: (error: unknown, consequence: string) => void,
): Promise<readonly Place[]> {
  try {
    const { readKitchen } = await import('../kitchen.ts');
    const { instances } = await readKitchen(host, { ...args, compat: true });
    const drivers = new Set(instances.map((one) => one.driver.name));
    if ([...drivers].every((name) => name === undefined || name === 'docker')) return [];
    const { driverPlaces } = await import('./driver-places.ts');
    return driverPlaces(instances, host, (error) =>
      say(error, 'the account or region that is meant may not have been looked at; --region names one'),
    );
  } catch (error) {
    if (hasCode(error, 'config.no_kitchen')) return [];
    const consequence = isKnown
      ? 'only the accounts and regions that its state files name were looked at; --region names another one'
      : 'the accounts and regions of this kitchen were not looked at; --region names one';
    say(error, consequence);
    return [];
  }
}

/** Where machines of this folder are recorded to be, whatever its kitchen says by now. */
async function placesOfStates(host: Host): Promise<readonly Place[]> {
  const { stateStore } = await import('../kitchen.ts');
  const store = stateStore({ root: host.cwd });
  if ((await store.names()).length === 0) return [];
  const { recordedPlaces } = await import('./driver-places.ts');
  return recordedPlaces(store, host);
}

function warn(host: Host, text: string): void {
  host.stderr.write(`${painted('yellow', `! ${text}`, host.stderr.color)}\n`);
}
