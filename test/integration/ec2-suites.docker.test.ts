import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import tap from 'tap';
import { projectName } from '../../src/config/load.ts';
import { ec2Endpoint } from '../ec2-lab.ts';
import { readEvents } from '../events.ts';
import { type GalleyResult, galley, REPO } from '../galley.ts';

// Existing tests and suites that start from others, on machines of EC2 that only Systems Manager reaches.
const FILES: Readonly<Record<string, string>> = {
  'kitchen.yml': `
driver: {name: ec2}
transport: {name: ssm}
provisioner: {name: shell}
platforms: [{name: debian-12}]
suites:
  - name: base
    provisioner: {script: base.sh}
    verifier: {name: shell, remote_exec: true, command: 'test "$(wc -l < /var/base-runs)" = 1 && id -un'}
  - name: app
    from: base
    provisioner: {script: app.sh}
    verifier: {name: busser, env: {TOKEN: t0ken-of-app}}
`,
  'base.sh': 'echo run >> /var/base-runs\n',
  'app.sh': 'touch /var/app\n',
  'test/integration/app/bats/app.bats': `@test "starts where base ended" {
  [ "$(cat /var/base-runs)" = run ]
  [ -e /var/app ]
}
@test "has its environment" { [ "$TOKEN $(id -u)" = "t0ken-of-app 0" ]; }
@test "tells why" { echo "looked for /nope"; [ -e /nope ]; }
`,
};

const show = (run: GalleyResult): string => `exit ${run.code}\n${run.stdout}\n${run.stderr}`;

await tap.test('a suite from another one’s image, and Bats, over Systems Manager', async (t) => {
  const lab = await ec2Endpoint(t, 'galley-test-ec2-suites', { pendingMs: 0 });
  const { control, left, operations } = lab;
  const { env } = lab.endpoint;
  const cwd = join(REPO, '.galley', 'test', `ec2-suites-${process.pid}`);
  t.teardown(() => rm(cwd, { recursive: true, force: true }));
  for (const [path, text] of Object.entries(FILES)) {
    await mkdir(dirname(join(cwd, path)), { recursive: true });
    await writeFile(join(cwd, path), text);
  }
  const run = await galley(['test', '--destroy', 'always', '--events', 'events.ndjson'], { cwd, env });
  t.equal(run.code, 5, show(run));
  const events = await readEvents(join(cwd, 'events.ndjson'));
  const reports = (instance: string) =>
    events.flatMap((event) => (event.type === 'check' && event.instance === instance ? [event.report] : []));
  t.same(
    reports('base-debian-12').map((one) => one.outcome),
    ['pass'],
    show(run),
  );
  t.same(
    reports('app-debian-12').map(({ title, outcome }) => [title, outcome]),
    [
      ['starts where base ended', 'pass'],
      ['has its environment', 'pass'],
      ['tells why', 'fail'],
    ],
    show(run),
  );
  t.match(run.stdout + run.stderr, /looked for \/nope/);
  const calls = await operations();
  t.equal(calls.filter((one) => one === 'RunInstances').length, 2, 'the base is converged once');
  t.equal(calls.filter((one) => one === 'CreateImage').length, 1);
  t.notOk(calls.includes('ImportKeyPair') || calls.includes('AuthorizeSecurityGroupIngress'));
  const { images, ...others } = await control.left();
  t.equal(images.length, 1, 'the image is kept for the next run');
  t.same(
    Object.values(others)
      .flat()
      .filter((id) => !id.startsWith('snap-')),
    [],
  );
  const gc = await galley(['gc', '--all', '--project', projectName(cwd)], { cwd, env });
  t.equal(gc.code, 0, show(gc));
  t.same(await left(), [], 'until gc removes it');
});
