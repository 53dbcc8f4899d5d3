import { mkdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import tap from 'tap';

type Facts = Record<string, unknown>;
/** The files under test run without a build and have no types. */
const load = async (name: string) =>
  (await import(new URL(name, import.meta.url).href)) as Record<string, unknown>;
const { planEngine, engineAddress, isStalePid } = (await load('./engine-plan.mjs')) as {
  planEngine: (facts: Facts) => { action: string; line?: string };
  engineAddress: (env: Facts, readText: (path: string) => string | undefined) => Facts;
  isStalePid: (text: string, commOf: (pid: string) => string | undefined) => boolean;
};
const { ping } = (await load('./engine.mjs')) as { ping: (address: string) => Promise<string | undefined> };
const { needsInstall, markInstalled, needsBuild, markBuilt } = (await load('./freshness.mjs')) as Record<
  'needsInstall' | 'markInstalled' | 'needsBuild' | 'markBuilt',
  (root: string) => boolean
>;

const { findBrowser, planBrowser } = (await load('./browser.mjs')) as {
  findBrowser: (env: Facts, exists: (path: string) => boolean) => string | undefined;
  planBrowser: (facts: Facts) => { action: string; line?: string };
};

const facts = {
  answers: false,
  reason: 'ENOENT',
  address: 'unix:///var/run/docker.sock',
  chosen: false,
  checkable: true,
  isRoot: true,
  distribution: 'debian',
  hasApt: true,
  hasDockerd: false,
  dockerdRuns: false,
};
const action = (changed: Facts) => planEngine({ ...facts, ...changed }).action;

await tap.test('the least is done about the engine', async (t) => {
  t.equal(action({ answers: true }), 'use');
  t.equal(action({ chosen: true, checkable: false }), 'use', 'an ssh or TLS engine is left to Galley itself');
  t.equal(action({ dockerdRuns: true, hasDockerd: true }), 'wait');
  t.equal(action({ hasDockerd: true }), 'start');
  t.equal(action({}), 'install');
  t.equal(action({ distribution: 'ubuntu' }), 'install');
});

const line = (changed: Facts) => planEngine({ ...facts, ...changed }).line;

await tap.test('where it is not ours to do, one line says what is', async (t) => {
  t.match(line({ reason: 'EACCES' }), /usermod -aG docker/);
  t.match(
    line({ chosen: true, address: 'tcp://h:1', reason: 'ECONNREFUSED' }),
    /tcp:\/\/h:1.*unset DOCKER_HOST/,
  );
  t.match(line({ isRoot: false, hasDockerd: true }), /systemctl start docker/);
  t.match(line({ distribution: 'fedora' }), /neither Debian nor Ubuntu/);
});

const none = () => undefined;

await tap.test('the engine is looked for where the docker CLI would', async (t) => {
  t.match(engineAddress({}, none), {
    address: 'unix:///var/run/docker.sock',
    chosen: false,
    checkable: true,
  });
  t.match(engineAddress({ DOCKER_HOST: 'h:1' }, none), {
    address: 'tcp://h:1',
    chosen: true,
    checkable: true,
  });
  t.match(engineAddress({ DOCKER_HOST: 'tcp://h:1', DOCKER_TLS_VERIFY: '1' }, none), { checkable: false });
  t.match(
    engineAddress({ HOME: '/h' }, (path) =>
      path === '/h/.docker/config.json' ? '{"currentContext":"x"}' : undefined,
    ),
    {
      chosen: true,
      checkable: false,
    },
  );
});

await tap.test('a pid file is stale when its process is gone or is something else', async (t) => {
  t.ok(isStalePid('12\n', () => undefined));
  t.ok(isStalePid('12\n', () => 'bash'));
  t.ok(isStalePid('', () => 'dockerd'));
  t.notOk(isStalePid('12\n', () => 'dockerd\n'));
});

await tap.test(
  'a ping tells an engine from a closed port and from something that is no engine',
  async (t) => {
    let status = 200;
    const server = createServer((_, answer) => answer.writeHead(status).end());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    t.teardown(() => server.close());
    const { port } = server.address() as { port: number };
    t.equal(await ping(`tcp://127.0.0.1:${port}`), undefined);
    status = 404;
    t.equal(await ping(`tcp://127.0.0.1:${port}`), 'HTTP 404');
    t.equal(await ping('tcp://127.0.0.1:1'), 'ECONNREFUSED');
    t.equal(await ping('unix:///nowhere/docker.sock'), 'ENOENT');
  },
);

await tap.test('packages are installed when they are missing or of another lock file', async (t) => {
  const root = t.testdir({ 'package-lock.json': '{"a":1}' });
  t.equal(needsInstall(root), true);
  mkdirSync(join(root, 'node_modules'));
  markInstalled(root);
  t.equal(needsInstall(root), false);
  utimesSync(join(root, 'package-lock.json'), new Date(), new Date());
  t.equal(needsInstall(root), false, 'touched, but the same');
  writeFileSync(join(root, 'package-lock.json'), '{"a":2}');
  t.equal(needsInstall(root), true);
});

await tap.test(
  'dist is built again when a source is changed, added or removed, not for a test',
  async (t) => {
    const root = t.testdir({ src: { 'a.ts': 'a', 'b.ts': 'b' }, drivers: {}, 'tsconfig.json': '{}' });
    t.equal(needsBuild(root), true);
    markBuilt(root);
    t.equal(needsBuild(root), false);
    writeFileSync(join(root, 'src/a.test.ts'), 'x');
    t.equal(needsBuild(root), false);
    writeFileSync(join(root, 'drivers/c.ts'), 'c');
    t.equal(needsBuild(root), true);
    markBuilt(root);
    rmSync(join(root, 'src/b.ts'));
    t.equal(needsBuild(root), true);
  },
);

await tap.test(
  'a browser is used where it is, installed as root on Debian, asked for elsewhere',
  async (t) => {
    const isChrome = (path: string) => path === '/usr/bin/google-chrome';
    t.equal(findBrowser({}, isChrome), '/usr/bin/google-chrome');
    t.equal(findBrowser({ CHROMIUM: '/opt/c' }, isChrome), undefined, 'the one that is named, or none');
    const machine = { named: undefined, isRoot: true, hasApt: true, distribution: 'debian' };
    t.equal(planBrowser(machine).action, 'install');
    t.match(planBrowser({ ...machine, isRoot: false }).line, /apt-get install chromium/);
    t.match(planBrowser({ ...machine, distribution: 'ubuntu' }).line, /set CHROMIUM/);
    t.match(planBrowser({ ...machine, named: '/opt/c' }).line, /CHROMIUM names.*\/opt\/c/);
  },
);
