import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import tap from 'tap';
import { commandLines } from '../command-lines.ts';
import {
  ERR_PAGE,
  joinScript,
  killScript,
  lookScript,
  OUT_PAGE,
  parseLook,
  startScript,
  writeScript,
} from './job-script.ts';

// The texts run in a real shell, as the agent would run them.
const sh = (script: string): string => execFileSync('/bin/sh', ['-c', script], { encoding: 'utf8' });
const run = (...argv: string[]) => ({
  base64: Buffer.from(commandLines({ argv }).join('\n')).toString('base64'),
});

await tap.test('a start runs the command once, however often it is sent, and tells its end', async (t) => {
  const dir = join(t.testdir(), 'c/job');
  const count = join(dir, '../count');
  const start = startScript(
    { dir, user: undefined },
    {
      run: run('/bin/sh', '-c', `cat; echo x >> '${count}'; echo oops >&2; exit 3`),
      stdin: { base64: Buffer.from('in\0put\n').toString('base64') },
      finished: [],
    },
  );
  for (let times = 0; times < 2; times += 1) {
    t.match(parseLook(sh(start)), {
      state: 3,
      sizes: { out: 7, err: 5 },
      out: Buffer.from('in\0put\n'),
      err: Buffer.from('oops\n'),
    });
  }
  t.equal(readFileSync(count, 'utf8'), 'x\n');
});

await tap.test(
  'an answer is never longer than what SSM keeps; the rest is read from a position',
  async (t) => {
    const job = { dir: join(t.testdir(), 'c/job'), user: undefined };
    const command = run('/bin/sh', '-c', 'head -c 20000 /dev/urandom; head -c 9000 /dev/urandom >&2');
    const first = sh(startScript(job, { run: command, stdin: undefined, finished: [] }));
    t.ok(first.length < 24_000, `${first.length}`);
    const look = parseLook(first);
    t.match(
      [look?.out.length, look?.err.length, look?.sizes],
      [OUT_PAGE, ERR_PAGE, { out: 20_000, err: 9000 }],
    );
    const rest = parseLook(sh(lookScript(job, { out: OUT_PAGE, err: ERR_PAGE }, false)));
    t.match([rest?.out.length, rest?.err.length], [20_000 - OUT_PAGE, ERR_PAGE]);
    t.same(
      Buffer.concat([look?.out ?? Buffer.of(), rest?.out ?? Buffer.of()]),
      readFileSync(join(job.dir, 'out')),
    );
  },
);

await tap.test('a running command is looked at, killed with its children, and then lost', async (t) => {
  const job = { dir: join(t.testdir(), 'c/job'), user: undefined };
  const command = run('/bin/sh', '-c', 'echo begun; sleep 86397 & wait');
  const first = parseLook(sh(startScript(job, { run: command, stdin: undefined, finished: [] })));
  t.match([first?.state, first?.out.toString()], ['running', 'begun\n'], 'its output comes while it runs');
  sh(killScript(job));
  t.equal(spawnSync('pgrep', ['-f', 'sleep 86397']).status, 1);
  const after = parseLook(sh(lookScript(job, { out: 6, err: 0 }, true)));
  t.not(after?.state, 'running');
  t.equal(
    parseLook(sh(lookScript({ ...job, dir: `${job.dir}-no` }, { out: 0, err: 0 }, true)))?.state,
    'lost',
  );
});

await tap.test('long content comes in parts; what is over is removed with the next start', async (t) => {
  const folder = join(t.testdir(), 'c');
  const file = join(folder, 'job.in');
  for (const [at, text] of ['one ', 'two'].entries()) {
    sh(writeScript(`${file}.${at}`, Buffer.from(text).toString('base64')));
  }
  sh(joinScript(file, 2));
  sh(joinScript(file, 2));
  t.ok(joinScript(file, 100_000).length < 1000, 'however many parts there are');
  const start = { run: run('cat'), stdin: { file }, finished: [join(folder, 'old')] };
  sh(writeScript(join(folder, 'old/x'), ''));
  t.equal(
    parseLook(sh(startScript({ dir: join(folder, 'job'), user: undefined }, start)))?.out.toString(),
    'one two',
  );
  t.notOk(existsSync(join(folder, 'old')));
  t.equal(parseLook('sh: base64: not found'), undefined);
});
