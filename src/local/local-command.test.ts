import { readFile, writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
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

await tap.test('too slow: the whole process group goes, children that ignore SIGTERM too', async (t) => {
  const { given, text } = options({ timeoutMs: 100, graceMs: 100 });
  t.equal(await runLocally("trap '' TERM; sleep 60 & echo $!; wait; sleep 60", given), 'timeout');
  const child = Number(text().trim());
  t.ok(child > 0 && !(await isAlive(child)), 'no child is left');
});

await tap.test('an abort stops it and is thrown', async (t) => {
  const abort = new AbortController();
  const { given, text } = options({ signal: abort.signal });
  setTimeout(() => abort.abort(), 100);
  await t.rejects(runLocally('echo $$; sleep 600', given), { name: 'AbortError' });
  t.notOk(await isAlive(Number(text().trim())));
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
