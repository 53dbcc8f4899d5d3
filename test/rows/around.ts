import { parse } from 'yaml';
import type { CheckRow } from '../check-table.ts';

/** Checks that look at logs, companions, images and a further converge; each id ends with the outcome it must have. */
export const AROUND_YAML = `
# Logs of files
- {id: log new line.pass, log: /var/log/app.log, contains: [INFO started, '/^.*ERROR new$/']}
- {id: log old line.pass, log: /var/log/app.log, lacks: old}
- {id: log old line.fail, log: {file: /var/log/app.log, since: ever}, lacks: ERROR old}
- {id: log missing line.fail, log: /var/log/app.log, contains: INFO stopped}
- {id: log lacks.fail, log: /var/log/app.log, lacks: [/Traceback/, ERROR]}
- {id: log level.pass, log: /var/log/app.log, level: error, count: 1}
- {id: log level.fail, log: /var/log/app.log, level: error, count: 0}
- {id: log matching.pass, log: /var/log/app.log, matching: /^2026-/, count: 2}
- {id: log matching.fail, log: /var/log/app.log, matching: /^2026-/, count: 9}
- {id: log by time.pass, log: /var/log/app.log, since: '2026-01-01', count: 2}
- {id: log by time.fail, log: /var/log/app.log, since: '2026-01-01', lacks: ERROR}
- {id: log silent.error, log: /var/log/silent.log, lacks: x}
- {id: log silent.pass, log: /var/log/silent.log, lacks: x, mayBeSilent: true}
- {id: log absent.fail, log: /var/log/none.log, lacks: x, mayBeSilent: true}
- {id: log made since.pass, log: /var/log/made.log, contains: first line}
- {id: log rotated.pass, log: /var/log/rotated.log, contains: [before rotation, after rotation], lacks: old}
- {id: log rotated.fail, log: /var/log/rotated.log, lacks: before rotation}
- {id: log copied.pass, log: /var/log/copied.log, contains: [before copy, after copy], lacks: old}
- {id: log truncated.error, log: /var/log/truncated.log, lacks: x}
- {id: log truncated.pass, log: /var/log/truncated.log, contains: after truncation}
- {id: log folder.error, log: /var/log, lacks: x}
# The journal
- {id: journal.pass, log: {unit: chatty}, contains: new words, lacks: old words}
- {id: journal ever.pass, log: {unit: chatty, since: ever}, contains: old words}
- {id: journal level.pass, log: {unit: chatty}, level: err, count: 1}
- {id: journal level.fail, log: {unit: chatty}, level: err, lacks: boom}
- {id: journal typo.error, log: {unit: chaty}, lacks: x, mayBeSilent: true}
# Output of containers
- {id: companion log.pass, log: {companion: db, since: ever}, contains: ready to accept connections}
- {id: companion log.fail, log: {companion: db, since: ever}, lacks: /ready to accept/}
- {id: companion log silent.error, log: {companion: cache}, lacks: x}
- {id: instance log.pass, log: {container: instance, since: ever}, mayBeSilent: true}
# PostgreSQL in its companion
- {id: sql value.pass, sql: SELECT 6 * 7, value: 42}
- {id: sql value.fail, sql: SELECT 6 * 7, value: 43}
- {id: sql rows.pass, sql: 'SELECT * FROM (VALUES (1, :name), (2, NULL)) AS t (id, name)', params: {name: "O'Reilly \\\\ $x"}, rows: [{id: 1, name: "O'Reilly \\\\ $x"}, {id: 2, name: {absent: true}}], columns: {exactly: [id, name]}}
- {id: sql rows.fail, sql: 'SELECT * FROM (VALUES (1, :name)) AS t (id, name)', params: {name: a}, rows: [{id: 2}]}
- {id: sql count.pass, sql: 'SELECT true AS ok, NULL::int AS n', rows: 1, duration: {lt: 60000}}
- {id: sql count.fail, sql: SELECT 1 WHERE false, rows: 1}
- {id: sql duration.fail, sql: SELECT pg_sleep(0.2), duration: {lt: 100}}
- {id: sql typed.pass, sql: "SELECT :day::date, '{\\"a\\": [1]}'::jsonb AS doc", params: {day: '2026-01-02'}, rows: [{date: '2026-01-02', doc: {hasKey: a}}]}
- {id: sql statement.fail, sql: SELECT * FROM nowhere, error: none}
- {id: sql host.fail, sql: SELECT 1, value: 1, in: db, host: no-such-host.invalid}
- {id: sql port.fail, sql: SELECT 1, value: 1, in: db, port: 5433, timeout: 60s}
- {id: sql columns.fail, sql: SELECT 1 AS a, columns: [b]}
- {id: sql works.pass, sql: SELECT 1, error: none}
- {id: sql repeated.pass, sql: SELECT 1, value: 1, repeat: {times: 6, concurrency: 3}}
- {id: sql repeated.fail, sql: SELECT 1, value: 2, repeat: {times: 2}}
- {id: sql statement.pass, sql: SELECT * FROM nowhere, error: sql}
- {id: sql auth.pass, sql: SELECT 1, in: db, user: shop, password: wrong-pass, error: auth}
- {id: sql auth.fail, sql: SELECT 1, in: db, user: shop, password: wrong-pass, value: 1}
- {id: sql refused.pass, sql: SELECT 1, in: db, port: 5433, error: refused}
- {id: sql database.pass, sql: SELECT 1, in: db, database: nope, error: database}
- {id: sql name.pass, sql: SELECT 1, in: db, host: no-such-host.invalid, error: unreachable}
- {id: sql timeout.pass, sql: SELECT pg_sleep(9), timeout: 1s, error: timeout}
- {id: sql no client.error, sql: SELECT 1, in: cache, engine: postgres, host: db, error: refused}
# MariaDB and SQLite with the instance's own clients
- {id: mariadb.pass, sql: "SELECT 7 AS n, NULL AS nothing, 'NULL' AS text, :evil AS evil", in: instance, engine: mysql, params: {evil: "'; -- \\\\"}, rows: [{n: 7, nothing: {absent: true}, text: 'NULL', evil: "'; -- \\\\"}], duration: {lt: 60000}}
- {id: mariadb.fail, sql: SELECT 7, in: instance, engine: mysql, value: 8}
- {id: mariadb auth.pass, sql: SELECT 1, in: instance, engine: mysql, host: 127.0.0.1, user: nobody, password: wrong-pass, error: auth}
- {id: mariadb refused.pass, sql: SELECT 1, in: instance, engine: mysql, host: 127.0.0.1, port: 3307, error: refused}
- {id: mariadb statement.pass, sql: SELECT * FROM a.b, in: instance, engine: mysql, error: sql}
- {id: sqlite.pass, sql: SELECT count(*) AS n FROM t WHERE name = :n, in: instance, engine: sqlite, database: /srv/db.sqlite3, params: {n: it's}, value: 1}
- {id: sqlite.fail, sql: SELECT name FROM t, in: instance, engine: sqlite, database: /srv/db.sqlite3, value: other}
- {id: sqlite database.pass, sql: SELECT 1, in: instance, engine: sqlite, database: /srv/none/db, error: database}
# Redis, with its client in the companion and with the protocol from the instance
- {id: redis set up.pass, redis: [SET, 'session:1', "a \\"b\\"\\n\\u00e9", EX, '900'], value: OK, eventually: 10s, in: cache}
- {id: redis key.pass, redis: {key: 'session:1'}, type: string, ttl: {between: [1, 900]}, value: "a \\"b\\"\\n\\u00e9", in: cache}
- {id: redis key.fail, redis: {key: 'session:1'}, value: other, in: cache}
- {id: redis ttl.fail, redis: {key: 'session:1'}, ttl: {absent: true}, in: cache}
- {id: redis type.fail, redis: {key: 'session:1'}, type: list, in: cache}
- {id: redis no key.pass, redis: {key: nope}, exists: false, in: cache}
- {id: redis no key.fail, redis: {key: nope}, in: cache}
- {id: redis hash set up.pass, redis: [HSET, h, user, jo, n, '2'], error: none, eventually: 10s, in: cache}
- {id: redis hash.pass, eventually: 10s, redis: {key: h}, type: hash, value: {equal: {user: jo, n: '2'}}, in: cache}
- {id: redis info.pass, redis: PING, value: PONG, info: {role: master, redis_version: /^\\d/}, in: cache}
- {id: redis db.pass, redis: {key: h}, db: 3, exists: false, in: cache, timeout: 60s}
- {id: redis db.fail, redis: {key: h}, db: 3, in: cache, timeout: 60s}
- {id: redis exists.fail, redis: {key: h}, exists: false, in: cache}
- {id: redis port.fail, redis: PING, value: PONG, in: cache, port: 6380}
- {id: redis user.pass, redis: PING, value: PONG, in: locked, user: default, password: hush-hush-1}
- {id: redis user.fail, redis: PING, value: PONG, in: locked, user: nobody, password: wrong-pass}
- {id: redis info.fail, redis: PING, info: {role: slave}, in: cache}
- {id: redis command.pass, redis: NOSUCH, error: command, in: cache}
- {id: redis command.fail, redis: NOSUCH x, in: cache, error: none}
- {id: redis works.pass, redis: DBSIZE, in: cache, error: none, repeat: 3}
- {id: redis repeated.fail, redis: PING, in: cache, value: PANG, repeat: {times: 4, maxFailures: 3}}
- {id: redis refused.pass, redis: PING, in: cache, port: 6380, error: refused}
- {id: redis from instance.pass, redis: {key: h}, in: instance, host: cache, type: hash, value: {equal: {user: jo, n: '2'}}}
- {id: redis from instance.fail, redis: [HGET, h, user], in: instance, host: cache, value: al}
- {id: redis from instance refused.pass, redis: PING, in: instance, error: refused}
- {id: redis from instance name.pass, redis: PING, in: instance, host: no-such-host.invalid, error: unreachable}
- {id: redis auth.pass, redis: PING, error: auth, in: locked}
- {id: redis auth from instance.pass, redis: PING, in: instance, host: locked, error: auth}
- {id: redis wrong password.pass, redis: PING, in: locked, password: wrong-pass, error: auth}
- {id: redis password.pass, redis: PING, in: locked, password: hush-hush-1, value: PONG}
- {id: redis password from instance.pass, redis: PING, in: instance, host: locked, password: hush-hush-1, value: PONG}
- {id: redis ambiguous.error, redis: PING, value: PONG}
# Images
- {id: image of instance.pass, image: instance, env: {container: docker, DEBUG: {absent: true}}, user: root, workdir: /}
- {id: image of instance.fail, image: instance, user: nobody, workdir: /srv, ref: 'debian:nine'}
- {id: image env.fail, image: instance, env: {container: {absent: true}}}
- {id: image of companion.pass, image: db, ports: 5432/tcp, volumes: /var/lib/postgresql/data, entrypoint: {contains: entrypoint}, command: postgres, ref: {contains: postgres}}
- {id: image of companion.fail, image: db, ports: {none: 5432/tcp}, entrypoint: x, command: x, volumes: /x}
- {id: container.pass, image: instance, of: container, labels: {galley.kind: instance}}
- {id: container labels.fail, image: instance, of: container, labels: {galley.kind: service}}
- {id: container.fail, image: db, of: container, env: {POSTGRES_PASSWORD: other}}
# A further converge
- {id: idempotent.fail, idempotent: true, updatedResources: {lt: 1}, except: ['execute[other]']}
- {id: idempotent.pass, idempotent: true, updatedResources: 0, except: ['execute[always]']}
# Changed by the converge
- {id: changed.pass, file: /var/log/made.log, mtime: {changedSince: converge}}
- {id: changed.fail, file: /etc/hostname, mtime: {changedSince: converge}}
# From companions, and what a connection tells
- {id: port from companion.pass, port: 3306, reachable: {from: db}}
- {id: port from companion.fail, port: 3306, reachable: {from: db, is: false}}
- {id: closed port from companion.pass, port: 3307, reachable: {from: db, is: false}}
- {id: http from companion.pass, http: 'http://localhost:8080/', from: db, body: {contains: hello}}
- {id: http from companion.fail, http: 'http://localhost:8080/', from: db, body: {contains: goodbye}}
- {id: http from companion refused.pass, http: 'http://localhost:8081/', from: db, error: refused}
- {id: http resolve.pass, http: 'http://shop.example:8080/', resolve: {shop.example: instance}, body: {contains: 'host shop.example:8080'}}
- {id: http resolve.fail, http: 'http://shop.example:8080/', resolve: {shop.example: instance}, body: {contains: 'host localhost'}}
- {id: cookies.pass, http: 'http://localhost:8080/', cookies: {sid: {httpOnly: true, secure: false, sameSite: Lax, path: /, maxAge: 60, value: {length: 12}}, other: {exists: false}}}
- {id: cookies.fail, http: 'http://localhost:8080/', cookies: {sid: {secure: true, value: guessed-it}}}
- {id: tls.pass, http: 'https://localhost:8443/', insecure: true, tls: {verified: false, protocol: TLSv1.3, subject: localhost, issuer: localhost, san: [localhost, www.example], daysLeft: {between: [28, 30]}}}
- {id: tls.fail, http: 'https://localhost:8443/', insecure: true, tls: {verified: true, protocol: TLSv1.1, subject: www.example, issuer: Test CA, san: other.example, daysLeft: {gt: 60}}}
# New lines since verification began
- {id: log since check set up.pass, command: echo during checks >> /var/log/silent.log}
- {id: log since check.pass, log: /var/log/silent.log, since: check, contains: during checks, lacks: old}
- {id: log since check.fail, log: /var/log/app.log, since: check, contains: INFO started}
`;

/** The same as rows. */
export const AROUND: readonly CheckRow[] = (parse(AROUND_YAML) as readonly { readonly id: string }[]).map(
  ({ id, ...item }) => [item, id.slice(id.lastIndexOf('.') + 1) as CheckRow[1]],
);
