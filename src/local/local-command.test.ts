import { readFile, writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import tap from 'tap';
import { type LocalCommandOptions, runLocally } from './local-command.ts';

function options(more: Partial<LocalCommandOptions> = {}) {
  let text = '';
  const given: LocalCommandOptions = {
    cwd: '/',
    env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' },
    user: undefined,
    timeoutMs: 10_000,
    signal: new AbortController().signal,
    onOutput: (_, chunk) => (text += Buffer.from(chunk).toString()),
    ...more,
  };
  return { given, text: () => text };
}

await tap.test(
  'a real shell: pipes, redirections, exit codes, signals, environment and folder',
  async (t) => {
    const { given, text } = options({ cwd: '/usr', env: { PATH: '/usr/bin:/bin', A: 'b c' } });
    t.equal(await runLocally('echo "$A" | tr b B; pwd >&2; [ -z "$HOME" ] && exit 3', given), 3);
    t.same(text().trim().split('\n').toSorted(), ['/usr', 'B c']);
    t.equal(await runLocally('kill -KILL $$', given), 137);
  },
);

/** Killed is not yet gone: a busy kernel takes its time. The test ends by its timeout when it lives on. */
async function hasEnded(pid: number): Promise<void> {
  while (await isAlive(pid)) await sleep(20);
}

await tap.test('too slow: the whole process group goes, children that ignore SIGTERM too', async (t) => {
  // Long enough for a busy machine to start it.
  const { given, text } = options({ timeoutMs: 1500, graceMs: 100 });
  t.equal(await runLocally("trap '' TERM; sleep 60 & echo $!; wait; sleep 60", given), 'timeout');
  const child = Number(text().trim());
  t.ok(child > 0, 'it was started');
  await hasEnded(child);
});

await tap.test('an abort stops it and is thrown', async (t) => {
  const abort = new AbortController();
  let text = '';
  const onOutput = (_: unknown, chunk: Uint8Array): void => {
    text += Buffer.from(chunk).toString();
    if (text.endsWith('\n')) abort.abort();
  };
  const { given } = options({ signal: abort.signal, onOutput });
  await t.rejects(runLocally('echo $$; sleep 600', given), { name: 'AbortError' });
  await hasEnded(Number(text.trim()));
});

await tap.test('a child left in the background does not hold it up, and lives on', async (t) => {
  const { given, text } = options();
  t.equal(await runLocally('sleep 600 & echo $!', given), 0);
  const child = Number(text().trim());
  t.ok(await isAlive(child));
  process.kill(child);
});

await tap.test(
  'trap: what an external command says is shown only at its end there; here line by line',
  async (t) => {
    const fifo = `${t.testdir()}/go`;
    let saw = '';
    const { given } = options({
      onOutput: (_, chunk) => {
        saw += Buffer.from(chunk).toString();
        // The command waits for this: it can only end when its first line has been seen.
        if (saw === 'first\n') void writeFile(fifo, 'on\n');
      },
    });
    const command = `mkfifo ${fifo}; echo first; cat ${fifo}`;
    t.equal(await runLocally(command, given), 0);
    t.equal(saw, 'first\non\n');
  },
);

await tap.test('a folder or a user that does not exist is said', async (t) => {
  await t.rejects(runLocally('true', options({ cwd: '/no/such' }).given), { code: 'hook.cannot_start' });
  await t.rejects(runLocally('true', options({ user: 'no-such-user' }).given), { code: 'hook.unknown_user' });
});

await tap.test('as another user when root, else a clear error', async (t) => {
  const { given, text } = options({ user: 'nobody' });
  if (userInfo().uid === 0) {
    t.equal(await runLocally('id -un', given), 0);
    t.equal(text().trim(), 'nobody');
  } else {
    await t.rejects(runLocally('id -un', given), { code: 'hook.cannot_start', message: /only root/ });
  }
});

/** A killed process that nobody has waited for yet is a zombie, not alive. */
async function isAlive(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  return stat !== undefined && !/\) Z /.test(stat);
}
