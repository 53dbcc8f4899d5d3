import { createReadStream } from 'node:fs';
import { chmod, mkdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import tap from 'tap';
import type { CheckReport } from '../../src/core/events.ts';
import { readEvents } from '../events.ts';
import { type GalleyResult, galley, REPO } from '../galley.ts';

// Real goss (Debian 13 packages 0.4.9) on a real instance: red first, then repaired.
const FILES: Readonly<Record<string, string>> = {
  'kitchen.yml': `
driver:
  name: docker
  init: none
  image: galley/debian-13-base
  intermediate_instructions:
    - RUN apt-get update && apt-get install -y --no-install-recommends goss && rm -rf /var/lib/apt/lists/*
provisioner: {name: shell, command: "true"}
verifier: {name: goss, goss_var_path: vars.yaml, env_vars: {GREETING: hello}}
platforms: [{name: debian-13}]
suites: [{name: default}]
`,
  'test/integration/default/goss/vars.yaml': 'marker: /marker\n',
  'test/integration/default/goss/goss.yaml': `gossfile:
  included.yaml: {}
file:
  {{ .Vars.marker }}:
    exists: true
    contents: [done]
command:
  greeting:
    exec: echo "$GREETING"
    exit-status: 0
    stdout: [hello]
port:
  tcp:80:
    listening: false
    skip: true
`,
  'test/integration/default/goss/included.yaml': 'user:\n  root: {exists: true, uid: 0}\n',
};

const show = (run: GalleyResult): string => `exit ${run.code}\n${run.stdout}\n${run.stderr}`;

await tap.test('verifier: goss', async (t) => {
  const cwd = join(REPO, '.galley', 'test', `goss-${process.pid}`);
  const put = async (path: string, text: string): Promise<void> => {
    await mkdir(dirname(join(cwd, path)), { recursive: true });
    await writeFile(join(cwd, path), text);
  };
  for (const [path, text] of Object.entries(FILES)) await put(path, text);
  t.teardown(async () => {
    await galley(['destroy'], { cwd });
    await rm(cwd, { recursive: true, force: true });
  });
  const verify = async (env = {}): Promise<{ run: GalleyResult; reports: CheckReport[] }> => {
    const run = await galley(['verify', '--events', 'events.ndjson'], { cwd, env });
    const events = await readEvents(join(cwd, 'events.ndjson'));
    return { run, reports: events.flatMap((event) => (event.type === 'check' ? [event.report] : [])) };
  };
  const outcomes = (reports: readonly CheckReport[]): object =>
    Object.fromEntries(reports.map(({ title, outcome }) => [title, outcome]));

  const red = await verify();
  await t.test('with the instance’s own goss each resource is a check', async (t) => {
    t.equal(red.run.code, 5, show(red.run));
    t.same(outcomes(red.reports), {
      'command greeting': 'pass',
      'port tcp:80': 'skip',
      'file /marker': 'fail',
      'user root': 'pass',
    });
    t.match(
      red.reports.find(({ outcome }) => outcome === 'fail'),
      {
        location: { file: 'test/integration/default/goss/goss.yaml' },
        results: [
          { property: 'exists', observed: 'false', source: 'on the instance, by its /usr/bin/goss' },
          {},
        ],
      },
    );
  });

  await t.test('repaired, with a goss that is downloaded here and sent, all pass', async (t) => {
    const sh = (script: string) => galley(['exec', 'default', '--', 'sh', '-c', script], { cwd });
    const encoded = await sh('base64 -w0 /usr/bin/goss && rm /usr/bin/goss && echo done > /marker');
    t.equal(encoded.code, 0, encoded.stderr);
    await writeFile(join(cwd, 'goss'), Buffer.from(encoded.stdout, 'base64'));
    const asked: (string | undefined)[] = [];
    const server = createServer((request, response) => {
      asked.push(request.url);
      createReadStream(join(cwd, 'goss')).pipe(response);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    t.teardown(() => server.close());
    const { port } = server.address() as AddressInfo;
    const link = `http://127.0.0.1:${port}/$VERSION/goss-\${DISTRO}-\${ARCH}`;
    await put('kitchen.local.yml', `verifier: {goss_link: "${link}", goss_version: v0.4.9}\n`);
    // Its own cache and no goss on the PATH.
    const green = await verify({ GALLEY_CACHE: join(cwd, 'cache'), PATH: '/usr/bin:/bin' });
    t.equal(green.run.code, 0, show(green.run));
    t.match(outcomes(green.reports), { 'file /marker': 'pass', 'user root': 'pass', 'port tcp:80': 'skip' });
    t.match(asked, [/^\/v0\.4\.9\/goss-linux-(amd64|arm64)$/]);
    const left = await sh('ls -A /tmp');
    t.equal(left.stdout.trim(), '', 'nothing is left on the instance');
  });

  await t.test('a goss file that cannot be read is an error', async (t) => {
    await put('test/integration/default/goss/goss.yaml', 'file:\n  /x: {exists: tru\n');
    await put('kitchen.local.yml', 'verifier: {goss_binary: goss}\n');
    await chmod(join(cwd, 'goss'), 0o755);
    const { run, reports } = await verify();
    t.equal(run.code, 5, show(run));
    t.match(reports, [
      { outcome: 'error', results: [{ observed: /exit code 78: yaml: / }] },
      { title: 'user root', outcome: 'pass' },
    ]);
  });
});
