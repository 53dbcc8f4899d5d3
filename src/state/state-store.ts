import { existsSync } from 'node:fs';
import { readdir, rename, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { GalleyError } from '../core/errors.ts';
import { tryJson } from '../core/try-json.ts';

import type { InstanceState } from './instance-state.ts';
import { readText } from './read-text.ts';

const SUFFIX = '.json';
/** What else is in the folder; no instance has such a name, since theirs hold a hyphen. */
const OTHER_FILES = ['history.json', 'names.json'];

/** The state files of one kitchen, one per instance, in `.galley/`. */
export class StateStore {
  readonly dir: string;

  /** `dir`: absolute path of the state folder; made on first write. */
  constructor(dir: string) {
    this.dir = dir;
  }

  path(instance: string): string {
    return join(this.dir, `${instance}${SUFFIX}`);
  }

  /**
   * The state of an instance, or undefined when there is none. A file that cannot be parsed is moved aside
   * (`…json.corrupt-TIME`), reported through `onQuarantine`, and counts as lost: labels bring the machine back.
   */
  async read(instance: string, onQuarantine: (movedTo: string) => void): Promise<InstanceState | undefined> {
    const path = this.path(instance);
    const found = await this.look(instance);
    if (found !== 'unreadable') return found;
    const movedTo = `${path}.corrupt-${Date.now()}`;
    await rename(path, movedTo).catch((error: unknown) => {
      throw stateError('write', path, error);
    });
    onQuarantine(movedTo);
    return undefined;
  }

  /** Like `read`, for commands that only look: an unparsable file stays, and with it what leads to an orphan. */
  async look(instance: string): Promise<InstanceState | 'unreadable' | undefined> {
    const path = this.path(instance);
    let text: string;
    try {
      text = await readText(path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw stateError('read', path, error);
    }
    return (await parseState(text)) ?? 'unreadable';
  }

  /** The state of an instance to connect to. Throws `state.unreadable` for a file that cannot be parsed. */
  async readable(instance: string): Promise<InstanceState | undefined> {
    const found = await this.look(instance);
    if (found !== 'unreadable') return found;
    throw new GalleyError({
      code: 'state.unreadable',
      kind: 'infrastructure',
      message: `the state file of ${instance} is unreadable`,
      got: this.path(instance),
      hint: 'the next create or destroy moves it aside and finds the machine again by its labels',
    });
  }

  /** Like `read`, but leaves the folder as it is: undefined for a state that cannot be read. */
  async peek(instance: string): Promise<InstanceState | undefined> {
    const text = await readText(this.path(instance)).catch(() => '');
    return text === '' ? undefined : parseState(text);
  }

  async write(state: InstanceState): Promise<void> {
    const path = this.path(state.instance);
    const { writeFileAtomic } = await import('./atomic-write.ts');
    try {
      await writeFileAtomic(path, `${JSON.stringify(state, null, 1)}\n`);
    } catch (error) {
      throw stateError('write', path, error);
    }
  }

  async remove(instance: string): Promise<void> {
    await rm(this.path(instance), { force: true });
  }

  /** What there is to read: an instance without a file in it has neither state nor lock. One look instead of many. */
  async files(): Promise<ReadonlySet<string>> {
    if (!existsSync(this.dir)) return new Set();
    return new Set(await readdir(this.dir).catch(() => [] as string[]));
  }

  /** Names of all instances that have a state file, also those no longer in the config. */
  async names(): Promise<readonly string[]> {
    const entries = await readdir(this.dir).catch(() => [] as string[]);
    return entries
      .filter((e) => e.endsWith(SUFFIX) && !OTHER_FILES.includes(e))
      .map((e) => basename(e, SUFFIX));
  }
}

/** The schema is loaded for the first state only: before the first `create` there is none. */
async function parseState(text: string): Promise<InstanceState | undefined> {
  const schema = await import('./instance-state.ts');
  return schema.InstanceState.safeParse(tryJson(text)).data;
}

const HINTS: { readonly [code: string]: string } = {
  ENOSPC: 'free some space, then run galley destroy',
  EISDIR: 'a folder is where the file must be: move it away',
  ENOTDIR: '.galley must be a folder, and a file is in its place: move that away',
};

export function stateError(verb: 'read' | 'write', path: string, cause: unknown): GalleyError {
  const { code } = cause as NodeJS.ErrnoException;
  const full = code === 'ENOSPC';
  return new GalleyError({
    code: full ? 'state.disk_full' : `state.cannot_${verb}`,
    kind: 'infrastructure',
    message: full ? `the disk is full: cannot ${verb} ${path}` : `cannot ${verb} the state file ${path}`,
    got: (cause as Error).message,
    hint: HINTS[code ?? ''] ?? 'check the permissions of the .galley folder',
    cause,
  });
}
