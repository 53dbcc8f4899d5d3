import type { DatabaseSync } from 'node:sqlite';

type Sqlite = typeof import('node:sqlite');

const WARNING = 'SQLite is an experimental feature';

/**
 * Node's own SQLite. Loading it prints that it is experimental, which tells a user of Galley nothing: that one warning
 * is held back, for the moment of loading only. Loading is synchronous, so no other warning can get lost.
 */
export function loadSqlite(): Sqlite {
  const original = process.emitWarning.bind(process);
  const filtered = (warning: string | Error, ...rest: readonly unknown[]): void => {
    if (!String(warning).includes(WARNING)) Reflect.apply(original, process, [warning, ...rest]);
  };
  const own = Object.getOwnPropertyDescriptor(process, 'emitWarning');
  process.emitWarning = filtered;
  try {
    return process.getBuiltinModule('node:sqlite');
  } finally {
    if (own) Object.defineProperty(process, 'emitWarning', own);
  }
}

/** Runs `work` as one transaction; another writer is waited for, as long as the connection's timeout says. */
export function transaction(db: DatabaseSync, work: () => void): void {
  db.exec('BEGIN IMMEDIATE');
  try {
    work();
    db.exec('COMMIT');
  } catch (error) {
    if (db.isTransaction) db.exec('ROLLBACK');
    throw error;
  }
}

const CORRUPT = 11;
const NOT_A_DATABASE = 26;

/** Whether the file is no database, or one that was damaged. Codes: sqlite.org/rescode.html, the low byte. */
export function isCorrupt(error: unknown): boolean {
  const code = (error as { errcode?: number } | undefined)?.errcode;
  return code !== undefined && [CORRUPT, NOT_A_DATABASE].includes(code % 256);
}
