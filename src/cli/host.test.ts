import { execFileSync, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import tap from 'tap';

const HOST = fileURLToPath(new URL('host.ts', import.meta.url));

/** Writes ten lines to standard output, goes on, and says on standard error what became of them. */
const PROGRAM = `
import { currentHost, lostOutput } from ${JSON.stringify(HOST)};
const host = currentHost();
for (let at = 0; at < 10; at += 1) {
  host.stdout.write('line\\n');
  await new Promise((later) => setTimeout(later, 1));
}
host.stderr.write('went on, lost: ' + lostOutput()?.code + ', columns: ' + host.stdout.columns());
`;

function run(redirected: string) {
  const { stderr, status } = spawnSync(
    '/bin/sh',
    ['-c', `"$0" --input-type=module -e "$1" ${redirected}`, process.execPath, PROGRAM],
    { encoding: 'utf8' },
  );
  return { stderr, status };
}

await tap.test('output that cannot be written ends nothing in the middle, and is known of', async (t) => {
  t.strictSame(run('> /dev/full'), { stderr: 'went on, lost: ENOSPC, columns: 120', status: 0 });
  t.match(run('> /dev/full 2>&1').status, 0);
});

await tap.test('a reader that has gone is no loss', async (t) => {
  t.match(run('| true'), { stderr: /^went on, lost: undefined/ });
});

await tap.test('a terminal that tells no size is 120 wide', async (t) => {
  const quoted = [process.execPath, '--input-type=module', '-e', PROGRAM].map(
    (word) => `'${word.replaceAll("'", "'\\''")}'`,
  );
  const shown = execFileSync('script', ['-qec', quoted.join(' '), '/dev/null'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  t.match(shown, 'lost: undefined, columns: 120');
});
