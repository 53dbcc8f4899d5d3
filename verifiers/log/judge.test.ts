import tap from 'tap';
import type { LogFact, Snapshot } from '../../src/core/snapshot.ts';
import type { Probe } from '../../src/core/verifier.ts';
import type { LogFacts } from './facts.ts';
import { fileFacts } from './file-facts.ts';
import { logVerifier } from './index.ts';
import { judgeLog } from './judge.ts';
import { journalLines, vacuumed } from './observe-journal.ts';
import { logSpec } from './schema.ts';

const facts = (texts: readonly string[], more: Partial<LogFacts> = {}): LogFacts => ({
  exists: true,
  lines: texts.map((text) => ({ text })),
  missed: undefined,
  source: '/log',
  notes: [],
  ...more,
});
const judge = (given: object, seen: LogFacts) => judgeLog(logSpec.parse({ log: '/log', ...given }), seen);
const some = facts(['ready', 'ERROR one', '  at line 5', 'INFO two', 'password=hunter2 used']);

await tap.test('contains, lacks and count pass and fail', (t) => {
  const rows: [object, object][] = [
    [{ contains: 'ready' }, { contains: 'steady' }],
    [{ contains: ['ready', '/^INFO/'] }, { contains: ['ready', '/^WARN/'] }],
    [{ lacks: '/Traceback/' }, { lacks: ['/Traceback/', 'ERROR'] }],
    [{ count: 5 }, { count: { lt: 5 } }],
    [
      { matching: '/^[A-Z]/', count: 2 },
      { matching: '/^[A-Z]/', count: 5 },
    ],
    [
      { level: 'err', count: 2 },
      { level: 'err', count: 1 },
    ],
    [
      { level: 'error', lacks: 'two' },
      { level: 'debug', lacks: 'two' },
    ],
  ];
  for (const [good, bad] of rows) {
    t.match(judge(good, some), [{ outcome: 'pass' }], JSON.stringify(good));
    t.match(judge(bad, some), [{ outcome: 'fail' }], JSON.stringify(bad));
  }
  t.match(judge({ contains: 'is redy now' }, facts(['is ready now']))[0]?.notes, [/nearest is line 1/]);
  t.match(judge({ lacks: 'hunter' }, some), [{ outcome: 'fail', observed: /password=‹7 chars›/ }]);
  t.notMatch(JSON.stringify(judge({ lacks: 'hunter' }, some)), 'hunter2');
  t.match(judge({ level: 'err', contains: 'two' }, some), [
    { observed: /^2 of 5 new lines \(err or worse\), none/ },
  ]);
  t.match(judge({}, some), [{ property: 'log', outcome: 'pass', observed: '5 new lines' }]);
  t.end();
});

await tap.test('a silent log proves nothing, a missing one fails', (t) => {
  t.match(judge({ lacks: 'x' }, facts([])), [{ outcome: 'error', observed: /nothing was written/ }]);
  t.match(judge({ count: 0 }, facts([])), [{ outcome: 'error' }]);
  t.match(judge({ lacks: 'x', count: 0, mayBeSilent: true }, facts([])), [
    { outcome: 'pass' },
    { outcome: 'pass' },
  ]);
  t.match(judge({}, facts([])), [{ outcome: 'fail', observed: '0 new lines' }]);
  t.match(judge({ contains: 'x' }, facts([])), [{ outcome: 'fail' }]);
  t.match(judge({ lacks: 'x', mayBeSilent: true }, facts([], { exists: false })), [
    { outcome: 'fail', observed: 'no such file' },
  ]);
  t.end();
});

await tap.test('where a part is gone, absence is not proved', (t) => {
  const cut = facts(['one'], { missed: 'compressed' });
  t.match(judge({ contains: 'one' }, cut), [{ outcome: 'pass' }]);
  t.match(judge({ contains: 'two' }, cut), [{ outcome: 'error', observed: /compressed/ }]);
  t.match(judge({ lacks: 'one' }, cut), [{ outcome: 'fail' }]);
  t.match(judge({ lacks: 'two', count: 1 }, cut), [{ outcome: 'error' }, { outcome: 'error' }]);
  t.match(judge({ level: 'err', lacks: 'x' }, facts(['a', 'b'])), [
    { property: 'level', outcome: 'error', observed: /no line tells a level/ },
  ]);
  t.end();
});

const file = (more: Partial<LogFact>): LogFact => ({ path: '/log', from: 'start', exists: true, ...more });

await tap.test('lines of a file, by their own times where asked', (t) => {
  const at = Date.parse('2026-01-02T03:00:00Z') / 1000;
  const text = '2026-01-02T02:59:59Z old\n  trace\n2026-01-02T03:00:00Z new\n  more\n';
  const texts = (since: number | undefined) =>
    fileFacts(file({ text }), since, '/log', at).lines.map((line) => line.text);
  t.same(texts(at + 0.4), ['2026-01-02T03:00:00Z new', '  more']);
  t.equal(texts(undefined).length, 4);
  t.throws(() => fileFacts(file({ text: 'no time\n' }), at, '/log', at), /no time that is known/);
  t.throws(() => fileFacts(file({ error: 'Permission denied' }), at, '/log', at), /Permission denied/);
  t.same(fileFacts(file({ text: '' }), at, '/log', at).lines, []);
  const from = { inode: 1, device: 1, size: 1, tail: 1, tailLength: 1 };
  const moved = fileFacts(file({ from, how: 'rotated', text: 'x\n' }), undefined, '/log', at);
  t.match(moved, { missed: undefined, notes: ['the log was rotated meanwhile'] });
  const lost = fileFacts(file({ from, how: 'truncated', missed: 'gone', text: '' }), undefined, '/log', at);
  t.match(lost, { missed: 'gone', notes: ['the log was truncated meanwhile: gone'] });
  t.end();
});

await tap.test('entries of the journal, odd bytes too', (t) => {
  const text = [
    '-- No entries --',
    '{"MESSAGE":"one\\ntwo","PRIORITY":"3"}',
    '{"MESSAGE":[104,105],"PRIORITY":"6"}',
    '{"MESSAGE":null}',
  ].join('\n');
  t.same(journalLines(text), [
    { text: 'one', level: 'err' },
    { text: 'two', level: 'err' },
    { text: 'hi', level: 'info' },
    { text: '', level: undefined },
  ]);
  t.end();
});

await tap.test('a position that nobody remembered is an error with a next step', async (t) => {
  const spec = logSpec.parse({ log: '/log', contains: 'x' });
  const snapshot = { takenAt: 1, via: 'exec', logs: [file({})] } as unknown as Snapshot;
  const probe = (mark: Probe['mark']) => ({ snapshot, mark }) as unknown as Probe;
  await t.rejects(logVerifier.observe(spec, probe(undefined)), {
    code: 'check.no_position',
    hint: /galley converge/,
  });
  await t.rejects(logVerifier.observe(spec, probe({ error: 'no perl' })), { message: /no perl/ });
});

await tap.test('what is remembered, and for whom', async (t) => {
  const { marks } = logVerifier;
  if (!marks) throw new Error('no marks');
  const parse = (log: unknown, since?: string) => logSpec.parse({ log, ...(since && { since }) });
  t.equal(marks.when(parse('/log')), 'converge');
  t.equal(marks.when(parse({ unit: 'x', since: 'check' })), 'verify');
  t.equal(marks.when(parse('/log', 'ever')), undefined);
  t.equal(marks.when(parse('/log', '10m')), undefined);
  t.not(marks.key(parse('/log')), marks.key(parse('/log', 'check')));
  const end = { inode: 1, device: 2, size: 3, tail: 4, tailLength: 3 };
  const take = (fact: Partial<LogFact>) =>
    marks.take(parse('/log'), {
      snapshot: { takenAt: 9, logs: [file({ from: 'end', ...fact })] },
    } as unknown as Probe);
  t.same(await take({ end }), { at: 9, position: end });
  t.same(await take({ exists: false }), { at: 9 }, 'everything will be new');
  await t.rejects(take({ error: 'not a regular file' }), /not a regular file/);
  t.same(logVerifier.needs(parse('/log'), { time: false, mark: { value: { at: 9, position: end } } }), {
    logs: [{ path: '/log', from: end }],
  });
});

await tap.test('mistakes are refused', (t) => {
  const wrong = [
    { log: 'relative' },
    { log: '/var/log/*.log' },
    { log: {} },
    { log: { file: '/x', unit: 'y' } },
    { log: '/x', contains: '' },
    { log: '/x', contains: [] },
    { log: '/x', contains: '/(/' },
    { log: '/x', since: 'yesterday' },
    { log: { file: '/x', since: 'ever' }, since: 'check' },
    { log: '/x', level: 'loud' },
    { log: '/x', matching: 'y' },
    { log: '/x', lack: 'y' },
  ];
  for (const raw of wrong) t.notOk(logSpec.safeParse(raw).success, JSON.stringify(raw));
  t.end();
});

await tap.test('a journal that was vacuumed does not show that something was not written', async (t) => {
  const entry = (i: string, seconds: number) =>
    JSON.stringify({ __CURSOR: `s=9c;i=${i};b=aa;m=1;t=2;x=3`, __REALTIME_TIMESTAMP: `${seconds}000000` });
  t.equal(vacuumed(entry('1f', 90), 100), undefined, 'it reaches back far enough');
  t.equal(vacuumed(entry('1', 110), 100), undefined, 'nothing was written before');
  t.match(vacuumed(entry('1f', 110), 100), /1970-01-01T00:01:50.000Z: older ones were removed/);
  t.match(vacuumed('', 100), /empty/);
  t.equal(vacuumed(entry('1f', 110), undefined), undefined, 'ever is what there is');
});
