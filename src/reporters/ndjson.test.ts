import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import tap, { type Test } from 'tap';
import type { EventEnvelope } from '../core/events.ts';
import { Ndjson } from './ndjson.ts';

const STDOUT = { write: () => {} };

function notice(seq: number): EventEnvelope {
  const message = 'x'.repeat(1000);
  return { v: 1, runId: 'r', seq, time: '', type: 'notice', level: 'info', message };
}

function pipe(t: Test): string {
  const path = join(t.testdir(), 'pipe');
  execFileSync('mkfifo', [path]);
  return path;
}

await tap.test('events for standard output go to it as all other output does', async (t) => {
  const written: string[] = [];
  const events = new Ndjson('-', { write: (line) => written.push(line) });
  events.onEvent(notice(1));
  await events.close();
  t.strictSame(
    written.map((line) => JSON.parse(line).seq),
    [1],
  );
});

await tap.test('a pipe that nobody reads is an error at once, not a program that hangs', async (t) => {
  const path = pipe(t);
  t.throws(() => new Ndjson(path, STDOUT), { code: 'usage.events_file', got: 'a pipe that nobody reads' });
});

await tap.test('a reader that is slower than the run gets all events', async (t) => {
  const path = pipe(t);
  const reader = spawn('/bin/sh', ['-c', 'exec 3< "$0"; echo open; read go; cat <&3', path]);
  // The reader opens its end while the writer's is not there yet.
  const writer = spawn('/bin/sh', ['-c', 'exec 3> "$0"; read end', path]);
  await once(reader.stdout, 'data');
  const events = new Ndjson(path, STDOUT);
  for (let seq = 1; seq <= 500; seq += 1) events.onEvent(notice(seq));
  const read = text(reader.stdout);
  reader.stdin.write('go\n');
  await events.close();
  writer.stdin.end();
  const seqs = (await read)
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line).seq);
  t.equal(seqs.length, 500);
  t.equal(seqs.at(-1), 500);
});

await tap.test('a reader that goes ends the events, and nothing else', async (t) => {
  const path = pipe(t);
  const reader = spawn('/bin/sh', ['-c', 'exec 3<> "$0"; echo open; read go', path]);
  await once(reader.stdout, 'data');
  const events = new Ndjson(path, STDOUT);
  reader.stdin.end();
  await once(reader, 'close');
  for (let seq = 1; seq <= 100; seq += 1) events.onEvent(notice(seq));
  await events.close();
  t.pass('closed without an error');
});

await tap.test('a full disk is told with the name of the file', async (t) => {
  const events = new Ndjson('/dev/full', STDOUT);
  t.throws(() => events.onEvent(notice(1)), {
    code: 'local.events_lost',
    message: 'events could not be written to /dev/full',
  });
  await events.close();
});
