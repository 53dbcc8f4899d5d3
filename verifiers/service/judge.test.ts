import tap from 'tap';
import type { UnitFact } from '../../src/core/snapshot.ts';
import { fatalService, judgeService } from './judge.ts';
import { serviceSpec } from './schema.ts';

const unit = (more: Partial<UnitFact> = {}): UnitFact => ({
  unit: 'app',
  manager: 'systemd',
  known: true,
  active: 'active',
  sub: 'running',
  enabled: 'enabled',
  mainPid: 7,
  restarts: 0,
  result: 'success',
  environment: {},
  needsReload: false,
  ...more,
});
const judge = (raw: object, one: UnitFact | undefined) =>
  judgeService(serviceSpec.parse({ service: 'app', ...raw }), {
    unit: one,
    main: undefined,
    via: 'exec, perl',
  });
const fatal = (raw: object, one: UnitFact) =>
  fatalService(serviceSpec.parse({ service: 'app', ...raw }), { unit: one, main: undefined, via: '' });

await tap.test('no answer and an unknown unit are errors', (t) => {
  t.match(judge({}, undefined), [{ outcome: 'error' }]);
  t.match(judge({ active: false }, unit({ known: false })), [{ outcome: 'error', notes: [/exists: false/] }]);
  t.match(judge({ exists: true }, unit({ known: false })), [{ outcome: 'fail' }]);
  t.end();
});

await tap.test('active and enabled take true, false or a state', (t) => {
  t.match(judge({ active: { oneOf: ['active', 'activating'] }, enabled: 'enabled' }, unit()), [
    { outcome: 'pass' },
    { outcome: 'pass' },
  ]);
  for (const active of ['inactive', 'failed'])
    t.match(judge({ active: false }, unit({ active, sub: 'dead' })), [{ outcome: 'pass' }]);
  for (const active of ['active', 'reloading', 'activating', 'deactivating'])
    t.match(judge({ active: false }, unit({ active, sub: 'auto-restart' })), [{ outcome: 'fail' }], active);
  t.match(judge({ active: true }, unit({ active: 'activating' })), [{ outcome: 'fail' }]);
  t.match(judge({ enabled: true }, unit({ enabled: 'static' })), [
    { property: 'active', outcome: 'pass' },
    { property: 'enabled', outcome: 'pass' },
  ]);
  t.match(judge({ enabled: false }, unit({ enabled: 'masked' })), [{ outcome: 'pass' }, { outcome: 'pass' }]);
  t.match(judge({ mainPid: { alive: true } }, unit()), [
    { property: 'active', outcome: 'pass' },
    { outcome: 'fail', observed: 'pid 7 is gone' },
  ]);
  t.end();
});

await tap.test('a dead unit fails, whatever else is asked of it', (t) => {
  const dead = unit({ active: 'inactive', sub: 'dead' });
  for (const spec of [{}, { enabled: true }, { restarts: 0 }, { needsReload: false }]) {
    t.match(judge(spec, dead)[0], { property: 'active', outcome: 'fail' }, JSON.stringify(spec));
  }
  t.match(judge({ active: false, enabled: true }, dead)[0], { outcome: 'pass' });
  t.match(judge({ sub: 'dead' }, dead), [{ property: 'sub', outcome: 'pass' }]);
  t.end();
});

await tap.test('failed for good is fatal, a scheduled restart is not', (t) => {
  t.match(fatal({}, unit({ active: 'failed', result: 'exit-code' })), /app failed \(exit-code\)/);
  t.match(fatal({}, unit({ active: 'inactive', result: 'start-limit-hit' })), /start limit/);
  t.equal(fatal({}, unit({ active: 'activating', sub: 'auto-restart', result: 'exit-code' })), undefined);
  t.equal(fatal({ active: false }, unit({ active: 'failed' })), undefined);
  t.end();
});

await tap.test('properties of the unit, and a journal without complaints', (t) => {
  const props = { Restart: 'on-failure', LimitNOFILE: '1024', Environment: 'DB_PASSWORD=n0t-s3cret' };
  const good = { unitProps: { Restart: 'on-failure', LimitNOFILE: { gte: 1024 } } };
  t.match(
    judge(good, unit({ props })).map((one) => one.outcome),
    ['pass', 'pass', 'pass'],
  );
  t.match(judge({ unitProps: { Restart: 'no', Nope: 'x' } }, unit({ props })), [
    { property: 'active' },
    { property: 'unitProps.Restart', outcome: 'fail' },
    { outcome: 'fail', notes: [/no such property/] },
  ]);
  t.match(judge(good, unit({ manager: 'runit' }))[1], { outcome: 'error' });
  t.notMatch(JSON.stringify(judge({ unitProps: { Environment: 'x' } }, unit({ props }))), 'n0t-s3cret');
  const logs = (complaints: readonly string[] | undefined) =>
    judgeService(serviceSpec.parse({ service: 'app', logsClean: true }), {
      unit: unit(),
      main: undefined,
      complaints,
      via: '',
    })[1];
  t.match(logs([]), { property: 'logsClean', outcome: 'pass' });
  t.match(logs(['boom password=abc']), {
    outcome: 'fail',
    observed: '1 entry',
    notes: [/boom password=‹3 chars›/],
  });
  t.match(logs(undefined), { outcome: 'error' });
  t.end();
});

await tap.test(
  'a name that systemd refuses, which would keep it from telling of the others, is refused',
  (t) => {
    for (const service of ['../x', '/etc/x', 'a b', 'app*', 'a\nb', 'app@', 'app@.service', ' '])
      t.equal(serviceSpec.safeParse({ service }).success, false, service);
    for (const service of [
      'app',
      'app@1',
      '-.mount',
      'dev-disk-by\\x2dlabel.swap',
      ' app ',
      '${services.x.host}',
    ])
      t.equal(serviceSpec.safeParse({ service }).success, true, service);
    t.end();
  },
);
