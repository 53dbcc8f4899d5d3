import tap from 'tap';
import { processesOf } from '../../test/app-servers.ts';
import { liveInstance, until } from '../../test/live-instance.ts';
import { httpVerifier } from '../../verifiers/http/index.ts';
import { processVerifier } from '../../verifiers/process/index.ts';
import { serviceVerifier } from '../../verifiers/service/index.ts';
import type { CheckReport } from '../core/events.ts';
import type { Verifier } from '../core/verifier.ts';
import { parseChecks } from './parse-checks.ts';
import { takeSnapshot } from './probe/take-snapshot.ts';
import { runChecks } from './run-checks.ts';

const verifiers = new Map<string, Verifier>(
  [httpVerifier, processVerifier, serviceVerifier].map((one) => [one.name, one as unknown as Verifier]),
);

const APP = `
import os, time
def application(env, start):
    # As long as one worker is at it, the others are given the next ones.
    time.sleep(0.03)
    start('200 OK', [('X-Worker-Pid', str(os.getpid()))])
    return [env['QUERY_STRING'].encode()]
`;
const UNIT = (command: string) => `[Service]
ExecStart=${command}
Restart=always
RestartSec=0
StartLimitIntervalSec=0
`;
const UWSGI =
  '/usr/bin/uwsgi --master --processes 3 --plugin python3 --http-socket :8000 --wsgi-file /srv/app.py ' +
  '--uid www-data --stats 127.0.0.1:9191';

await tap.test('time, load and identity against real services', async (t) => {
  const live = await liveInstance(t, 'time', { hostPorts: [8000] });
  const { signal } = new AbortController();
  await live.write('/srv/app.py', APP);
  await live.write('/etc/systemd/system/app.service', UNIT(UWSGI));
  await live.write('/etc/systemd/system/loop.service', UNIT("/bin/bash -c 'exec -a looper sleep 0.6'"));
  await live.sh('systemctl daemon-reload; systemctl start app loop');
  await processesOf(live, 'app', 4);
  // The port is taken before there are workers, and the stats are told last.
  await until('uwsgi', async () => {
    const seen = await live.sh('cat /proc/net/tcp');
    return ['1F40', '23E7'].every((port) => new RegExp(`:${port} \\S+ 0A `).test(seen));
  });

  const run = async (...items: object[]): Promise<CheckReport[]> => {
    const parsed = parseChecks(items, verifiers, {
      pathPrefix: ['verifier', 'checks'],
      locate: () => undefined,
    });
    if ('errors' in parsed) throw parsed.errors[0] ?? new Error('no error');
    return runChecks(parsed.declarations, verifiers, {
      instance: 'time',
      connection: live.connection,
      address: live.address,
      signal,
      takeSnapshot: (needs) => takeSnapshot(live.connection, needs, { signal }),
    });
  };

  await t.test('a respawn loop fails although the unit is active at every look', async (tt) => {
    const [loop, loopProcess, app, workers] = await run(
      { service: 'loop', eventually: '60s', consistently: '3s' },
      { process: 'looper', eventually: '60s', consistently: '3s' },
      { service: 'app', consistently: '2s' },
      { process: { name: 'uwsgi', role: 'worker' }, count: 3, consistently: '2s' },
    );
    // Between two lives the unit may be seen as activating, which is a failure of its own.
    tt.match(loop, { outcome: 'fail' });
    tt.match(loopProcess, { outcome: 'fail' });
    tt.match(`${JSON.stringify(loop)} ${JSON.stringify(loopProcess)}`, /gone: pid \d+|did not pass any more/);
    tt.match(app, {
      outcome: 'pass',
      results: [{ property: 'active' }, { property: 'consistently', observed: /passed \d+ times/ }],
    });
    tt.match(workers, { outcome: 'pass' });
  });

  await t.test('every worker serves; tokens come back; connections are kept', async (tt) => {
    const load = { times: 60, concurrency: 6, token: true };
    const [byHeader, byStats, kept] = await run(
      { http: 'http://localhost:8000/?q=${token}', repeat: { ...load, workers: 'all' } },
      {
        http: 'http://localhost:8000/?q=${token}',
        worker: { stats: '127.0.0.1:9191' },
        repeat: { ...load, workers: 'all' },
      },
      { http: 'http://localhost:8000/?q=${token}', repeat: { ...load, connection: 'reuse' } },
    );
    for (const report of [byHeader, byStats]) {
      tt.match(report, {
        outcome: 'pass',
        results: [
          { observed: /^all \d+ pass$/ },
          { property: 'workers', observed: /^3 of 3: \d+ ×\d+, \d+ ×\d+, \d+ ×\d+$/ },
        ],
      });
    }
    tt.match(byStats?.results[1]?.source, 'stats server 127.0.0.1:9191');
    tt.match(kept, { outcome: 'pass' });
    const [stopped] = await run({
      http: 'http://localhost:8000/',
      worker: { of: { process: 'systemd-journald' } },
      repeat: { times: 5, workers: 'all' },
    });
    tt.match(stopped, {
      outcome: 'fail',
      results: [{}, { outcome: 'fail', observed: /silent: \d+$/ }],
    });
  });

  await t.test('nobody answering passes only after somebody else did', async (tt) => {
    const item = { from: 'instance', error: 'refused' };
    const [refused, open] = await run(
      { http: 'http://localhost:7999/', ...item },
      { http: 'http://localhost:8000/', ...item },
    );
    tt.match(refused, { outcome: 'pass' }, JSON.stringify(refused?.results));
    tt.match(open, { outcome: 'fail', results: [{ observed: 'answered with status 200' }] });
  });

  await t.test('a unit that failed for good ends the wait', async (tt) => {
    await live.write('/etc/systemd/system/dead.service', '[Service]\nExecStart=/bin/false\n');
    await live.sh('systemctl daemon-reload; systemctl start dead');
    await until('the journal tells its end', async () =>
      (await live.sh('journalctl -u dead -o cat')).includes('Failed with result'),
    );
    const [dead] = await run({ service: 'dead', eventually: '60s' });
    tt.equal(dead?.outcome, 'fail');
    const notes = dead?.results.flatMap((one) => one.notes ?? []).join('\n') ?? '';
    tt.match(notes, /journalctl -u dead/);
    tt.match(notes, /Main process exited, code=exited, status=1/, 'the end of its journal');
    tt.match(notes, /waiting longer cannot help: dead failed/);
    tt.ok((dead?.attempts ?? 99) < 5, 'it did not wait for a minute');
  });
});
