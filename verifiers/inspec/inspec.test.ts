import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import tap from 'tap';
import type { SuiteInput } from '../../src/core/test-suite.ts';
import { testContext } from '../../test/contract/context.ts';
import { inspecCommand, reportersFor, targetFlags } from './command.ts';
import { findInspec } from './find-executable.ts';
import { profilesFor } from './profiles.ts';
import { inspecReports } from './results.ts';
import { runInspec } from './run.ts';
import { InspecSettings } from './settings.ts';

const web = { name: 'web-debian-12', suite: 'web', platform: 'debian-12' };
const settings = (given: object) => InspecSettings.parse(given);

await tap.test(
  'the suite’s own folder is the profile; beside other frameworks it is its inspec folder',
  async (t) => {
    const root = t.testdir({ test: { integration: { web: { 'a.rb': '' } } } });
    const folder = join(root, 'test', 'integration', 'web');
    t.same(profilesFor(root, web, settings({})), [{ kind: 'argument', value: folder }]);
    mkdirSync(join(folder, 'bats'));
    t.throws(() => profilesFor(root, web, settings({})), { code: 'inspec.no_profile' });
    mkdirSync(join(folder, 'inspec'));
    t.same(profilesFor(root, web, settings({})), [{ kind: 'argument', value: join(folder, 'inspec') }]);
  },
);

await tap.test('profiles are named by path, URL, git reference or Supermarket name', async (t) => {
  const root = t.testdir({ profile: {} });
  const tests = [
    'profile',
    { path: 'profile' },
    { url: 'https://example.com/p.tar.gz' },
    { name: 'base', git: 'https://example.com/p.git', branch: 'main' },
    { name: 'dev-sec/linux-baseline' },
  ];
  t.same(profilesFor(root, web, settings({ inspec_tests: tests })), [
    { kind: 'argument', value: join(root, 'profile') },
    { kind: 'argument', value: join(root, 'profile') },
    { kind: 'argument', value: 'https://example.com/p.tar.gz' },
    { kind: 'dependency', depends: { name: 'base', git: 'https://example.com/p.git', branch: 'main' } },
    { kind: 'argument', value: 'supermarket://dev-sec/linux-baseline' },
  ]);
  t.throws(() => profilesFor(root, web, settings({ inspec_tests: ['nope'] })), {
    code: 'inspec.no_profile',
    settingsPath: ['inspec_tests', 0],
  });
});

await tap.test('settings of kitchen-inspec become flags', async (t) => {
  t.same(reportersFor(web, settings({ reporter: ['cli', 'junit2:out/%{platform}_%{suite}.xml'] })), [
    'cli',
    'junit2:out/debian-12_web.xml',
  ]);
  t.same(reportersFor(web, settings({ format: 'documentation' })), ['documentation']);
  t.same(reportersFor(web, settings({})), ['cli']);
  const ssh = { kind: 'ssh', host: '10.0.0.1', port: 22, username: 'admin' } as const;
  t.same(targetFlags(ssh, settings({ port: 2222 })), ['--target', 'ssh://admin@10.0.0.1:2222', '--sudo']);
  t.equal(targetFlags({ kind: 'ssm', instanceId: 'i-1', region: 'r' }, settings({})), undefined);
  const command = inspecCommand({
    executable: '/opt/inspec',
    profiles: ["/a folder/it's"],
    target: ['--target', 'docker://1'],
    json: '/out.json',
    inputFiles: ['/i.yml'],
    waiverFiles: [],
    controls: ['a', 'b'],
    reporters: ['cli'],
    backendCache: true,
  });
  t.match(
    command,
    /exec '\/a folder\/it'\\''s' --target docker:\/\/1 --reporter cli json:\/out.json --input-file \/i.yml --controls a b/,
  );
});

await tap.test('a program that is not there is told with what to install', async (t) => {
  const root = t.testdir({ bin: {} });
  t.throws(() => findInspec(root, undefined, join(root, 'bin')), {
    code: 'inspec.not_installed',
    kind: 'infrastructure',
    hint: /Cinc Auditor/,
  });
});

const control = (given: object) => ({ id: 'c', title: null, tags: {}, results: [], ...given });
const read = (controls: readonly object[], allowSkips: boolean | readonly string[] = []) =>
  inspecReports(
    { version: '5.24.24', profiles: [{ name: 'p', status: 'loaded', controls: controls as never }] },
    { allowSkips, source: 'InSpec 5.24.24', relative: (path) => path },
  );

await tap.test('what a profile skips is a skip, what InSpec could not look at is an error', async (t) => {
  const noCurl = {
    status: 'skipped',
    skip_message: '`curl` is missing',
    resource_class: 'http',
    code_desc: 'http',
  };
  const onlyIf = {
    status: 'skipped',
    skip_message: 'due to only_if',
    resource_class: 'noop',
    code_desc: 'No-op',
  };
  t.match(read([control({ results: [noCurl] })]), [
    { outcome: 'error', results: [{ observed: /could not look: `curl` is missing/ }] },
  ]);
  t.match(read([control({ results: [noCurl] })], ['c']), [{ outcome: 'skip' }]);
  t.match(read([control({ results: [noCurl] })], true), [{ outcome: 'skip' }]);
  t.match(read([control({ results: [onlyIf] })]), [{ outcome: 'skip' }]);
  const raised = {
    status: 'failed',
    message: 'undefined method',
    exception: 'NoMethodError',
    code_desc: 'x',
  };
  t.match(read([control({ results: [raised] })]), [{ outcome: 'error' }]);
});

await tap.test('a waived failure is waived while the waiver holds', async (t) => {
  const failed = { status: 'failed', code_desc: 'x', message: 'no' };
  const waiver_data = { justification: 'later', expiration_date: '2030-01-31' };
  t.match(read([control({ results: [failed], waiver_data })]), [
    { outcome: 'waived', waiver: { reason: 'later', until: '2030-01-31' } },
  ]);
  const expired = { ...waiver_data, message: 'Waiver expired on 2020-01-01' };
  t.match(read([control({ results: [failed], waiver_data: expired })]), [{ outcome: 'fail' }]);
});

await tap.test('a profile that does not load is an error', async (t) => {
  const report = {
    version: '5',
    profiles: [{ name: 'p', status: 'failed', status_message: 'syntax error\nat 3' }],
  };
  t.match(inspecReports(report, { allowSkips: [], source: 's', relative: (path) => path }), [
    { outcome: 'error', results: [{ observed: 'syntax error', notes: ['at 3'] }] },
  ]);
});

await tap.test(
  'InSpec goes the way that the driver tells, unless its own settings name another',
  async (t) => {
    const ssh = {
      kind: 'ssh',
      host: '10.0.0.1',
      port: 22,
      username: 'admin',
      proxyCommand: 'lead %p',
    } as const;
    const proxy = (more: object) => {
      const flags = targetFlags(ssh, settings(more)) ?? [];
      return flags[flags.indexOf('--proxy-command') + 1];
    };
    t.equal(proxy({}), 'lead %p');
    t.equal(proxy({ proxy_command: 'mine' }), 'mine');
  },
);

await tap.test(
  'an exit code that its report does not explain, and a report that is none, are errors',
  async (t) => {
    const root = t.testdir({ test: { integration: { default: { 'a.rb': '' } } } });
    const host = { env: { PATH: process.env['PATH'] }, cacheDir: root };
    const input = { endpoint: { kind: 'docker', containerId: 'c', engine: 'e' } } as unknown as SuiteInput;
    const run = (report: string, exitCode: number) => {
      const program = join(root, 'inspec');
      const write = `for word; do case $word in json:*) cat > "\${word#json:}" <<'E'\n${report}\nE\nesac; done`;
      writeFileSync(program, `#!/bin/sh\n${write}\nexit ${exitCode}\n`);
      chmodSync(program, 0o755);
      const ctx = testContext(settings({ executable: './inspec' }), { project: 'inspec', root });
      return runInspec(ctx, input, host);
    };
    const result = { status: 'passed', code_desc: 'File /x is expected to exist' };
    const passed = JSON.stringify({
      version: '5.24.24',
      profiles: [{ name: 'p', controls: [{ id: 'a', results: [result] }] }],
    });
    t.match(await run(passed, 0), [{ id: 'a', outcome: 'pass' }]);
    await t.rejects(run(passed, 100), { code: 'inspec.failed', message: /exit code 100/ });
    await t.rejects(run(passed.slice(0, 40), 0), { code: 'inspec.failed' }, 'a report that breaks off');
    await t.rejects(run('\u001b[31mgarbage', 0), { code: 'inspec.failed' });
  },
);
