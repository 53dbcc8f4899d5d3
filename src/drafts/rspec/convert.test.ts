import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import tap from 'tap';
import { verifiers } from '../../../test/check-table.ts';
import { REPO } from '../../../test/galley.ts';
import { gapLine } from '../draft.ts';
import { fitting } from '../fit.ts';
import { convertRspec } from './convert.ts';

function convert(text: string, label = 'a.rb') {
  const { drafts, gaps } = fitting(convertRspec(text, label), verifiers);
  return {
    items: drafts.map(({ item }) => item),
    gaps: gaps.map(gapLine),
    comments: drafts.flatMap((one) => one.comments),
  };
}

/** `resource`, what is expected of it, and our item. */
const CASES: readonly (readonly [resource: string, body: string, ours: object])[] = [
  [
    `file('/a')`,
    `it { should exist }; its('mode') { should cmp '0640' }`,
    { file: '/a', exists: true, mode: '0640' },
  ],
  [`file('/a')`, `its('mode') { should cmp 0640 }`, { file: '/a', mode: '0640' }],
  [`file('/a')`, `its('mode') { should eq 420 }`, { file: '/a', mode: '0644' }],
  [`file('/a')`, `it { should be_mode 644 }`, { file: '/a', mode: '0644' }],
  [`file('/a')`, `it { should be_readable.by_user('www-data') }`, { file: '/a', readableBy: 'www-data' }],
  [`file('/a')`, `it { should be_readable.by('owner') }`, { file: '/a', mode: { matches: '/^.[4567]/' } }],
  [
    `file('/a')`,
    `it { should_not be_writable.by('group') }; it { should_not be_executable.by('others') }`,
    {
      file: '/a',
      mode: { all: [{ not: { matches: '/^..[2367]/' } }, { not: { matches: '/^...[1357]/' } }] },
    },
  ],
  [
    `file('/a')`,
    `it { should_not be_executable }`,
    { file: '/a', mode: { not: { matches: '/^.\\d*[1357]/' } } },
  ],
  [
    `file('/a')`,
    `it { should be_allowed('read', by: 'group') }`,
    { file: '/a', mode: { matches: '/^..[4567]/' } },
  ],
  [`file('/a')`, `it { should_not be_owned_by 'root' }`, { file: '/a', owner: { not: 'root' } }],
  [
    `file('/a')`,
    `its('content') { should match(/\\Aa\\z/) }`,
    { file: '/a', content: { matches: '/(?<![^])a(?![^])/' } },
  ],
  [
    `file('/a')`,
    `its('content') { should_not include 'x', '/y/' }`,
    { file: '/a', content: { not: { all: [{ contains: 'x' }, { matches: '/\\/y\\//' }] } } },
  ],
  [`directory('/a')`, `it { should exist }`, { file: '/a', type: 'directory' }],
  [`package('a')`, `its('version') { should cmp >= '1.2' }`, { package: 'a', version: { gte: '1.2' } }],
  [
    `package('a')`,
    `it { should be_installed.with_version('1.2') }`,
    { package: 'a', installed: true, version: ['1.2'] },
  ],
  [
    `gem('a', '/opt/x')`,
    `it { should be_installed }`,
    { package: { name: 'a', provider: 'gem', in: '/opt/x' }, installed: true },
  ],
  [`service('a')`, `it { should be_enabled }`, { service: 'a', enabled: true, active: { present: true } }],
  [`service('a')`, `it { is_expected.not_to be_running }`, { service: 'a', active: false }],
  [`port(53)`, `it { should be_listening.with('udp') }`, { port: 53, listening: true, protocol: 'udp' }],
  [
    `port('127.0.0.1', 53)`,
    `it { should be_listening }`,
    { port: 53, address: ['127.0.0.1'], listening: true },
  ],
  [
    `processes('/usr/sbin/nginx')`,
    `its('users') { should eq ['root'] }`,
    { process: 'nginx', exe: '/usr/sbin/nginx', user: 'root' },
  ],
  [`process('a b')`, `it { should be_running }`, { process: { args: { contains: 'a b' } }, running: true }],
  [
    `user('a')`,
    `it { should belong_to_group 'b' }; it { should have_uid 5 }`,
    { user: 'a', groups: ['b'], uid: 5 },
  ],
  [`user('a')`, `its('groups') { should eq ['a', 'b'] }`, { user: 'a', groups: { exactly: ['a', 'b'] } }],
  [`user('a')`, `its('groups') { should_not include 'sudo' }`, { user: 'a', groups: { none: 'sudo' } }],
  [
    `command('a')`,
    `its(:stdout) { should match /b/i }`,
    { command: 'a', stdout: { matches: '/b/i' }, exit: { gte: 0 } },
  ],
  [
    `command('a')`,
    `its('exit_status') { should be_between(1, 3) }`,
    { command: 'a', exit: { between: [1, 3] } },
  ],
  [
    `http('https://a/', ssl_verify: false, method: 'HEAD', max_redirects: 2)`,
    `its('status') { should cmp 200 }`,
    {
      http: 'https://a/',
      from: 'instance',
      method: 'HEAD',
      insecure: true,
      followRedirects: true,
      maxRedirects: 2,
      status: 200,
    },
  ],
  [
    `http('http://a/')`,
    `its('body') { should start_with 'x' }`,
    { http: 'http://a/', from: 'instance', body: { startsWith: 'x' }, status: { gte: 100 } },
  ],
  [`host('a', port: 22, protocol: 'tcp')`, `it { should be_reachable }`, { addr: 'a:22', reachable: true }],
  [`host('a')`, `it { should be_reachable.with(port: 22, proto: 'tcp') }`, { addr: 'a:22', reachable: true }],
  [`host('a')`, `its('ipaddress') { should include '10.0.0.1' }`, { dns: 'a', addresses: ['10.0.0.1'] }],
  [`mount('/a')`, `it { should be_mounted.with(type: 'ext4') }`, { mount: '/a', mounted: true, fs: 'ext4' }],
  [
    `cron`,
    `it { should have_entry('5  4 * * * /b').with_user('c') }`,
    { cron: { command: '/b', user: 'c' }, schedule: '5 4 * * *' },
  ],
  [`interface('a')`, `it { should be_up }`, { interface: 'a', up: true }],
  [`linux_kernel_parameter('a.b')`, `its(:value) { should eq 1 }`, { sysctl: 'a.b', value: '1' }],
  [
    `yaml('/a.yml')`,
    `its(['a', 0, 'b']) { should eq [1, 2] }`,
    { file: '/a.yml', yaml: { 'a[0].b': { equal: [1, 2] } } },
  ],
];

await tap.test('each resource with its matchers, taken by our own types', async (t) => {
  for (const [resource, body, ours] of CASES) {
    const { items, gaps } = convert(`describe ${resource} do\n  ${body.replaceAll('; ', '\n  ')}\nend\n`);
    t.same([items, gaps], [[ours], []], `${resource}: ${body}`);
  }
});

await tap.test('a profile becomes checks with the facts of its controls', async (t) => {
  const path = 'fixtures/convert/profile/controls/web.rb';
  const { items, gaps, comments } = convert(readFileSync(join(REPO, path), 'utf8'), path);
  t.same(gaps, []);
  t.ok(items.length >= 20, `${items.length} checks`);
  t.match(items[0], {
    id: 'nginx-package.1',
    why: 'Pages cannot be served without it.',
    severity: 'high',
    tags: ['web', 'package'],
  });
  t.match(items.at(-1), { id: 'elsewhere', only: { if: 'test -e /etc/redhat-release' } });
  t.match(comments.slice(0, 4), [
    'control nginx-package: nginx is installed',
    'tag cis: 1.1',
    'see the runbook, url: https://example.invalid/runbook',
    `${path}:15: describe package('nginx')`,
  ]);
});

await tap.test('what has no equal is listed with its line and the reason', async (t) => {
  const text = readFileSync(join(REPO, 'fixtures/convert/no-equal_spec.rb'), 'utf8');
  const { gaps, items } = convert(text, 'n.rb');
  const wanted = text.split('\n').flatMap((line, index) => {
    const reason = / {4,}# (.+)$/.exec(line)?.[1];
    return reason === undefined ? [] : [{ line: index + 1, reason }];
  });
  t.equal(gaps.length, wanted.length, gaps.join('\n'));
  for (const { line, reason } of wanted) {
    const gap = gaps.find((one) => one.startsWith(`n.rb:${line}:`));
    t.ok(gap?.includes(reason), `line ${line}: ${reason}: ${gap}`);
  }
  t.same(items, [
    { file: '/etc/shadow', owner: 'root' },
    { port: 22, listening: true },
  ]);
});

await tap.test('literals are followed through variables, loops, groups and conditions', async (t) => {
  const { items, gaps } = convert(`
title 'all of it'
dir = '/srv'
ports = { web: 80, 'tls' => 443 }
describe 'the site' do
  ports.each do |name, number|
    describe port(number) do
      it { should be_listening }
    end
  end
  %w(a b).each { |one| describe(file("#{dir}/#{one}")) { it { should exist } } }
end
if os.debian? && !file('/x').exist?
  describe(user('a')) { it { should exist } }
else
  describe(user('b')) { it { should exist } }
end
%w(/home).each do |path|
  next unless mount(path).mounted?
  describe(mount(path)) { its('options') { should include 'nodev' } }
end
port = input('port', value: 8080)
describe port(port) do
  it { should be_listening }
end
passwd = file('/etc/passwd')
describe passwd do
  its('owner') { should eq 'root' }
end
`);
  t.same(gaps, []);
  t.match(items, [
    { port: 80 },
    { port: 443 },
    { file: '/srv/a' },
    { file: '/srv/b' },
    { user: 'a', only: { if: '{ test -e /etc/debian_version; } && { ! { test -e /x; }; }' } },
    { user: 'b', only: { if: /^! \{/ } },
    { mount: '/home', options: ['nodev'], only: { if: "! { ! { grep -q -F ' /home ' /proc/mounts; }; }" } },
    { port: 8080 },
    { file: '/etc/passwd', owner: 'root' },
  ]);
});

await tap.test('attributes asked for twice meet both; what must not be there stands alone', async (t) => {
  const { items } = convert(`
describe file('/a') do
  its('size') { should be > 1 }
  its('size') { should be < 9 }
  its('owner') { should eq 'a' }
  it { should_not exist }
end`);
  t.same(items, [
    { file: '/a', size: { all: [{ gt: 1 }, { lt: 9 }] }, owner: 'a' },
    { file: '/a', exists: false },
  ]);
});

await tap.test(
  'here-documents keep lines; a mistake costs its own statement; a file of mistakes is refused',
  async (t) => {
    const { items, gaps } = convert(`control 'a' do
  desc <<~END
    one "quoted" #{1}
      two
  END
  describe file('/a') do
    it { should be_pretty }
    it { should exist }
  end
end

describe file('/b' do
  it { should exist }
end

describe file('/c') do
  it { should exist }
end
`);
    t.match(items, [{ file: '/a', why: 'one "quoted" 1 two' }, { file: '/c' }]);
    t.match(gaps, [
      /^a.rb:7: describe file\('\/a'\): it .*be_pretty/,
      /^a.rb:12: .*this Ruby is not read here: unexpected do/,
    ]);
    t.throws(() => convertRspec("describe file('/x' do\nend\n", 'b.rb'), {
      code: 'convert.ruby_unreadable',
      kind: 'config',
      location: { file: 'b.rb', line: 1 },
    });
    t.throws(() => convertRspec('<<<<<<< HEAD\n', 'b.rb'), { code: 'convert.ruby_unreadable' });
    t.same(convertRspec('# nothing\n', 'b.rb').drafts, []);
  },
);

await tap.test('nothing of the file is run', async (t) => {
  const { items, gaps } = convert(
    "`touch /tmp/x`\nsystem('touch /tmp/x')\nFile.write('/tmp/x', '')\nexit 3\n",
  );
  t.same(items, []);
  t.equal(gaps.length, 4, gaps.join('\n'));
});
