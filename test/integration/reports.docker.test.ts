import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import tap from 'tap';
import { Parser } from 'tap-parser';
import { JsonReport } from '../../src/reporters/formats/json-schema.ts';
import { galley } from '../galley.ts';

const SECRET = `pl@nted-"s3cret"`;
const URL_SECRET = 'url%2Fs3cret-99';

/** The secret by every way that a kitchen has into output: a service, an attribute, a variable, a check's output. */
const KITCHEN = `
driver: {name: docker, init: none, image: galley/debian-12-base}
provisioner:
  name: shell
  command: |
    echo 'converging with ${SECRET}'
    echo '::set-output name=x::y'
    echo '<script>alert(1)</script> ]]>' >&2
  env: {APP_PASSWORD: '${SECRET}', DATABASE_URL: 'postgres://app:${URL_SECRET}@db/app'}
platforms: [{name: debian-12}]
kitchen: {reports: [{format: junit, path: out/junit/}]}
suites:
  - name: green
    verifier: {checks: [{file: /etc/hostname}]}
  - name: red
    verifier:
      checks:
        - command: echo '${SECRET}' 'postgres://app:${URL_SECRET}@db/app'
          stdout: nothing
        - file: /etc/hostname
`;

function tapResult(text: string): unknown {
  return Parser.parse(text).find(([event]) => event === 'complete')?.[1];
}

function everyFile(dir: string): Readonly<Record<string, string>> {
  const files = readdirSync(dir, { recursive: true, withFileTypes: true }).filter((one) => one.isFile());
  return Object.fromEntries(
    files.map((one) => {
      const path = join(one.parentPath, one.name);
      return [path.slice(dir.length + 1), readFileSync(path, 'latin1')];
    }),
  );
}

await tap.test('one real run in every format, its history, and what is made of it later', async (t) => {
  const cwd = t.testdir({ 'kitchen.yml': KITCHEN });
  const args = [
    'test',
    '-c',
    '2',
    '--destroy=always',
    '-v',
    '--report',
    'html',
    '--report',
    'tap:out/run.tap',
  ];
  const summary = join(cwd, 'summary.md');
  writeFileSync(summary, '# before\n');
  const run = await galley([...args, '--report', 'json:out/', '--events', 'events.ndjson'], {
    cwd,
    env: { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: summary, GITHUB_WORKSPACE: join(cwd, '..') },
  });
  t.equal(run.code, 5, run.stdout + run.stderr);

  await t.test(
    'the secret is in no file and in no output, but where GitHub is told to mask it',
    async (t) => {
      const said = run.stdout
        .split('\n')
        .filter((line) => !line.startsWith('::add-mask::'))
        .join('\n');
      const files: Record<string, string> = { ...everyFile(cwd), stdout: said, stderr: run.stderr };
      delete files['kitchen.yml'];
      t.ok(Object.keys(files).length > 10, Object.keys(files).join(' '));
      for (const [name, text] of Object.entries(files)) {
        t.same(
          [SECRET, 'pl@nted', 's3cret-99'].filter((part) => text.includes(part)),
          [],
          name,
        );
      }
      const masks = run.stdout.split('\n').filter((line) => line.startsWith('::add-mask::'));
      t.ok(masks.includes(`::add-mask::${SECRET}`), masks.length.toString());
    },
  );

  await t.test('GitHub takes no command from the machine, and is told what failed', async (t) => {
    const lines = run.stdout.split('\n');
    const stopped = lines.findIndex((line) => line.startsWith('::stop-commands::'));
    const token = lines[stopped]?.slice('::stop-commands::'.length) ?? '';
    const resumed = lines.indexOf(`::${token}::`);
    const injected = lines.findIndex((line) => line.includes('::set-output'));
    t.ok(stopped >= 0 && stopped < injected && injected < resumed, `${stopped} ${injected} ${resumed}`);
    t.match(lines[resumed + 1], /^::error title=galley::1 of 2 instances did not pass: 1 check failed$/);
    t.match(
      lines[resumed + 2],
      /^::error file=[\w.-]+\/kitchen\.yml,line=\d+,title=red-debian-12%3A command/,
    );
    t.match(readFileSync(summary, 'utf8'), /^# before\n## ❌ galley test/);
  });

  await t.test('JUnit, by the kitchen file, one for each instance', async (t) => {
    t.same(readdirSync(join(cwd, 'out/junit')).toSorted(), ['green-debian-12.xml', 'red-debian-12.xml']);
    const xml = readFileSync(join(cwd, 'out/junit/red-debian-12.xml'), 'utf8');
    t.equal(XMLValidator.validate(xml), true);
    const { testsuites } = new XMLParser({ ignoreAttributes: false, attributeNamePrefix: '' }).parse(xml);
    t.match(testsuites.testsuite, { name: 'red-debian-12', failures: '1', errors: '0' });
    const attached = /\[\[ATTACHMENT\|(.+?)\]\]/.exec(xml)?.[1] ?? '';
    t.ok(existsSync(join(cwd, attached)), attached);
  });

  await t.test('TAP, JSON and the page', async (t) => {
    t.match(tapResult(readFileSync(join(cwd, 'out/run.tap'), 'utf8')), { ok: false, count: 2, fail: 1 });
    const report = JsonReport.parse(JSON.parse(readFileSync(join(cwd, 'out/report.json'), 'utf8')));
    t.match(report, { run: { exitCode: 5 }, counts: { checks: { pass: 2, fail: 1 } }, comparison: null });
    const page = /report: (\S+report\.html)/.exec(run.stdout)?.[1] ?? '';
    t.match(readFileSync(join(cwd, page), 'utf8'), /<title>✗ 1 · galley test/);
  });

  await t.test('galley report: the run again, a merge of runs, a comparison', async (t) => {
    const text = await galley(['report'], { cwd });
    t.match(text.stdout, /1 of 2 instances did not pass: 1 check failed/);
    t.equal(text.code, 0);
    const again = await galley(['report', '--format', 'tap'], { cwd });
    t.equal(again.stdout, readFileSync(join(cwd, 'out/run.tap'), 'utf8'));
    mkdirSync(join(cwd, 'shards'));
    const first = readFileSync(join(cwd, 'events.ndjson'), 'utf8');
    writeFileSync(join(cwd, 'shards/b.ndjson'), first.replaceAll('-debian-12', '-debian-13').slice(0, -20));
    const files = ['--events', 'events.ndjson', 'shards/b.ndjson'];
    const merged = await galley(
      ['report', ...files, '--format', 'json', '--format', 'junit:shards/all.xml'],
      { cwd },
    );
    const read = JsonReport.parse(JSON.parse(merged.stdout));
    t.equal(read.instances.length, 4, merged.stderr);
    t.equal(read.run.exitCode, null, 'the second file was cut off in its last line');
    t.equal(XMLValidator.validate(readFileSync(join(cwd, 'shards/all.xml'), 'utf8')), true);

    writeFileSync(join(cwd, 'kitchen.yml'), KITCHEN.replace('stdout: nothing', 'exit: 0'));
    const second = await galley(['test', 'red', '--destroy=always', '--report', 'tap:-'], { cwd });
    t.equal(second.code, 0, second.stderr);
    t.match(
      tapResult(second.stdout),
      { ok: true, count: 1 },
      'standard output holds the report and nothing else',
    );
    t.match(second.stdout, /^TAP version 14\n1\.\.1\n/);
    const compared = await galley(['report', '--compare'], { cwd });
    t.match(compared.stdout, /fixed +red-debian-12 .*fail → pass/);
    t.equal((await galley(['report', '--flaky'], { cwd })).stdout, 'no check is flaky\n');
  });
});

await tap.test('a cancelled run and a broken phase are reported', async (t) => {
  const cwd = t.testdir({
    'kitchen.yml': KITCHEN.replace("echo '::set", "sleep 600; echo '::set").replace(
      'red\n',
      'red\n    provisioner: {command: "exit 3"}\n',
    ),
  });
  const run = await galley(['converge', '-c', '2', '--report', 'json:run.json'], {
    cwd,
    onStart: (child) => {
      // One has failed and the other is in the middle of it; which comes first is nobody's promise.
      let seen = '';
      let isSent = false;
      child.stdout?.on('data', (text: string) => {
        seen += text;
        const both = ['[red-debian-12] converge failed', '[green-debian-12] converge …'];
        if (isSent || !both.every((words) => seen.includes(words))) return;
        // Once: a second one would leave at once.
        isSent = child.kill('SIGINT');
      });
    },
  });
  // Before the assertions, and before tap removes the folder.
  await galley(['destroy'], { cwd });
  t.equal(run.code, 130, run.stdout + run.stderr);
  const report = JsonReport.parse(JSON.parse(readFileSync(join(cwd, 'run.json'), 'utf8')));
  const [green, red] = report.instances;
  t.match(green, {
    outcome: 'cancelled',
    phases: [{ name: 'create' }, { name: 'converge', outcome: 'cancelled' }],
  });
  t.match(red, { outcome: 'failed', error: { kind: 'converge' } });
  const xml = readFileSync(join(cwd, 'out/junit/red-debian-12.xml'), 'utf8');
  t.match(xml, /<testcase classname="red-debian-12.phase" name="converge"[^>]*><failure/);
});
