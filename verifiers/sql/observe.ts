import { hidden } from '../../src/checks/redact.ts';
import { GalleyError, hasCode } from '../../src/core/errors.ts';
import type { Companion } from '../../src/core/surroundings.ts';
import type { CommandResult, ExecuteOptions } from '../../src/core/transport.ts';
import type { Probe } from '../../src/core/verifier.ts';
import { NO_CLIENT, type SqlAnswer, type SqlClient, type SqlTarget } from './answer.ts';
import { ENGINES, type EngineName } from './engines.ts';
import { mysqlClient } from './mysql.ts';
import { postgresClient } from './postgres.ts';
import { type SqlSpec } from './schema.ts';
import { sqliteClient } from './sqlite.ts';
import { withParameters } from './statement.ts';

export interface SqlFacts {
  readonly answer: SqlAnswer;
  /** Who asked: `psql in db, as app@shop`. */
  readonly source: string;
}

const CLIENTS: Readonly<Record<EngineName, SqlClient>> = {
  postgres: postgresClient,
  mysql: mysqlClient,
  sqlite: sqliteClient,
};
const DEFAULT_TIMEOUT_MS = 10_000;
/** More is not parsed: the transport may have cut it. */
const LARGEST = 15 * 1024 * 1024;

/** Where the client runs. */
interface Place {
  readonly words: string;
  readonly engine: EngineName;
  readonly target: SqlTarget;
  execute(argv: readonly string[], options: ExecuteOptions): Promise<CommandResult>;
}

/** Throws when there is no client or no such companion; that the database refuses is an observation. */
export async function observeSql(spec: SqlSpec, probe: Probe): Promise<SqlFacts> {
  const place = await placeOf(spec, probe);
  const client = CLIENTS[place.engine];
  const statement = withParameters(spec.sql, spec.params ?? {}, place.engine);
  const { argv, env, stdin } = client.command(statement, place.target);
  const { user, database, password, timeoutMs } = place.target;
  const who = [user, database].filter((one) => one !== undefined).join('@');
  const source = `${place.engine} client ${place.words}${who === '' ? '' : `, ${who}`}`;
  try {
    const limits = { timeoutMs: timeoutMs + 2000, signal: probe.signal };
    const done = await place.execute(argv, { env, stdin, ...limits });
    if (done.stderr.includes(NO_CLIENT)) {
      throw new GalleyError({
        code: 'check.no_client',
        kind: 'verify',
        message: `there is no ${place.engine} client ${place.words}`,
        hint: 'in: NAME asks with the client of a companion service',
      });
    }
    if (done.stdout.length > LARGEST) throw new Error('the answer is larger than 15 MiB: add a LIMIT');
    return { answer: without(client.answer(done), password), source };
  } catch (error) {
    if (!hasCode(error, 'transport.timeout')) throw error;
    const text = `no answer within ${timeoutMs / 1000} s`;
    return { answer: { kind: 'error', error: 'timeout', text }, source };
  }
}

function without(answer: SqlAnswer, password: string | undefined): SqlAnswer {
  if (answer.kind === 'rows' || password === undefined || password === '') return answer;
  return { ...answer, text: answer.text.replaceAll(password, hidden(password)) };
}

async function placeOf(spec: SqlSpec, probe: Probe): Promise<Place> {
  const { connection, around } = probe;
  const given = {
    host: spec.host,
    port: spec.port,
    user: spec.user,
    password: spec.password,
    database: spec.database,
    timeoutMs: spec.timeout ?? DEFAULT_TIMEOUT_MS,
  };
  const companion = spec.in === 'instance' ? undefined : companionOf(spec, around?.companions ?? new Map());
  if (companion === undefined) {
    const engine = spec.engine ?? (await engineOn(probe));
    // Over the local socket PostgreSQL knows who asks: its own user may do everything.
    const isPeer = engine === 'postgres' && spec.host === undefined && spec.user === undefined;
    return {
      words: 'on the instance',
      engine,
      target: given,
      execute: (argv, options) =>
        connection.execute(argv, { ...options, ...(isPeer && { user: 'postgres', cwd: '/' }) }),
    };
  }
  const { name, address, engine } = companion;
  const own = spec.host === undefined;
  return {
    words: `in ${name}`,
    engine: spec.engine ?? engine,
    target: {
      ...given,
      host: spec.host ?? address.host,
      port: spec.port ?? (own && address.port !== 0 ? address.port : undefined),
      user: spec.user ?? address.user,
      password: spec.password ?? (spec.user === undefined ? address.password : undefined),
      database: spec.database ?? address.database,
    },
    execute: (argv, options) => companion.execute(argv, options),
  };
}

type Found = Companion & { readonly name: string; readonly engine: EngineName };

/** The companion named, or the only one with a database that is known here; undefined: the instance itself. */
function companionOf(spec: SqlSpec, companions: ReadonlyMap<string, Companion>): Found | undefined {
  const able = [...companions].flatMap(([name, one]): Found[] => {
    const engine = engineOf(one.address.url) ?? (spec.in === name ? spec.engine : undefined);
    return engine === undefined ? [] : [{ ...one, name, engine }];
  });
  if (spec.in === undefined) {
    if (spec.engine === 'sqlite' || spec.host !== undefined) return undefined;
    const fitting = able.filter((one) => spec.engine === undefined || one.engine === spec.engine);
    if (fitting.length > 1)
      throw new Error(
        `several companions have a database: write in: ${fitting.map((one) => one.name).join(' or ')}`,
      );
    return fitting[0];
  }
  const found = able.find((one) => one.name === spec.in);
  if (found) return found;
  if (!companions.has(spec.in)) throw new Error(`the service ${spec.in} was not started`);
  throw new Error(
    `what ${spec.in} is cannot be told from its image: give engine: ${ENGINES.slice(0, 2).join(' or ')}`,
  );
}

function engineOf(url: string): EngineName | undefined {
  if (/^postgres(ql)?:/.test(url)) return 'postgres';
  return /^(mysql|mariadb):/.test(url) ? 'mysql' : undefined;
}

async function engineOn({ connection, signal }: Probe): Promise<EngineName> {
  const script =
    'for c in psql mysql mariadb; do command -v "$c" >/dev/null 2>&1 && { echo "$c"; exit; }; done; ls -d /usr/lib/postgresql/*/bin/psql 2>/dev/null';
  const { stdout } = await connection.execute(['sh', '-c', script], { signal, timeoutMs: 10_000 });
  if (stdout.trim() === '')
    throw new Error(
      'the instance has no client of PostgreSQL, MySQL or MariaDB (for sqlite: engine: sqlite)',
    );
  return stdout.includes('psql') ? 'postgres' : 'mysql';
}
