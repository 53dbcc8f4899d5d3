import tap from 'tap';
import type { CronFact } from '../../src/core/system-facts.ts';
import { judgeCron } from './judge.ts';
import { expandSchedule } from './schedule.ts';
import { cronSpec } from './schema.ts';

const job = (command: string, more: Partial<CronFact> = {}): CronFact => ({
  schedule: '0 0 * * *',
  user: 'root',
  command,
  file: '/etc/cron.d/a',
  kind: 'crontab',
  ...more,
});
const JOBS = [
  job('/bin/backup --full'),
  job('/bin/backup --part', { schedule: '@hourly', user: 'app', file: '/etc/cron.d/b' }),
  job('/bin/idle', { ignored: 'it is not executable' }),
];
const judge = (raw: object, jobs: readonly CronFact[] = JOBS) =>
  judgeCron(cronSpec.parse(raw), { jobs, via: 'exec' });

await tap.test('words and fields mean the same', (t) => {
  t.equal(expandSchedule('@daily'), expandSchedule(' 0  0 * *  *'));
  t.match(judge({ cron: '--full', schedule: '@midnight' })[1], { outcome: 'pass' });
  t.match(judge({ cron: '--part', schedule: '0 * * * *' })[1], { outcome: 'pass' });
  t.match(judge({ cron: '--part', schedule: { startsWith: '@' } })[1], { outcome: 'pass' });
  t.match(judge({ cron: '--part', schedule: '@daily' })[1], { outcome: 'fail', observed: '"@hourly"' });
  t.end();
});

await tap.test('each selected job is judged; a job that never runs is not there', (t) => {
  t.match(judge({ cron: '/bin/backup', user: 'root' })[1], {
    outcome: 'fail',
    observed: /^1 of 2 so; \/etc\/cron\.d\/b: "app"/,
  });
  t.match(judge({ cron: '/bin/backup', count: 2 }), [{ outcome: 'pass' }, { outcome: 'pass' }]);
  t.match(judge({ cron: '/bin/none', count: 0 }), [{ property: 'count', outcome: 'pass' }]);
  t.match(judge({ cron: '/bin/idle' }), [{ outcome: 'fail', notes: [/never runs: it is not executable/] }]);
  t.match(judge({ cron: '/bin/idle', exists: false }), [{ outcome: 'pass' }]);
  t.match(judge({ cron: { command: '/bin/backup', user: 'x' } }), [
    { outcome: 'fail', notes: [/elsewhere/, /elsewhere/] },
  ]);
  t.match(judge({ cron: 'x' }, []), [{ outcome: 'fail', notes: ['there are no jobs at all'] }]);
  for (const bad of [
    { cron: '' },
    { cron: {} },
    { cron: 'x', exists: false, user: 'a' },
    { cron: { comand: 'x' } },
  ])
    t.notOk(cronSpec.safeParse(bad).success, JSON.stringify(bad));
  t.end();
});
