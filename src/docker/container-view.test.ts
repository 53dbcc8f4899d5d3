import tap from 'tap';
import { containerLogLines } from './container-view.ts';

const frame = (stream: 1 | 2, text: string): Buffer => {
  const payload = Buffer.from(text);
  const head = Buffer.from([stream, 0, 0, 0, 0, 0, 0, 0]);
  head.writeUInt32BE(payload.length, 4);
  return Buffer.concat([head, payload]);
};

await tap.test('frames of a log become lines with their times', (t) => {
  const content = Buffer.concat([
    frame(1, '2026-01-02T03:04:05.123456789Z ready\r\n'),
    frame(2, '2026-01-02T03:04:06Z half '),
    frame(1, '2026-01-02T03:04:07.5Z \n'),
    frame(2, '2026-01-02T03:04:06.2Z line\n'),
    frame(1, '2026-01-02T03:04:08Z no end'),
  ]);
  const lines = containerLogLines(content);
  t.match(lines, [
    { stream: 'stdout', text: 'ready' },
    { stream: 'stdout', text: '' },
    { stream: 'stderr', text: 'half line' },
    { stream: 'stdout', text: 'no end' },
  ]);
  t.equal(lines[0]?.at.toFixed(3), (Date.parse('2026-01-02T03:04:05.123Z') / 1000).toFixed(3));
  t.same(containerLogLines(Buffer.alloc(0)), []);
  t.end();
});
