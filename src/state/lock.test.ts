import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, symlink, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import tap from 'tap';
import { lockInstance } from './lock.ts';

const signal = new AbortController().signal;
const options = { doing: 'converge', signal, waitMs: 0, onWait: () => undefined };
const lockModule = new URL('./lock.ts', import.meta.url).href;

/** A process that takes the lock, says so, and holds it until it is killed. */
async function holder(dir: string) {
  const code = `
    const { lockInstance } = await import(${JSON.stringify(lockModule)});
    globalThis.lock = await lockInstance(${JSON.stringify(dir)}, 'a', {
      doing: 'create', signal: new AbortController().signal, waitMs: 0, onWait() {} });
    console.log('locked');
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  return child;
}

await tap.test(
  'trap: two processes write one state file there; here the second is refused with the first one named, and gets in afterwards',
  async (t) => {
    const dir = t.testdir();
    const child = await holder(dir);
    await t.rejects(lockInstance(dir, 'a', options), {
      code: 'state.locked',
      message: `a is in use by another galley (pid ${child.pid}: create)`,
    });
    await (await lockInstance(dir, 'b', options))[Symbol.asyncDispose]();
    child.kill('SIGKILL');
    await once(child, 'exit');
    const lock = await lockInstance(dir, 'a', options);
    t.ok(lock, 'the lock of a killed process does not block');
    await lock[Symbol.asyncDispose]();
    t.same(await readdir(dir), []);
  },
);

await tap.test('waiting is told once and ends when the holder lets go', async (t) => {
  const dir = t.testdir();
  const first = await lockInstance(dir, 'a', options);
  const waits: string[] = [];
  const onWait = ({ doing }: { readonly doing: string }): void => {
    waits.push(doing);
    // Later than the next looks.
    setTimeout(() => void first[Symbol.asyncDispose](), 300);
  };
  const second = lockInstance(dir, 'a', { ...options, waitMs: 60_000, onWait });
  await (await second)[Symbol.asyncDispose]();
  t.same(waits, ['converge']);
});

await tap.test('an abort ends the wait', async (t) => {
  const dir = t.testdir();
  await using _first = await lockInstance(dir, 'a', options);
  const abort = AbortSignal.timeout(100);
  await t.rejects(lockInstance(dir, 'a', { ...options, signal: abort, waitMs: 60_000 }));
});

await tap.test('what is no lock is named, and does not spin', async (t) => {
  const dir = t.testdir();
  await mkdir(`${dir}/folder.lock`);
  await symlink('/nonexistent/x', `${dir}/link.lock`);
  const soon = { ...options, writingMs: 100 };
  const wanted = { code: 'state.locked', kind: 'infrastructure', message: /in the way/ };
  await t.rejects(lockInstance(dir, 'folder', soon), wanted);
  await t.rejects(lockInstance(dir, 'link', soon), wanted);
  const abort = AbortSignal.timeout(100);
  await t.rejects(lockInstance(dir, 'link', { ...options, signal: abort, waitMs: 60_000 }));
});

await tap.test('a lock with garbage in it does not block', async (t) => {
  const dir = t.testdir();
  for (const [at, text] of ['', 'null', '{}', '{"pid":-1}', '\0\0', '[1]'].entries()) {
    await writeFile(`${dir}/${at}.lock`, text);
    await utimes(`${dir}/${at}.lock`, 1, 1);
    await (await lockInstance(dir, String(at), options))[Symbol.asyncDispose]();
  }
  t.same(await readdir(dir), []);
});

await tap.test('a lock of another machine names it and the file', async (t) => {
  const dir = t.testdir();
  await writeFile(`${dir}/a.lock`, JSON.stringify({ pid: 7, host: 'elsewhere', doing: 'create' }));
  await t.rejects(lockInstance(dir, 'a', options), {
    message: /pid 7 on elsewhere/,
    hint: /remove .*a\.lock/,
  });
});

await tap.test('only the own lock is released', async (t) => {
  const dir = t.testdir();
  const lock = await lockInstance(dir, 'a', options);
  await writeFile(`${dir}/a.lock`, JSON.stringify({ pid: 7, host: hostname(), doing: 'create' }));
  await lock[Symbol.asyncDispose]();
  t.same(await readdir(dir), ['a.lock']);
});
