import { loadKitchen } from '../config/load.ts';
import { namesKey, rememberNames } from './names-cache.ts';

/**
 * The names of the kitchen's instances, a line each, read from its files and remembered for the next time. Never says
 * why it has nothing to offer: the user is in the middle of typing.
 */
export async function completeNames(cwd: string, env: NodeJS.ProcessEnv): Promise<string> {
  try {
    const key = namesKey(cwd, env);
    const kitchen = await loadKitchen({ cwd, env, compat: true });
    const names = kitchen.instances.map((config) => config.instance.name);
    rememberNames(cwd, key, names);
    return names.map((name) => `${name}\n`).join('');
  } catch {
    return '';
  }
}
