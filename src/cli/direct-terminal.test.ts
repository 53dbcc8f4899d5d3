import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import tap from 'tap';

const MODULE = new URL('./direct-terminal.ts', import.meta.url).href;
const LINES = 20_000;
const SCRIPT = `
import { directTerminal } from ${JSON.stringify(MODULE)};
const terminal = directTerminal(1, process.env);
for (let line = 0; line < ${LINES}; line += 1) terminal.write(\`line \${line} ÄÖ\\n\`);
directTerminal(2, process.env).write(JSON.stringify([terminal.isTty, terminal.color, terminal.columns()]));
`;
const node = (script: string): readonly string[] => ['--input-type=module', '--eval', script];

await tap.test('all of a text arrives at a reader that is slow', async (t) => {
  const child = spawn(process.execPath, node(SCRIPT), { stdio: ['ignore', 'pipe', 'pipe'] });
  const closed = once(child, 'close');
  let [bytes, lines, said] = [0, 0, ''];
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  child.stdout.setEncoding('utf8');
  for await (const text of child.stdout as AsyncIterable<string>) {
    if (bytes === 0) await sleep(50);
    bytes += text.length;
    lines += text.split('\n').length - 1;
  }
  await closed;
  t.equal(child.exitCode, 0);
  t.equal(lines, LINES);
  t.equal(said, '[false,false,120]');
});

await tap.test('a pipe that does not wait, because another Node shares it, loses nothing', async (t) => {
  // The shell's pipe is given to both; the first one opens it as a stream, which makes it not wait.
  const opener = 'process.stdout; setTimeout(() => {}, 400)';
  const command = `{ "$0" -e '${opener}' & sleep 0.2; "$0" --input-type=module --eval "$1" 2>&1; wait; } | { sleep 0.3; wc -l; }`;
  const { stdout } = await promisify(execFile)('sh', ['-c', command, process.execPath, SCRIPT]);
  t.equal(Number(stdout), LINES);
});

await tap.test('a reader that has gone is no error', async (t) => {
  const { stdout, stderr } = await promisify(execFile)('sh', [
    '-c',
    '{ "$0" --input-type=module --eval "$1"; echo "code $?" >&2; } | head -n 1',
    process.execPath,
    SCRIPT,
  ]);
  t.equal(stdout, 'line 0 ÄÖ\n');
  t.match(stderr, 'code 0');
});

await tap.test('colours only where they are forced', async (t) => {
  const script = `import { directTerminal } from ${JSON.stringify(MODULE)}; process.exit(directTerminal(1, process.env).color ? 1 : 0)`;
  const code = async (env: Record<string, string>) => {
    const child = spawn(process.execPath, node(script), { stdio: ['ignore', 'pipe', 'ignore'], env });
    return ((await once(child, 'exit')) as [number])[0];
  };
  t.equal(await code({}), 0);
  t.equal(await code({ FORCE_COLOR: '1' }), 1);
  t.equal(await code({ FORCE_COLOR: '1', NO_COLOR: '1' }), 0);
});
