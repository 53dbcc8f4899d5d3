import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import tap from 'tap';
import { reportsOf } from '../../src/suites/report.ts';
import { filled, givenBinary } from './binary.ts';
import { gossFiles, lineOf } from './files.ts';
import { GossJson, gossTests } from './results.ts';
import { GossSettings } from './settings.ts';

const SETTINGS = { test_base_path: 'test/integration', suite_name: null, goss_var_path: null };

function kitchen(root: string, files: Record<string, string>): string {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

await tap.test('every goss file is run but the variables and what another one includes', async (t) => {
  const root = kitchen(t.testdir(), {
    'test/integration/default/goss/goss.yaml':
      'gossfile:\n  ./web.yaml: {}\n  "parts/*.yml":\n    skip: false\n  "part?/*.yaml": {}\nport:\n  other.yaml: {}\n',
    'test/integration/default/goss/web.yaml': '',
    'test/integration/default/goss/parts/a.yml': '',
    'test/integration/default/goss/parts/b.yaml': '',
    'test/integration/default/goss/other.yaml': '',
    'test/integration/default/goss/vars.yaml': '',
    'test/integration/default/goss/readme.md': '',
  });
  const found = await gossFiles(root, 'default', { ...SETTINGS, goss_var_path: 'vars.yaml' });
  t.same(found.tests, ['goss.yaml', 'other.yaml']);
  t.equal(found.vars, 'vars.yaml');
  t.equal(found.files.length, 7);
  await t.rejects(gossFiles(root, 'default', { ...SETTINGS, goss_var_path: 'v.yaml' }), {
    code: 'goss.no_vars',
  });
  await t.rejects(gossFiles(root, 'none', SETTINGS), {
    code: 'goss.no_tests',
    message: /test\/integration\/none\/goss/,
  });
});

await tap.test('a program that is named must be one', async (t) => {
  const settings = GossSettings.parse({ goss_binary: 'goss' });
  const root = kitchen(t.testdir(), { goss: 'no program' });
  t.throws(() => givenBinary(root, settings), { code: 'goss.no_binary', kind: 'config' });
  chmodSync(join(root, 'goss'), 0o755);
  t.equal(givenBinary(root, settings), join(root, 'goss'));
  t.equal(givenBinary(root, GossSettings.parse({})), undefined);
});

await tap.test('a resource is found by its name in the file', async (t) => {
  const text =
    'file:\n  /etc/x:\n    exists: true\ncommand:\n  "echo: hi":\n    exit-status: 0\nuser:\n  root: {uid: 0}\n';
  t.same(
    ['/etc/x', 'echo: hi', 'root', 'absent'].map((id) => lineOf(text, id)),
    [2, 5, 8, undefined],
  );
});

await tap.test('placeholders of kitchen-goss are filled in, in both spellings', async (t) => {
  t.equal(filled('/d/$VERSION/goss-${DISTRO}-$ARCH${X}', 'v1', 'amd64'), '/d/v1/goss-linux-amd64${X}');
});

await tap.test('goss 0.4.9’s results: a check for each resource, errors apart from failures', async (t) => {
  const json: unknown = JSON.parse(
    readFileSync(join(import.meta.dirname, 'fixtures/goss-0.4.9.json'), 'utf8'),
  );
  const lines: Record<string, number> = { '/etc/passwd': 2, '/nope': 9 };
  const tests = gossTests(GossJson.parse(json), {
    source: 'on the instance',
    file: 'goss.yaml',
    lineOf: (id) => lines[id],
  });
  const reports = new Map(reportsOf('goss', tests).map((one) => [one.title, one]));
  t.equal(reports.size, 7);
  t.same([...reports.keys()].slice(0, 2), ['file /etc/passwd', 'file /nope'], 'in the order of the file');
  const results = (title: string) =>
    reports.get(title)?.results.map(({ property, outcome, observed }) => [property, outcome, observed]);
  t.match(reports.get('file /etc/passwd'), {
    id: 'goss.file-etc-passwd',
    outcome: 'fail',
    location: { line: 2 },
  });
  t.same(results('file /etc/passwd'), [
    ['exists', 'pass', 'as expected'],
    ['mode', 'fail', '0644'],
    ['contents', 'fail', 'missing: ["/nobodyelse/"]'],
  ]);
  t.same(results('file /nope'), [
    ['exists', 'fail', 'false'],
    ['mode', 'skip', 'not run: goss skipped it'],
  ]);
  t.equal(reports.get('file /skipme')?.outcome, 'skip');
  t.match(reports.get('http http://localhost:1/'), { outcome: 'fail', results: [{ observed: /refused/ }] });
  t.match(reports.get('command sleepy'), { outcome: 'error', results: [{ observed: /timed out/ }] });
  t.match(reports.get('kernel-param net.core.somaxconn')?.results, [
    { expected: 'to equal 1', observed: '4096' },
  ]);
  t.equal(reports.get('user root')?.outcome, 'pass');
});

await tap.test('goss 0.3’s results have other fields', async (t) => {
  const report = GossJson.parse({
    results: [
      {
        'resource-type': 'Port',
        'resource-id': 'tcp:80',
        property: 'listening',
        successful: false,
        result: 1,
        err: null,
        expected: ['true'],
        found: ['false'],
        title: 'the web server',
        meta: { desc: 'for the balancer' },
        duration: 5_000_000,
      },
    ],
  });
  t.match(gossTests(report, { source: 's', file: 'f', lineOf: () => undefined }), [
    {
      title: 'the web server',
      why: 'for the balancer',
      durationMs: 5,
      results: [{ outcome: 'fail', expected: '["true"]', observed: '["false"]' }],
    },
  ]);
});
