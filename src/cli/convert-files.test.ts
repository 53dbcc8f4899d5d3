import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import tap from 'tap';
import { parse } from 'yaml';
import { GalleyError, GalleyErrors } from '../core/errors.ts';
import { convertFiles } from './convert-files.ts';
import type { Host } from './host.ts';

/** Runs the command on these files. */
async function run(
  t: { testdir(content: Record<string, never>): string },
  files: Readonly<Record<string, string | Uint8Array>>,
  args: { readonly files: readonly string[]; readonly write?: string; readonly json?: boolean },
) {
  const cwd = t.testdir(
    Object.fromEntries(Object.entries(files).map(([name, text]) => [name, text as never])),
  );
  const out = { stdout: '', stderr: '' };
  const terminal = (name: 'stdout' | 'stderr') => ({
    write: (text: string) => void (out[name] += text),
    columns: () => 100,
    isTty: false,
    color: false,
  });
  const host: Host = {
    cwd,
    env: {},
    stdout: terminal('stdout'),
    stderr: terminal('stderr'),
    owner: 'a@b',
    cacheDir: '/nowhere',
  };
  try {
    const given = { json: false, ...args, debug: false, verbose: false };
    const code = await convertFiles(given, host);
    return { cwd, ...out, code, errors: [] };
  } catch (error) {
    if (!(error instanceof GalleyError)) throw error;
    return { cwd, ...out, code: undefined, errors: error instanceof GalleyErrors ? error.errors : [error] };
  }
}

const GOSS = 'user: {a: {exists: true}}\n';

await tap.test('everything converted is 0, something missing 7, nothing at all 7', async (t) => {
  const all = await run(t, { 'goss.yaml': GOSS }, { files: ['goss.yaml'] });
  t.equal(all.code, 0);
  t.same(parse(all.stdout), { checks: [{ user: 'a', exists: true }] });
  t.match(all.stderr, /^1 check, 0 not converted\nnext: put them under verifier:/);
  const some = await run(
    t,
    { 'a.rb': "describe user('a') do\n it { should exist }\n it { should fly }\nend\n" },
    { files: ['a.rb'] },
  );
  t.equal(some.code, 7);
  t.match(
    some.stdout,
    /# Not converted:\n# - a.rb:3: describe user\('a'\): it \{ should fly \}: no equal of fly here/,
  );
  t.match(some.stderr, /^- a.rb:3: .*\n1 check, 1 not converted/);
  const none = await run(t, { 'goss.yaml': '{}' }, { files: ['goss.yaml'] });
  t.equal(none.code, 7);
  t.same(parse(none.stdout), { checks: [] });
});

await tap.test(
  'several files and folders in one list with distinct ids; libraries hold no tests',
  async (t) => {
    const control = "control 'x' do\n describe user('a') do\n it { should exist }\n end\nend\n";
    const files = { 'goss.yaml': GOSS, 'a.rb': control, 'b.rb': control, 'spec_helper.rb': 'broken (' };
    const { stdout, code } = await run(t, files, { files: ['.'], json: true });
    t.equal(code, 0);
    const found = JSON.parse(stdout) as {
      checks: { file: string; check: { id?: string } }[];
      missing: unknown[];
    };
    t.same(found.missing, []);
    t.same(
      found.checks.map(({ file, check }) => [file, check.id]),
      [
        ['a.rb', 'x'],
        ['b.rb', 'x-2'],
        ['goss.yaml', undefined],
      ],
    );
  },
);

await tap.test('--write makes a new file and never overwrites one', async (t) => {
  const files = { 'goss.yaml': GOSS, 'there.yml': 'mine' };
  const done = await run(t, files, { files: ['goss.yaml'], write: 'new.yml' });
  t.match(done, { code: 0, stdout: '', stderr: /^wrote new.yml: 1 check/ });
  t.same(parse(readFileSync(join(done.cwd, 'new.yml'), 'utf8')), { checks: [{ user: 'a', exists: true }] });
  const again = await run(t, files, { files: ['goss.yaml'], write: 'there.yml' });
  t.match(again.errors, [
    { code: 'usage.draft_exists', message: 'there is a there.yml already; it is not overwritten' },
  ]);
  t.equal(readFileSync(join(again.cwd, 'there.yml'), 'utf8'), 'mine');
});

await tap.test('what cannot be read is told with file and line, all files at once', async (t) => {
  const files = {
    'a.yaml': 'file:\n  /x: [\n',
    'b.rb': "describe file('/x' do\nend\n",
    'c.yaml': 'file: &a\n  /x: *a\n',
    'd.yaml': 'file: {{ .Vars.x }}\n',
  };
  const { errors } = await run(t, files, { files: Object.keys(files) });
  t.match(errors, [
    { code: 'config.yaml_syntax', kind: 'config', location: { file: 'a.yaml' } },
    { code: 'convert.ruby_unreadable', kind: 'config', location: { file: 'b.rb', line: 1 } },
    { code: 'config.cyclic_alias', kind: 'config', location: { file: 'c.yaml', line: 2 } },
    { code: 'convert.goss_template', kind: 'config', location: { file: 'd.yaml', line: 1 } },
  ]);
  const one = async (name: string, content: string | Uint8Array) =>
    (await run(t, { [name]: content }, { files: [name] })).errors;
  t.match(await one('bin.yaml', Buffer.from([102, 10, 0, 255, 1])), [
    { code: 'convert.binary', kind: 'config', location: { line: 2 } },
  ]);
  t.match(await one('large.rb', '# long\n'.repeat(800_000)), [
    { code: 'convert.too_large', location: { file: 'large.rb' } },
  ]);
  t.match(await one('x.toml', 'a = 1'), [
    { code: 'convert.unknown_format', hint: /\.yaml, \.yml or \.json/ },
  ]);
  t.match((await run(t, {}, { files: ['gone.yaml'] })).errors, [
    { code: 'convert.unreadable', kind: 'usage', message: 'there is no file or folder gone.yaml' },
  ]);
  t.match((await run(t, { 'a.txt': '' }, { files: ['.'] })).errors, [{ code: 'convert.nothing_found' }]);
});
