import { mkdirSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { GalleyError } from '../../core/errors.ts';
import { isCorrupt, loadSqlite, transaction } from './sqlite.ts';

/** Raised with every change of the tables. */
const SCHEMA = 1;
const WAIT_MS = 5000;

const TABLES = `
CREATE TABLE runs (id TEXT PRIMARY KEY, command TEXT NOT NULL, started TEXT NOT NULL, duration_ms REAL NOT NULL,
  exit_code INTEGER);
CREATE TABLE instances (run TEXT NOT NULL REFERENCES runs ON DELETE CASCADE, name TEXT NOT NULL,
  outcome TEXT NOT NULL, PRIMARY KEY (run, name)) WITHOUT ROWID;
CREATE TABLE phases (run TEXT NOT NULL REFERENCES runs ON DELETE CASCADE, instance TEXT NOT NULL, name TEXT NOT NULL,
  outcome TEXT NOT NULL, duration_ms REAL NOT NULL, PRIMARY KEY (run, instance, name)) WITHOUT ROWID;
CREATE TABLE checks (run TEXT NOT NULL REFERENCES runs ON DELETE CASCADE, instance TEXT NOT NULL, id TEXT NOT NULL,
  title TEXT NOT NULL, outcome TEXT NOT NULL, flaky INTEGER NOT NULL, duration_ms REAL NOT NULL,
  PRIMARY KEY (run, instance, id)) WITHOUT ROWID;
PRAGMA user_version = ${SCHEMA};
`;

/**
 * Opens the store of a kitchen's runs, and makes it when it is not there. A file that is no database, or a damaged
 * one, is moved aside (`….corrupt-TIME`) and told of. Several processes may use the store at once.
 */
export function openHistory(path: string, onQuarantine: (movedTo: string) => void): DatabaseSync {
  mkdirSync(dirname(path), { recursive: true });
  const found = inode(path);
  try {
    return openChecked(path);
  } catch (error) {
    if (!isCorrupt(error)) throw error;
    // Another Galley may have moved it in the meantime, and what is there now is a good one.
    if (inode(path) === found) {
      const movedTo = `${path}.corrupt-${Date.now()}`;
      renameSync(path, movedTo);
      onQuarantine(movedTo);
    }
    return openChecked(path);
  }
}

function openChecked(path: string): DatabaseSync {
  const { DatabaseSync: Database } = loadSqlite();
  const db = new Database(path, { timeout: WAIT_MS });
  try {
    db.exec('PRAGMA foreign_keys = ON; PRAGMA synchronous = NORMAL');
    if (versionOf(db) === 0) {
      transaction(db, () => {
        // Two that start at the same time on an empty file.
        if (versionOf(db) === 0) db.exec(TABLES);
      });
    }
    const version = versionOf(db);
    if (version > SCHEMA) throw tooNew(path, version);
    db.prepare('SELECT count(*) FROM runs').get();
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

function versionOf(db: DatabaseSync): number {
  return Number(db.prepare('PRAGMA user_version').get()?.['user_version'] ?? 0);
}

function inode(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.ino;
}

function tooNew(path: string, version: number): GalleyError {
  return new GalleyError({
    code: 'report.history_too_new',
    kind: 'infrastructure',
    message: `the history of runs (${path}) was written by a newer Galley`,
    expected: `version ${SCHEMA} or older`,
    got: `version ${version}`,
    hint: 'update Galley, or move the file away to begin a new history',
  });
}
