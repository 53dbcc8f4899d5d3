import tap from 'tap';
import { boundedOutput, TAIL_LINES } from './bounded-output.ts';

function taken(limit: number, count: number, look?: (line: string) => boolean): readonly string[] {
  const lines: string[] = [];
  const output = boundedOutput({ pass: (_, line) => lines.push(line), limit, ...(look && { look }) });
  for (let at = 1; at <= count; at += 1) output.push('stdout', Buffer.from(`line ${at}\n`));
  output.end();
  return lines;
}

await tap.test('all of an ordinary output is passed on', (t) => {
  t.equal(taken(1e6, 1000).length, 1000);
  t.end();
});

await tap.test('of a flood the beginning and the end, and what is missing between them', (t) => {
  const lines = taken(1080, 1000);
  t.equal(lines.length, 10 + 2 + TAIL_LINES);
  t.strictSame(lines.slice(9, 10), ['line 10']);
  t.match(lines[10], /^… \[this is 1 kB of output: .* only the last 200 lines are kept\]$/);
  t.match(lines[11], /^… \[790 lines, 7 kB, left out here\]$/);
  t.equal(lines[12], 'line 801');
  t.equal(lines.at(-1), 'line 1000');
  t.end();
});

await tap.test('nothing is said to be left out where nothing is', (t) => {
  const lines = taken(1080, 100);
  t.equal(lines.length, 101);
  t.notOk(lines.some((line) => line.includes('left out')));
  t.end();
});

await tap.test('both streams count, every line is looked at, and some are for the looker alone', (t) => {
  const seen: string[] = [];
  const lines: string[] = [];
  const output = boundedOutput({
    pass: (stream, line) => lines.push(`${stream} ${line}`),
    look: (line) => seen.push(line) > 0 && !line.startsWith('mark'),
    secrets: ['hunter2'],
    limit: 250,
  });
  output.push('stdout', Buffer.from('mark\na hunter2'));
  output.push('stderr', Buffer.from('b\n'));
  for (let at = 0; at < 300; at += 1) output.push('stderr', Buffer.from('c\n'));
  output.end();
  t.equal(seen.length, 303);
  t.match(lines.slice(0, 2), ['stderr b', 'stderr c']);
  t.equal(lines.at(-1), 'stdout a [redacted]', 'the line without an end');
  t.end();
});
