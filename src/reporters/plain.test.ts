import tap from 'tap';
import type { GalleyEvent } from '../core/events.ts';
import { EventBus } from '../engine/event-bus.ts';
import { Live } from './live.ts';
import { Plain } from './plain.ts';
import type { Terminal } from './terminal.ts';

function collect(isTty: boolean): Terminal & { text: string } {
  return {
    text: '',
    write(text: string) {
      this.text += text;
    },
    columns: () => 100,
    isTty,
    color: false,
  };
}

const failed: GalleyEvent = {
  type: 'check',
  instance: 'web-debian-12',
  report: {
    id: 'port.80',
    type: 'port',
    title: 'port 80',
    outcome: 'fail',
    attempts: 3,
    flaky: false,
    durationMs: 1200,
    location: { file: 'kitchen.yml', line: 41 },
    results: [
      {
        property: 'listening',
        outcome: 'fail',
        expected: 'true',
        observed: 'nothing listens',
        source: '/proc/net',
      },
    ],
  },
};

const story: readonly GalleyEvent[] = [
  {
    type: 'run:start',
    command: 'verify',
    instances: ['web-debian-12', 'db'],
    concurrency: 2,
    logDir: '.galley/logs/1',
  },
  { type: 'instance:start', instance: 'web-debian-12', actions: ['verify'] },
  { type: 'phase:start', instance: 'web-debian-12', action: 'verify' },
  {
    type: 'output',
    instance: 'web-debian-12',
    source: 'x',
    stream: 'stdout',
    line: 'raw \u001b[31mred\u001b[0m',
  },
  failed,
  { type: 'phase:end', instance: 'web-debian-12', action: 'verify', durationMs: 1300, outcome: 'failed' },
  {
    type: 'run:end',
    exitCode: 5,
    durationMs: 1400,
    instances: [
      {
        instance: 'web-debian-12',
        outcome: 'failed',
        phases: [{ action: 'verify', durationMs: 1300, outcome: 'failed' }],
        checks: { pass: 2, fail: 1, error: 0, skip: 0, waived: 0 },
        slowest: [],
      },
    ],
  },
];

await tap.test('without a terminal every line carries its instance and the failure its place', async (t) => {
  const terminal = collect(false);
  const bus = new EventBus('r', [new Plain(terminal, { verbose: true, debug: false })]);
  for (const event of story) bus.emit(event);
  t.same(await bus.close(), []);
  const lines = terminal.text.split('\n');
  t.ok(lines.includes('[web-debian-12] raw red'), 'raw output without escape sequences');
  t.ok(lines.includes('[web-debian-12] FAIL port 80  web-debian-12 · kitchen.yml:41'));
  t.ok(lines.includes('[web-debian-12]   observed  nothing listens   [/proc/net]'));
  t.match(terminal.text, /web-debian-12 +1\.3s +2 passed, 1 failed +failed/);
  t.match(terminal.text, /^1 instance did not pass/m);
});

await tap.test('output of instances that run together is kept until their phase ends', async (t) => {
  const terminal = collect(false);
  const bus = new EventBus('r', [new Plain(terminal, { verbose: true, debug: false })]);
  for (const event of story.slice(0, 4)) bus.emit(event);
  t.notMatch(terminal.text, /raw red/);
});

await tap.test('the live board clears what it drew, so that the summary stands alone', async (t) => {
  const terminal = collect(true);
  const bus = new EventBus('r', [new Live(terminal, { verbose: false, debug: false })]);
  for (const event of story) bus.emit(event);
  t.same(await bus.close(), []);
  t.match(terminal.text, /FAIL port 80/);
  t.match(terminal.text, /^1 instance did not pass/m);
  const ups = terminal.text.split('\u001b[1A').length - 1;
  const spinners = terminal.text.match(/^\S web-debian-12 {2}/gmu)?.length ?? 0;
  t.ok(ups >= spinners - 1, 'each live line drawn is also cleared');
});
