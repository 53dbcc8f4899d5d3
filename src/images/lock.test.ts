import { spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import tap from 'tap';
import { withLock } from './lock.ts';

await tap.test('work of one name does not overlap, in one process and between two', async (t) => {
  const folder = t.testdir();
  const log = join(folder, 'log');
  const script = `import { withLock } from ${JSON.stringify(new URL('./lock.ts', import.meta.url).href)};
import { appendFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
await Promise.all([1, 2].map(() => withLock(${JSON.stringify(folder)}, 'x', {}, async () => {
  appendFileSync(${JSON.stringify(log)}, '(');
  await sleep(30);
  appendFileSync(${JSON.stringify(log)}, ')');
})));`;
  const exits = await Promise.all(
    [1, 2].map(
      async () =>
        new Promise((resolve) => {
          spawn(process.execPath, ['--input-type=module-typescript', '-e', script], {
            stdio: 'inherit',
          }).once('close', resolve);
        }),
    ),
  );
  t.strictSame(exits, [0, 0]);
  t.equal(readFileSync(log, 'utf8'), '()()()()');
  t.notOk(existsSync(join(folder, 'x.lock')));
});

await tap.test('the lock of a dead process is taken over', async (t) => {
  const folder = t.testdir({ 'x.lock': '{"pid":999999999,"started":"1"}' });
  t.equal(await withLock(folder, 'x', {}, async () => 'done'), 'done');
});

await tap.test('a pid that now belongs to another process does not hold the lock', async (t) => {
  const folder = t.testdir({ 'x.lock': JSON.stringify({ pid: process.pid, started: '1' }) });
  t.equal(await withLock(folder, 'x', {}, async () => 'done'), 'done');
});

await tap.test('waiting is told, and ends with the signal', async (t) => {
  const folder = t.testdir();
  const started = readFileSync('/proc/1/stat', 'utf8').split(') ').at(-1)?.split(' ')[19] ?? '';
  writeFileSync(join(folder, 'x.lock'), JSON.stringify({ pid: 1, started }));
  const waited: number[] = [];
  const abort = new AbortController();
  const onWait = (pid: number): void => {
    waited.push(pid);
    abort.abort();
  };
  await t.rejects(withLock(folder, 'x', { signal: abort.signal, onWait }, async () => 'never'));
  t.strictSame(waited, [1]);
});

await tap.test('a failure releases the lock', async (t) => {
  const folder = t.testdir();
  await t.rejects(
    withLock(folder, 'x', {}, async () => Promise.reject(new Error('no'))),
    /no/,
  );
  t.equal(await withLock(folder, 'x', {}, async () => 1), 1);
});
