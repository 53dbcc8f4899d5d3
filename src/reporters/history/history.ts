import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';
import type { CheckOutcome } from '../../core/check.ts';
import type { ReportedOutcome } from '../model/run-report.ts';
import type { InstanceSnapshot, RunSnapshot } from '../model/snapshot.ts';
import { openHistory } from './open-history.ts';
import { transaction } from './sqlite.ts';

type Row = Readonly<Record<string, SQLOutputValue>>;

/** How much is kept: at most so many runs, and fewer when they are large. */
const KEPT_RUNS = 300;
const KEPT_CHECKS = 300_000;
const KEPT_ANYWAY = 10;

/** One check's outcomes over runs, oldest first. */
export interface CheckHistory {
  readonly instance: string;
  readonly id: string;
  /** As it was called last. */
  readonly title: string;
  readonly outcomes: readonly { readonly outcome: CheckOutcome; readonly flaky: boolean }[];
}

/** One phase's durations in the runs in which it passed, oldest first, milliseconds. */
export interface PhaseHistory {
  readonly instance: string;
  readonly phase: string;
  readonly durations: readonly number[];
}

/** What past runs of a kitchen came to, in `.galley/history.db`. */
export class History implements Disposable {
  readonly #db: DatabaseSync;

  /** Makes the store when there is none. Throws what SQLite throws, and `report.history_too_new`. */
  constructor(path: string, onQuarantine: (movedTo: string) => void) {
    this.#db = openHistory(path, onQuarantine);
  }

  /** Keeps a run, and forgets the oldest ones. A run that is known is replaced. */
  record(run: RunSnapshot): void {
    const db = this.#db;
    transaction(db, () => {
      db.prepare('DELETE FROM runs WHERE id = ?').run(run.runId);
      const { runId, command, started, durationMs, exitCode } = run;
      db.prepare('INSERT INTO runs VALUES (?, ?, ?, ?, ?)').run(
        runId,
        command,
        started,
        durationMs,
        exitCode ?? null,
      );
      const addInstance = db.prepare('INSERT INTO instances VALUES (?, ?, ?)');
      const addPhase = db.prepare('INSERT OR REPLACE INTO phases VALUES (?, ?, ?, ?, ?)');
      const addCheck = db.prepare('INSERT OR REPLACE INTO checks VALUES (?, ?, ?, ?, ?, ?, ?)');
      for (const { name, outcome, phases, checks } of run.instances) {
        addInstance.run(runId, name, outcome);
        for (const p of phases) addPhase.run(runId, name, p.name, p.outcome, p.durationMs);
        for (const c of checks)
          addCheck.run(runId, name, c.id, c.title, c.outcome, c.flaky ? 1 : 0, c.durationMs);
      }
      this.#forget();
    });
  }

  /** The newest runs first, without what is in them. */
  runs(): readonly Omit<RunSnapshot, 'instances'>[] {
    return this.#db.prepare('SELECT * FROM runs ORDER BY started DESC, id DESC').all().map(runOf);
  }

  /** A run by its whole id. */
  run(id: string): RunSnapshot | undefined {
    const row = this.#db.prepare('SELECT * FROM runs WHERE id = ?').get(id);
    if (!row) return undefined;
    const rows = (table: string): readonly Row[] =>
      this.#db.prepare(`SELECT * FROM ${table} WHERE run = ?`).all(id);
    const phases = Map.groupBy(rows('phases'), (one) => text(one['instance']));
    const checks = Map.groupBy(rows('checks'), (one) => text(one['instance']));
    const instances = rows('instances').map((one): InstanceSnapshot => {
      const name = text(one['name']);
      return {
        name,
        outcome: text(one['outcome']) as ReportedOutcome,
        phases: (phases.get(name) ?? []).map((p) => ({
          name: text(p['name']),
          outcome: text(p['outcome']) as ReportedOutcome,
          durationMs: Number(p['duration_ms']),
        })),
        checks: (checks.get(name) ?? []).map((c) => ({
          id: text(c['id']),
          title: text(c['title']),
          outcome: text(c['outcome']) as CheckOutcome,
          flaky: c['flaky'] === 1,
          durationMs: Number(c['duration_ms']),
        })),
      };
    });
    return { ...runOf(row), instances };
  }

  /** The newest earlier run that did the same (`test` verifies too) to one of the same instances. */
  previousOf(run: RunSnapshot): RunSnapshot | undefined {
    const isVerifying = run.command === 'test' || run.command === 'verify';
    const row = this.#db
      .prepare(
        `SELECT id FROM runs WHERE (command = ? OR (? AND command IN ('test', 'verify'))) AND started < ? AND id <> ? AND EXISTS (
           SELECT 1 FROM instances, json_each(?) AS wanted
           WHERE instances.run = runs.id AND instances.name = wanted.value)
         ORDER BY started DESC LIMIT 1`,
      )
      .get(
        run.command,
        isVerifying ? 1 : 0,
        run.started,
        run.runId,
        JSON.stringify(run.instances.map((one) => one.name)),
      );
    return row ? this.run(text(row['id'])) : undefined;
  }

  /** Outcomes of every check in its newest `most` runs. */
  checks(most: number): readonly CheckHistory[] {
    const rows = this.#db
      .prepare(
        `SELECT c.instance, c.id, c.title, c.outcome, c.flaky FROM checks c JOIN runs ON runs.id = c.run
         ORDER BY runs.started, runs.id`,
      )
      .all();
    const groups = Map.groupBy(rows, (row) => JSON.stringify([row['instance'], row['id']]));
    return [...groups.values()].map((group) => {
      const last = group.at(-1) ?? {};
      return {
        instance: text(last['instance']),
        id: text(last['id']),
        title: text(last['title']),
        outcomes: group
          .slice(-most)
          .map((row) => ({ outcome: text(row['outcome']) as CheckOutcome, flaky: row['flaky'] === 1 })),
      };
    });
  }

  /** Durations of every phase in the newest `most` runs in which it passed. */
  phases(most: number): readonly PhaseHistory[] {
    const rows = this.#db
      .prepare(
        `SELECT p.instance, p.name, p.duration_ms FROM phases p JOIN runs ON runs.id = p.run
         WHERE p.outcome = 'passed' ORDER BY runs.started, runs.id`,
      )
      .all();
    const groups = Map.groupBy(rows, (row) => JSON.stringify([row['instance'], row['name']]));
    return [...groups.values()].map((group) => ({
      instance: text(group[0]?.['instance']),
      phase: text(group[0]?.['name']),
      durations: group.slice(-most).map((row) => Number(row['duration_ms'])),
    }));
  }

  [Symbol.dispose](): void {
    this.#db.close();
  }

  #forget(): void {
    this.#db
      .prepare(
        'DELETE FROM runs WHERE id NOT IN (SELECT id FROM runs ORDER BY started DESC, id DESC LIMIT ?)',
      )
      .run(KEPT_RUNS);
    const sizes = this.#db
      .prepare(
        `SELECT runs.id, (SELECT count(*) FROM checks WHERE run = runs.id) AS size FROM runs
         ORDER BY started DESC, id DESC`,
      )
      .all();
    let total = 0;
    for (const [i, row] of sizes.entries()) {
      total += Number(row['size']);
      if (i >= KEPT_ANYWAY && total > KEPT_CHECKS)
        this.#db.prepare('DELETE FROM runs WHERE id = ?').run(text(row['id']));
    }
  }
}

function runOf(row: Row): Omit<RunSnapshot, 'instances'> {
  const exit = row['exit_code'];
  return {
    runId: text(row['id']),
    command: text(row['command']),
    started: text(row['started']),
    durationMs: Number(row['duration_ms']),
    exitCode: exit === null || exit === undefined ? undefined : Number(exit),
  };
}

function text(value: SQLOutputValue | undefined): string {
  return typeof value === 'string' ? value : '';
}
