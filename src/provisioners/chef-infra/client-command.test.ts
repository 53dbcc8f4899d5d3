import { execFile } from 'node:child_process';
import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import tap from 'tap';
import { type ClientCommandInput, CONTENT_LOST, clientCommand, END_MARK } from './client-command.ts';
import { outsideCause, parseClientEnd } from './client-end.ts';
import { ChefInfraSettings } from './settings.ts';

type Given = Readonly<Record<string, unknown>> & Pick<ChefInfraSettings, 'solo'>;

/** Runs the real script with a small program in the client's place. */
async function run(root: string, settings: Given, client: string, more: Partial<ClientCommandInput> = {}) {
  const { solo, ...rest } = settings;
  await mkdir(join(root, '.galley'), { recursive: true });
  await writeFile(join(root, '.galley/stamp'), 'abc\n');
  await writeFile(join(root, 'client'), `#!/bin/sh\n${client}\n`);
  await chmod(join(root, 'client'), 0o755);
  const command = clientCommand({
    settings: { ...ChefInfraSettings.parse({ root_path: root, ...rest }), ...(solo && { solo }) },
    binary: join(root, 'client'),
    nodeName: 'n',
    stamp: 'abc\n',
    removed: [],
    nodeFiles: [],
    ...more,
  });
  const [program = '', ...args] = command.argv;
  return new Promise<{ code: number; stdout: string }>((resolve) => {
    const child = execFile(program, args, (error, stdout) =>
      resolve({ code: Number(error?.code ?? 0), stdout }),
    );
    // The script may end before it has read anything.
    child.stdin?.on('error', () => undefined).end(command.stdin ?? '');
  });
}

await tap.test('the client gets its flags, an emptied report and no input', async (t) => {
  const root = t.testdir({ nodes: { 'n.json': '{}' } });
  const { code, stdout } = await run(
    root,
    { slow_resource_report: 5, chef_options: ' --why-run' },
    'echo "$@"; cat; ls nodes; wc -c < .galley/report.json',
  );
  t.equal(code, 0);
  t.match(
    stdout,
    `--local-mode --config ${root}/client.rb --log_level auto --force-formatter --no-color --json-attributes ${root}/dna.json --slow-report 5 --why-run\n`,
  );
  t.match(stdout, /\n0\n$/, 'no node is left, the report is empty');
});

await tap.test('solo has its own configuration and options', async (t) => {
  const root = t.testdir();
  const given = { root_path: root, solo: { legacy: true } };
  const flags = `--config ${root}/solo.rb --log_level auto --force-formatter --no-color --json-attributes ${root}/dna.json --legacy-mode\n`;
  t.equal((await run(root, given, 'echo "$@"')).stdout, flags);
});

await tap.test('nodes of other machines go too, those that were sent stay', async (t) => {
  const root = t.testdir({ nodes: { 'n.json': '{}', 'base.json': '{}', 'a b.json': '{}' } });
  const { stdout } = await run(root, {}, 'ls nodes', { nodeFiles: ['nodes/a b.json'] });
  t.equal(stdout, 'a b.json\n');
});

await tap.test('the node of the last run stays when asked for', async (t) => {
  const root = t.testdir({ nodes: { 'n.json': '{}' } });
  t.match((await run(root, { fresh_node: false }, 'ls nodes')).stdout, 'n.json');
});

await tap.test('a failing client tells its exit code and the circumstances in one marked line', async (t) => {
  const { code, stdout } = await run(t.testdir(), {}, 'echo working; exit 35');
  t.equal(code, 35);
  const line = stdout.split('\n').find((one) => one.startsWith(END_MARK)) ?? '';
  const end = parseClientEnd(line.slice(END_MARK.length));
  t.match(end, { exit: 35, run: 1, oomKills: 0 });
  t.ok((end?.freeKb ?? 0) > 0, 'free space was measured');
});

await tap.test('several runs end with the first that fails', async (t) => {
  const count = 'n=$(cat n 2>/dev/null || echo 0); n=$((n + 1)); echo $n > n; echo run $n; [ $n -lt 2 ]';
  const { code, stdout } = await run(t.testdir(), { multiple_converge: 3 }, count);
  t.equal(code, 1);
  t.match(stdout, /run 1\nrun 2\n/);
  t.notMatch(stdout, /run 3/);
});

await tap.test(
  'trap: enforce_idempotency with multiple_converge 1 fails the first run there; here it makes a second one',
  async (t) => {
    const twice = await run(t.testdir(), { enforce_idempotency: true, multiple_converge: 1 }, 'echo once');
    t.equal(twice.stdout, 'once\nonce\n');
  },
);

await tap.test(
  'files that are no longer wanted are gone before the client starts, empty folders too',
  async (t) => {
    const root = t.testdir({
      cookbooks: { old: { recipes: { 'a b.rb': '' } }, kept: { 'metadata.rb': '' } },
    });
    await run(root, {}, 'true', { removed: ['cookbooks/old/recipes/a b.rb'] });
    t.same(await readdir(join(root, 'cookbooks')), ['kept']);
  },
);

await tap.test('a wiped or foreign root path is noticed before anything runs', async (t) => {
  const root = t.testdir();
  const wrong = await run(root, {}, 'touch ran', { stamp: 'other\n' });
  t.equal(wrong.code, CONTENT_LOST);
  await t.rejects(readFile(join(root, 'ran')));
});

await tap.test('causes outside the cookbook are told from how the client ended', async (t) => {
  const end = { exit: 137, run: 1, oomKills: 0, freeKb: 9_000_000 };
  t.match(outsideCause(137, { ...end, oomKills: 1 }, false), {
    code: 'chef.out_of_memory',
    kind: 'infrastructure',
  });
  t.match(outsideCause(137, end, false), { code: 'chef.client_killed' });
  t.match(outsideCause(1, { ...end, exit: 1, freeKb: 0 }, true), { code: 'chef.disk_full' });
  t.equal(outsideCause(1, { ...end, exit: 1 }, true), undefined);
});
