import type { Row } from '../rows.ts';

export interface ReadFile {
  readonly path: string;
  readonly exists: boolean;
  readonly content: string | undefined;
  /** It is longer than the 256 KiB that were read. */
  readonly isCut: boolean;
  readonly error: string | undefined;
}

export interface Folder {
  readonly exists: boolean;
  readonly names: readonly string[];
  readonly executables: readonly string[];
  readonly error: string | undefined;
}

export interface Ran {
  readonly state: 'ran' | 'missing' | 'timeout';
  /** Output and error output together, at most 1 MiB. */
  readonly text: string;
  readonly code: number;
}

/** The rows that `../perl/system.ts` and its twin write, by what was asked for. */
export interface SystemRows {
  /** False when nothing of this kind was asked for. */
  has(kind: 'file' | 'command' | 'netlink', key: string): boolean;
  files(pattern: string): readonly ReadFile[];
  folder(path: string): Folder | undefined;
  command(id: string): Ran | undefined;
  /** Commands whose id starts with the word, by the rest of the id. */
  commands(word: string): ReadonlyMap<string, Ran>;
  passwords(): ReadonlyMap<string, { readonly state: string; readonly error: string | undefined }>;
  netlink(type: number): readonly Buffer[];
}

export function systemRows(rows: readonly Row[]): SystemRows {
  const of = (kind: string): Row[] => rows.filter((row) => row.kind === kind);
  const files = of('g').map((row) => ({ pattern: row.text(0), file: readFile(row) }));
  const folders = new Map(of('d').map((row) => [row.text(0), folderOf(row)]));
  const ran = new Map(of('c').map((row) => [row.text(0), ranOf(row)]));
  const dumps = of('n').map((row) => ({ type: row.text(0), bytes: Buffer.from(row.text(1), 'hex') }));
  const commands = (word: string): Map<string, Ran> =>
    new Map(
      [...ran].flatMap(([id, one]) => (id.startsWith(`${word} `) ? [[id.slice(word.length + 1), one]] : [])),
    );
  return {
    has: (kind, key) => {
      if (kind === 'file') return files.some((one) => one.pattern === key);
      if (kind === 'command') return ran.has(key) || commands(key).size > 0;
      return dumps.some((one) => one.type === key);
    },
    files: (pattern) => files.filter((one) => one.pattern === pattern).map((one) => one.file),
    folder: (path) => folders.get(path),
    command: (id) => ran.get(id),
    commands,
    passwords: () =>
      new Map(of('w').map((row) => [row.text(0), { state: row.text(1), error: row.optional(2) }])),
    netlink: (type) => dumps.filter((one) => one.type === String(type)).map((one) => one.bytes),
  };
}

function readFile(row: Row): ReadFile {
  return {
    path: row.text(1),
    exists: row.flag(2),
    content: row.optional(3),
    isCut: row.flag(4),
    error: row.optional(5),
  };
}

function folderOf(row: Row): Folder {
  return { exists: row.flag(1), names: row.list(2), executables: row.list(3), error: row.optional(4) };
}

function ranOf(row: Row): Ran {
  const state = (['missing', 'timeout'] as const).find((one) => one === row.text(1)) ?? 'ran';
  return { state, text: row.text(2), code: row.number(3) };
}

/** Why a command told nothing, or undefined when it ended well. */
export function failureOf(ran: Ran, tool: string): string | undefined {
  if (ran.state === 'missing') return `${tool} is not on the instance`;
  if (ran.state === 'timeout') return `${tool} took longer than 10 s`;
  if (ran.code === 0) return undefined;
  const words = ran.text.trim().split('\n').at(-1)?.slice(0, 200);
  return `${tool} ended with exit code ${ran.code}${words ? `: ${words}` : ''}`;
}
