import { LIMITS } from '../../verifiers/process/schema.ts';
import type { CheckRow } from '../check-table.ts';

/** Of the unit `app`, a Python program and its forked worker: each attribute with what holds and what does not. */
const app = { process: { unit: 'app' } };
const names = Object.keys(LIMITS);
const limits = (matcher: object): object => Object.fromEntries(names.map((name) => [name, matcher]));

const OF_ONE: Readonly<Record<string, readonly [right: unknown, wrong: unknown]>> = {
  user: [{ oneOf: ['root', 'www-data'] }, 'nobody'],
  args: [{ contains: 'server.py' }, { contains: 'other.py' }],
  exe: [{ contains: 'python3' }, '/bin/sh'],
  cwd: ['/srv/work', '/'],
  state: ['S', 'Z'],
  uptime: [{ gte: 0 }, { gt: 1e9 }],
  threads: [1, 9],
  rss: [{ gt: 100 }, { lt: 10 }],
  openFiles: [{ gt: 20 }, { lt: 20 }],
  oomScore: [{ gte: 0 }, { gt: 5000 }],
  limits: [limits({ gte: 0 }), limits({ between: [0.1, 0.2] })],
  hardLimits: [limits({ gte: 0 }), limits({ between: [0.1, 0.2] })],
};

export const PROCESSES: readonly CheckRow[] = [
  [{ process: { exe: { contains: 'python3' }, unit: 'app' }, count: 2 }, 'pass'],
  [{ process: { exe: '/usr/bin/nope' } }, 'fail', /of program/],
  [{ process: { port: 8001 }, count: 2, workers: 1 }, 'pass'],
  [{ process: { port: 8001, role: 'worker' }, user: 'www-data' }, 'pass'],
  [{ process: { port: '/run/app.sock' }, args: { contains: 'server.py' } }, 'pass'],
  [{ ...app, restarts: 0 }, 'pass'],
  [{ ...app, restarts: { gt: 0 } }, 'fail', /app\.service: 0/],
  [{ process: { name: 'systemd' }, restarts: 0 }, 'error', /nobody counts its restarts/],
  [{ process: { port: 9 } }, 'fail', /on port 9/],
  [{ process: { name: 'python3', port: 9 }, running: false }, 'pass'],
  [{ process: { pidfile: '/run/app.pid' }, count: 1, user: 'root' }, 'pass'],
  [{ process: { pidfile: '/run/app.pid' }, running: false }, 'fail'],
  [{ process: { pidfile: '/run/nope.pid' } }, 'fail', /in \/run\/nope\.pid/],
  [{ process: { pidfile: '/run/nope.pid' }, running: false }, 'error', /names no process/],
  [{ process: { pidfile: '/srv/app.ini' } }, 'error', /no process number/],
  ...Object.entries(OF_ONE).flatMap(([key, [right, wrong]]): CheckRow[] => [
    [{ ...app, [key]: right }, 'pass'],
    [{ ...app, [key]: wrong }, 'fail'],
    [{ ...app, each: { [key]: right } }, 'pass'],
    [{ ...app, each: { [key]: wrong } }, 'fail'],
    [{ ...app, any: { [key]: right } }, 'pass'],
    [{ ...app, any: { [key]: wrong } }, 'fail'],
    [{ ...app, none: { [key]: wrong } }, 'pass'],
    [{ ...app, none: { [key]: right } }, 'fail'],
  ]),
  [{ ...app, any: { user: 'www-data', openFiles: { gt: 20 } }, none: { user: 'nobody' } }, 'pass'],
  [{ ...app, each: { user: 'root' } }, 'fail', /1 of 2 so/],
  [{ ...app, limits: { nofile: 2048 }, hardLimits: { nofile: 4096 } }, 'pass'],
  [{ ...app, limits: { nofile: { gte: 65536 } } }, 'fail', /2048/],
  [{ ...app, hardLimits: { nofile: 2048 } }, 'fail', /4096/],
  [{ ...app, running: true, count: 2, workers: 1, masters: 1, zombies: 0 }, 'pass'],
  [{ ...app, running: false }, 'fail', /server\.py/],
  [{ process: 'puma', running: false }, 'pass'],
  [{ ...app, count: 9 }, 'fail', /parent 1/],
  [{ ...app, workers: 9 }, 'fail', /^1/],
  [{ ...app, masters: 0 }, 'fail', /^1/],
  [{ ...app, zombies: { gt: 0 } }, 'fail', /^0/],
  [{ ...app, startedAfter: '/srv/app.ini' }, 'pass'],
  [{ ...app, startedAfter: '/srv/later.ini' }, 'fail', /2 of 2 older/],
];

const DATABASE_URL = 'postgresql://shop:s3cret-pw@db.internal:5432/items';
const env = { env: { of: { unit: 'told' }, key: 'DATABASE_URL' } };

/** Of the unit `told`, which has a DATABASE_URL. */
export const ENVIRONMENTS: readonly CheckRow[] = [
  [{ env: { of: { port: 8001 }, key: 'STAGE' }, value: 'live' }, 'pass'],
  [{ env: { of: { port: 9 }, key: 'STAGE' }, set: false }, 'fail', /on port 9/],
  [{ ...env, value: DATABASE_URL }, 'pass'],
  [{ ...env, value: 'postgresql://shop:other@db.internal:5432/items' }, 'fail', /password differs/],
  [{ ...env, each: DATABASE_URL }, 'pass'],
  [{ ...env, each: { contains: 'localhost' } }, 'fail'],
  [{ ...env, set: true }, 'pass'],
  [{ ...env, set: false }, 'fail'],
  [{ env: { of: { unit: 'told' }, key: 'NOPE' }, set: false }, 'pass'],
  [
    {
      ...env,
      url: {
        scheme: 'postgresql',
        host: 'db.internal',
        port: 5432,
        user: 'shop',
        db: 'items',
        password: 's3cret-pw',
      },
    },
    'pass',
  ],
  [{ ...env, url: { scheme: 'mysql' } }, 'fail'],
  [{ ...env, url: { host: 'localhost' } }, 'fail', /db\.internal/],
  [{ ...env, url: { port: 5433 } }, 'fail'],
  [{ ...env, url: { user: 'root' } }, 'fail'],
  [{ ...env, url: { db: 'shop' } }, 'fail'],
  [{ ...env, url: { password: 'guessed' } }, 'fail', /‹9 chars›|9 chars/],
  [{ ...env, source: 'unit', value: DATABASE_URL }, 'pass', /unit/],
  [{ ...env, source: 'exec', value: { startsWith: 'mysql' } }, 'fail'],
  [{ ...env, unitValue: DATABASE_URL }, 'pass'],
  [{ ...env, unitValue: { contains: 'localhost' } }, 'fail'],
  [{ env: { of: { unit: 'app' }, key: 'STAGE' }, value: 'live', changedSinceExec: true }, 'pass'],
  [{ env: { of: { unit: 'app' }, key: 'STAGE' }, changedSinceExec: false }, 'fail'],
  [{ env: { of: { unit: 'app' }, key: 'STAGE' }, value: 'test' }, 'fail', /"live"/],
  [{ ...env, changedSinceExec: false }, 'pass'],
  [{ ...env, startedAfter: '/srv/app.ini' }, 'pass'],
  [{ ...env, startedAfter: '/srv/later.ini' }, 'fail', /older/],
];

const of = (unit: string): object => ({ connections: { of: { process: 'python3', unit } } });

/** `early` opened its connection to port 8001 before it forked, `late` has one in each worker. */
export const CONNECTIONS: readonly CheckRow[] = [
  [{ ...of('late'), to: 8001, count: 2, state: { each: 'established' } }, 'pass'],
  [{ ...of('late'), to: '127.0.0.1:8001', sharedBetweenProcesses: 0 }, 'pass'],
  [{ ...of('early'), to: 8001, sharedBetweenProcesses: 0 }, 'fail', /share socket inode/],
  [{ ...of('early'), to: 9, sharedBetweenProcesses: 0 }, 'error', /nothing is proved/],
  [{ connections: { of: { port: 8001 } }, to: 8001, count: 0 }, 'pass'],
  [{ ...of('early'), to: 9, count: 0, sharedBetweenProcesses: 0 }, 'pass'],
  [{ ...of('late'), to: 8001, count: 1 }, 'fail', /^2/],
  [{ ...of('late'), to: 8001, state: 'close-wait' }, 'fail', /established/],
];
