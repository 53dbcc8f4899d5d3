import { existsSync } from 'node:fs';
import { chmod, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import tap from 'tap';
import { LocalConnection } from '../../../test/local-connection.ts';
import { contextOf, converging, provisioningHost } from '../../../test/provisioning.ts';
import { createShell } from './index.ts';

const shell = createShell(provisioningHost({ TKENV_GREETING: 'hello', http_proxy: 'http://127.0.0.1:9' }));
const connection = new LocalConnection('/', { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' });

await tap.test(
  'a script runs with arguments, environment and data, and is sent only when it changed',
  async (t) => {
    const root = t.testdir({
      'bootstrap.sh': '#!/bin/sh\necho "$GREETING $1 $(cat data/x) $HTTP_PROXY"\n',
      data: { x: 'data', y: '' },
    });
    const config = shell.config.parse({ arguments: ['two words'], root_path: `${root}/remote` });
    const ctx = contextOf(root, config);
    const run = converging(connection, '');
    await shell.prepare(ctx);
    t.match(await shell.converge(ctx, run.input()), { outcome: 'passed' });
    t.same(run.calls, ['upload', 'execute']);
    t.match(ctx.events, [
      { type: 'output', source: 'shell', line: 'hello two words data http://127.0.0.1:9' },
    ]);
    await shell.converge(ctx, run.input());
    t.same(run.calls, ['execute']);
    await rm(join(root, 'data/y'));
    await shell.converge(ctx, run.input());
    t.notOk(existsSync(join(root, 'remote/data/y')), 'a file deleted here is deleted there');
  },
);

await tap.test('a failing command shows its exit code and last lines', async (t) => {
  const root = t.testdir();
  const config = shell.config.parse({
    command: 'echo one; echo two >&2; exit 7',
    root_path: `${root}/remote`,
  });
  const result = await shell.converge(contextOf(root, config), converging(connection, '').input());
  t.match(result, {
    outcome: 'failed',
    error: { code: 'shell.converge_failed', kind: 'converge', message: /ended with exit code 7$/ },
  });
  t.same([...(result.error?.details ?? [])].toSorted(), [
    'full log: /logs/default-debian-12.log',
    'one',
    'two',
  ]);
});

await tap.test('a command that takes too long is stopped', async (t) => {
  const root = t.testdir();
  const config = shell.config.parse({ command: 'sleep 600', timeout: 0.3, root_path: `${root}/remote` });
  t.match(await shell.converge(contextOf(root, config), converging(connection, '').input()), {
    error: { code: 'shell.timeout' },
  });
});

await tap.test('a named script must exist, a missing default is said and passes', async (t) => {
  const root = t.testdir();
  const named = contextOf(root, shell.config.parse({ script: 'nope.sh' }));
  await t.rejects(shell.prepare(named), { code: 'provisioner.path_missing', settingsPath: ['script'] });
  const none = contextOf(root, shell.config.parse({}));
  t.match(await shell.converge(none, converging(connection, '').input()), { outcome: 'passed' });
  t.match(none.events, [{ type: 'notice', level: 'warning' }]);
});

await tap.test('uploads go before, downloads come after, also when the command fails', async (t) => {
  const root = t.testdir({ 'in.txt': 'in' });
  const config = shell.config.parse({
    command: `cp ${root}/there/in.txt ${root}/there/out.txt; exit 1`,
    uploads: { 'in.txt': `${root}/there/` },
    downloads: { [`${root}/there/out.txt`]: 'back/', [`${root}/there`]: 'all', '/nonexistent/x': 'y' },
    root_path: `${root}/remote`,
  });
  const ctx = contextOf(root, config);
  t.match(await shell.converge(ctx, converging(connection, '').input()), { outcome: 'failed' });
  t.equal(await readFile(join(root, 'back/out.txt'), 'utf8'), 'in');
  t.equal(await readFile(join(root, 'all/there/in.txt'), 'utf8'), 'in');
  t.match(
    ctx.events.filter((event) => event.type === 'notice'),
    [{ level: 'warning', message: /nonexistent/ }],
  );
});

await tap.test('a command is tried again on the exit codes named', async (t) => {
  const root = t.testdir();
  const script = join(root, 'twice.sh');
  await writeFile(script, `#!/bin/sh\n[ -e ${root}/second ] || { touch ${root}/second; exit 35; }\n`);
  await chmod(script, 0o755);
  const settings = { script, retry_on_exit_code: [35], wait_for_retry: 0, root_path: `${root}/remote` };
  const run = converging(connection, '');
  t.match(await shell.converge(contextOf(root, shell.config.parse(settings)), run.input()), {
    outcome: 'passed',
  });
  t.same(run.calls, ['upload', 'execute', 'execute']);
});
