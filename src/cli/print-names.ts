// For the tab key: what it needs when the names are remembered is loaded first, and is one small file of the build.
import { directTerminal } from './direct-terminal.ts';
import { cachedNames, namesKey } from './names-cache.ts';

/** Prints what is remembered of the kitchen's instances, a line each. False when nothing is, for its files as they are. */
export function printRememberedNames(cwd: string, env: NodeJS.ProcessEnv): boolean {
  const names = cachedNames(cwd, namesKey(cwd, env));
  if (names === undefined) return false;
  directTerminal(1, env).write(names.map((name) => `${name}\n`).join(''));
  return true;
}

/** Prints and remembers the names that the kitchen's files give; nothing when they give none. */
export async function printNames(cwd: string, env: NodeJS.ProcessEnv): Promise<void> {
  const { completeNames } = await import('./complete-names.ts');
  directTerminal(1, env).write(await completeNames(cwd, env));
}
