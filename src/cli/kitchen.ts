import { join } from 'node:path';
import { loadKitchen } from '../config/load.ts';
import type { Kitchen } from '../core/kitchen.ts';
import { formatLocation } from '../reporters/format/error.ts';
import { printable } from '../reporters/format/text.ts';
import { StateStore } from '../state/state-store.ts';
import type { GlobalOptions } from './command.ts';
import type { Host } from './host.ts';

export function readKitchen(host: Host, args: GlobalOptions): Promise<Kitchen> {
  return loadKitchen({
    cwd: host.cwd,
    env: host.env,
    compat: args.compat ?? false,
    ...(args.config !== undefined && { file: args.config }),
  });
}

/**
 * For commands that only show a kitchen: what Test Kitchen lets pass does not stop them, but is said on standard error.
 */
export async function readKitchenToShow(host: Host, args: GlobalOptions): Promise<Kitchen> {
  const kitchen = await readKitchen(host, { ...args, compat: true });
  for (const { message, location } of kitchen.warnings) {
    host.stderr.write(`${printable(`! ${location ? `${formatLocation(location)}: ` : ''}${message}`)}\n`);
  }
  return kitchen;
}

/** Where a kitchen keeps its state and logs. Not the peer's `.kitchen`: both may be used side by side. */
export function stateDir(kitchen: Pick<Kitchen, 'root'>): string {
  return join(kitchen.root, '.galley');
}

export function stateStore(kitchen: Pick<Kitchen, 'root'>): StateStore {
  return new StateStore(stateDir(kitchen));
}
