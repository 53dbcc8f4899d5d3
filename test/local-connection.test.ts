import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import tap from 'tap';
import { transportContract } from './contract/transport.contract.ts';
import { LocalConnection } from './local-connection.ts';

const connection = new LocalConnection('/', { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' });

await tap.test('output is told as it comes, by stream', async (t) => {
  const seen: string[] = [];
  const onOutput = (stream: string): void => void seen.push(stream);
  const result = await connection.execute(['/bin/sh', '-c', 'echo a; echo b >&2'], { onOutput });
  t.match(result, { exitCode: 0, stdout: 'a\n', stderr: 'b\n', via: 'local' });
  t.same(new Set(seen), new Set(['stdout', 'stderr']));
});

await tap.test('a command that is too slow or aborted is killed with its children', async (t) => {
  const script = 'sleep 60 & echo $!; wait';
  let pid = 0;
  const onOutput = (_: unknown, chunk: Uint8Array): void => {
    pid = Number(Buffer.from(chunk).toString());
  };
  await t.rejects(connection.execute(['/bin/sh', '-c', script], { timeoutMs: 1500, onOutput }), {
    code: 'transport.timeout',
  });
  // Killed is not yet gone: a busy kernel takes its time.
  for (let left = 3000; left > 0 && (await isAlive(pid)); left -= 1) await sleep(20);
  t.ok(pid > 0 && !(await isAlive(pid)), 'the child is gone too');
  const abort = new AbortController();
  const running = connection.execute(['sleep', '60'], { signal: abort.signal });
  abort.abort();
  await t.rejects(running, { name: 'AbortError' });
});

await tap.test('keeps the contract of transports', async (t) => {
  await transportContract(t, connection, join(t.testdir({}), 'folder'));
});

await tap.test('a program that does not exist is an error, not a result', async (t) => {
  await t.rejects(connection.execute(['/no/such/program']), {
    code: 'transport.cannot_run',
    kind: 'infrastructure',
  });
});

await tap.test('files go there and come back', async (t) => {
  const root = t.testdir({ source: { a: 'one', sub: { b: 'two' } } });
  const tar = await connection.download(join(root, 'source'));
  await connection.upload(tar, join(root, 'new/place'));
  t.equal(await readFile(join(root, 'new/place/source/sub/b'), 'utf8'), 'two');
  t.equal((await connection.readFile(join(root, 'source/a')))?.toString(), 'one');
  t.equal(await connection.readFile(join(root, 'nope')), undefined);
  await t.rejects(connection.download(join(root, 'nope')), { code: 'transport.no_such_path' });
  await t.rejects(connection.upload(Readable.from(['not a tar at all'.repeat(100)]), join(root, 'x')), {
    code: 'transport.transfer_failed',
  });
});

await tap.test(
  'a tar that ends before it has read everything is judged by its exit code alone',
  async (t) => {
    const root = t.testdir({ source: { a: 'one' } });
    const trailing = Buffer.alloc(8 * 1024 * 1024);
    const tar = Readable.from(
      (async function* archive() {
        yield* await connection.download(join(root, 'source'));
        yield trailing;
      })(),
    );
    await connection.upload(tar, join(root, 'new'));
    t.equal(await readFile(join(root, 'new/source/a'), 'utf8'), 'one');
    const noTar = Readable.from(Array.from({ length: 64 }, () => Buffer.alloc(64 * 1024, 'no tar')));
    await t.rejects(connection.upload(noTar, join(root, 'x')), { code: 'transport.transfer_failed' });
  },
);

await tap.test('a stream that breaks is the error of the upload', async (t) => {
  const root = t.testdir({ source: { a: 'one' } });
  const broken = Readable.from(
    (async function* archive() {
      // Only a part: of a whole archive tar may have read its end before the break is noticed.
      for await (const chunk of await connection.download(join(root, 'source'))) {
        yield (chunk as Buffer).subarray(0, 700);
        break;
      }
      throw new Error('the disk is gone');
    })(),
  );
  await t.rejects(connection.upload(broken, join(root, 'new')), { message: 'the disk is gone' });
  const cut = new PassThrough();
  const upload = connection.upload(cut, join(root, 'cut'));
  setTimeout(() => cut.destroy(), 20);
  await t.rejects(upload, { message: /broke off/ });
});

await tap.test('a download that nobody reads to its end leaves no process behind', async (t) => {
  const root = t.testdir({ big: { a: 'x'.repeat(8 * 1024 * 1024) } });
  const tar = await connection.download(join(root, 'big'));
  await once(tar, 'readable');
  tar.destroy();
  for (let left = 3000; left > 0 && (await tarsBelow(root)) > 0; left -= 1) await sleep(20);
  t.equal(await tarsBelow(root), 0);
});

/** How many running commands name the folder. */
async function tarsBelow(folder: string): Promise<number> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const lines = await Promise.all(
    pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')),
  );
  return lines.filter((line) => line.startsWith('tar\0') && line.includes(folder)).length;
}

/** A killed process that nobody has waited for yet is a zombie, not alive. */
async function isAlive(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  return stat !== undefined && !/\) Z /.test(stat);
}
