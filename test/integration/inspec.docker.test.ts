import { execFileSync } from 'node:child_process';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import tap from 'tap';
import type { CheckReport } from '../../src/core/events.ts';
import { readEvents } from '../events.ts';
import { type GalleyResult, galley, REPO } from '../galley.ts';

// Real InSpec 5 against instances of the real engine.
const PROFILE = `
control 'passwd-1' do
  title 'accounts are there'
  desc 'nothing works without them'
  tag 'base'
  describe file('/etc/passwd') do
    it { should exist }
  end
end
control 'marker-1' do
  describe file(input('marker', value: '/nowhere')) do
    its('content') { should match input('word', value: 'never') }
  end
end
control 'elsewhere-1' do
  only_if('no nginx in this suite') { file('/nope').exist? }
  describe file('/x') do
    it { should exist }
  end
end
`;

const KITCHEN = (program: string): string => `
driver: {name: docker, init: none, image: galley/debian-12-base}
provisioner: {name: shell, command: "echo converged > /converged"}
verifier: {name: inspec, executable: ${program}, chef_license: accept-no-persist}
platforms: [{name: debian-12}]
suites:
  - name: green
    verifier:
      inputs: {marker: /converged, word: converged}
      reporter: ["json-min:out/%{platform}_%{suite}.json"]
  - name: red
    verifier: {inspec_tests: [{path: test/integration/green}], inputs: {marker: /converged, word: hunter2hunter2}}
  - name: broken
    verifier: {inspec_tests: [broken.rb]}
  - name: tool
    verifier: {inspec_tests: [tool.rb]}
`;

const show = (run: GalleyResult): string => `exit ${run.code}\n${run.stdout}\n${run.stderr}`;

await tap.test('verifier: inspec', async (t) => {
  const program = execFileSync('bash', [join(REPO, 'test/tools/install-inspec.sh')], {
    encoding: 'utf8',
  }).trim();
  const cwd = join(REPO, '.galley', 'test', `inspec-${process.pid}`);
  await mkdir(join(cwd, 'test/integration/green'), { recursive: true });
  await writeFile(join(cwd, 'test/integration/green/a_test.rb'), PROFILE);
  await writeFile(join(cwd, 'broken.rb'), "describe file('/x' do\n");
  await writeFile(
    join(cwd, 'tool.rb'),
    "describe http('http://localhost') do\n  its('status') { should eq 200 }\nend\n",
  );
  await writeFile(join(cwd, 'kitchen.yml'), KITCHEN(program));
  t.teardown(async () => {
    await galley(['destroy'], { cwd });
    await rm(cwd, { recursive: true, force: true });
  });
  const run = await galley(['verify', '-c', '2', '--events', 'events.ndjson'], { cwd });
  t.equal(run.code, 5, show(run));
  const reports = new Map<string, CheckReport[]>();
  for (const event of await readEvents(join(cwd, 'events.ndjson'))) {
    if (event.type !== 'check') continue;
    const suite = event.instance.replace('-debian-12', '');
    reports.set(suite, [...(reports.get(suite) ?? []), event.report]);
  }

  await t.test(
    'each control is a check; inputs arrive; only_if is a skip; the user’s reporter is written',
    async (t) => {
      t.match(
        reports.get('green'),
        [
          {
            id: 'passwd-1',
            type: 'inspec',
            title: 'accounts are there',
            outcome: 'pass',
            why: 'nothing works without them',
            tags: ['base'],
            location: { file: 'test/integration/green/a_test.rb', line: 2 },
          },
          { id: 'marker-1', outcome: 'pass' },
          { id: 'elsewhere-1', outcome: 'skip', results: [{ observed: /no nginx in this suite/ }] },
        ],
        show(run),
      );
      t.match(await readFile(join(cwd, 'out/debian-12_green.json'), 'utf8'), /passwd-1/);
    },
  );
  await t.test('a failing control fails with InSpec’s message', async (t) => {
    t.match(reports.get('red'), [
      { outcome: 'pass' },
      { id: 'marker-1', outcome: 'fail', results: [{ observed: /expected "converged\\n" to match/ }] },
      { outcome: 'skip' },
    ]);
  });
  await t.test('a chosen control is run alone', async (t) => {
    const one = await galley(['verify', 'green', '--check', 'marker-1', '--events', 'one.ndjson'], { cwd });
    t.equal(one.code, 0, show(one));
    const events = await readEvents(join(cwd, 'one.ndjson'));
    t.same(
      events.flatMap((event) => (event.type === 'check' ? [event.report.id] : [])),
      ['marker-1'],
    );
    t.notMatch(one.stdout, /to get at/);
  });
  await t.test('a profile that cannot be loaded is an error of the instance', async (t) => {
    t.notOk(reports.get('broken')?.some((one) => one.outcome === 'pass'));
    t.match(run.stdout + run.stderr, /broken-debian-12[^]*(InSpec could not run|ERROR profile)/);
  });
  await t.test(
    'a tool that is missing on the instance is an error, which InSpec counts as success',
    async (t) => {
      t.match(reports.get('tool'), [{ outcome: 'error', results: [{ observed: /could not look: .*curl/ }] }]);
    },
  );
});
