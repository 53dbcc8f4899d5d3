import type { Row } from '../beside/row.ts';

const DATABASE_URL = 'postgresql://shop@db.internal:5432/shop';

/**
 * The same thirty questions to each tool, each in its own words. Commands stand last, as docs/performance.md advises: what
 * is looked at below a command needs another look.
 */
export const THIRTY_CHECKS: readonly Row[] = [
  {
    id: 'conf-exists',
    galley: { file: '/etc/nginx/nginx.conf' },
    inspec: `  describe file('/etc/nginx/nginx.conf') do it { should be_file } end`,
    shell: 'test -f /etc/nginx/nginx.conf',
  },
  {
    id: 'conf-mode',
    galley: { file: '/etc/app.conf', mode: '0640' },
    inspec: `  describe file('/etc/app.conf') do its('mode') { should cmp '0640' } end`,
    shell: 'test "$(stat -c %a /etc/app.conf)" = 640',
  },
  {
    id: 'conf-owner',
    galley: { file: '/etc/app.conf', owner: 'root', group: 'www-data' },
    inspec: `  describe file('/etc/app.conf') do its('owner') { should eq 'root' }; its('group') { should eq 'www-data' } end`,
    shell: 'test "$(stat -c %U:%G /etc/app.conf)" = root:www-data',
  },
  {
    id: 'conf-content',
    galley: { file: '/etc/app.conf', content: '/^workers = 4$/m' },
    inspec: `  describe file('/etc/app.conf') do its('content') { should match(/^workers = 4$/) } end`,
    shell: 'grep -qx "workers = 4" /etc/app.conf',
  },
  {
    id: 'json-value',
    galley: { file: '/etc/app.json', json: { 'db.port': 5432 } },
    inspec: `  describe json('/etc/app.json') do its(['db', 'port']) { should eq 5432 } end`,
    shell: 'grep -q \'"port": 5432\' /etc/app.json',
  },
  {
    id: 'folder',
    galley: { file: '/srv/app', type: 'directory' },
    inspec: `  describe file('/srv/app') do it { should be_directory } end`,
    shell: 'test -d /srv/app',
  },
  {
    id: 'link',
    galley: { file: '/srv/current', target: '/srv/app' },
    inspec: `  describe file('/srv/current') do its('link_path') { should eq '/srv/app' } end`,
    shell: 'test "$(readlink /srv/current)" = /srv/app',
  },
  {
    id: 'file-absent',
    galley: { file: '/etc/app.conf.orig', exists: false },
    inspec: `  describe file('/etc/app.conf.orig') do it { should_not exist } end`,
    shell: 'test ! -e /etc/app.conf.orig',
  },
  {
    id: 'nginx-package',
    galley: { package: 'nginx-light' },
    inspec: `  describe package('nginx-light') do it { should be_installed } end`,
    shell: `test "$(dpkg-query -W -f '\${db:Status-Status}' nginx-light)" = installed`,
  },
  {
    id: 'curl-version',
    galley: { package: 'curl', version: { gte: '7.88' } },
    inspec: `  describe package('curl') do its('version') { should cmp >= '7.88' } end`,
    shell: `dpkg --compare-versions "$(dpkg-query -W -f '\${Version}' curl)" ge 7.88`,
  },
  {
    id: 'package-absent',
    galley: { package: 'telnetd', installed: false },
    inspec: `  describe package('telnetd') do it { should_not be_installed } end`,
    shell: `! dpkg-query -W -f '\${db:Status-Status}' telnetd 2>/dev/null | grep -qx installed`,
  },
  {
    id: 'nginx-service',
    galley: { service: 'nginx', enabled: true },
    inspec: `  describe service('nginx') do it { should be_running }; it { should be_enabled } end`,
    shell: 'systemctl -q is-active nginx && systemctl -q is-enabled nginx',
  },
  {
    id: 'app-service',
    galley: { service: 'app' },
    inspec: `  describe service('app') do it { should be_running } end`,
    shell: 'systemctl -q is-active app',
  },
  {
    id: 'cron-enabled',
    galley: { service: 'cron', enabled: true },
    inspec: `  describe service('cron') do it { should be_enabled } end`,
    shell: 'systemctl -q is-enabled cron',
  },
  {
    id: 'nginx-processes',
    galley: { process: 'nginx', count: { gte: 2 } },
    inspec: `  describe processes(/^nginx: /) do its('entries.length') { should be >= 2 } end`,
    shell: 'test "$(pgrep -c nginx)" -ge 2',
  },
  {
    id: 'worker-user',
    galley: { process: { name: 'nginx', role: 'worker' }, user: 'www-data' },
    inspec: `  describe processes(/nginx: worker/) do its('users.uniq') { should eq ['www-data'] } end`,
    shell: 'test "$(ps -o user= -p "$(pgrep -f "nginx: worker" | paste -sd,)" | sort -u)" = www-data',
  },
  {
    id: 'port-80',
    galley: { port: 80, owner: { name: 'nginx' } },
    inspec: `  describe port(80) do it { should be_listening }; its('processes') { should include 'nginx' } end`,
    shell: 'ss -Hltnp "sport = 80" | grep -q nginx',
  },
  {
    id: 'port-8000',
    galley: { port: 8000, address: { exactly: ['127.0.0.1'] } },
    inspec: `  describe port(8000) do its('addresses') { should eq ['127.0.0.1'] } end`,
    shell: `test "$(ss -Hltn "sport = 8000" | awk '{print $4}')" = 127.0.0.1:8000`,
  },
  {
    id: 'port-closed',
    galley: { port: 23, listening: false },
    inspec: `  describe port(23) do it { should_not be_listening } end`,
    shell: 'test -z "$(ss -Hltn "sport = 23")"',
  },
  {
    id: 'user-shell',
    galley: { user: 'app', uid: 1500, shell: '/usr/sbin/nologin' },
    inspec: `  describe user('app') do its('uid') { should eq 1500 }; its('shell') { should eq '/usr/sbin/nologin' } end`,
    shell: `test "$(getent passwd app | cut -d: -f3,7)" = 1500:/usr/sbin/nologin`,
  },
  {
    id: 'user-groups',
    galley: { user: 'app', groups: ['www-data'] },
    inspec: `  describe user('app') do its('groups') { should include 'www-data' } end`,
    shell: 'id -Gn app | grep -qw www-data',
  },
  {
    id: 'group',
    galley: { group: 'app', gid: 1600 },
    inspec: `  describe group('app') do its('gid') { should eq 1600 } end`,
    shell: 'test "$(getent group app | cut -d: -f3)" = 1600',
  },
  {
    id: 'http-status',
    galley: { http: 'http://127.0.0.1:8000/', from: 'instance', status: 200 },
    inspec: `  describe http('http://127.0.0.1:8000/') do its('status') { should eq 200 } end`,
    shell: 'test "$(curl -sS -o /dev/null -w "%{http_code}" http://127.0.0.1:8000/)" = 200',
  },
  {
    id: 'http-body',
    galley: { http: 'http://localhost/', from: 'instance', body: { contains: 'hello' } },
    inspec: `  describe http('http://localhost/') do its('body') { should match(/hello/) } end`,
    shell: 'curl -sS http://localhost/ | grep -q hello',
  },
  {
    id: 'sysctl',
    galley: { sysctl: 'net.core.somaxconn', value: { gte: 128 } },
    inspec: `  describe kernel_parameter('net.core.somaxconn') do its('value') { should be >= 128 } end`,
    shell: 'test "$(cat /proc/sys/net/core/somaxconn)" -ge 128',
  },
  {
    id: 'mount',
    galley: { mount: '/dev/shm', fs: 'tmpfs' },
    inspec: `  describe mount('/dev/shm') do it { should be_mounted }; its('type') { should eq 'tmpfs' } end`,
    shell: 'test "$(findmnt -n -o FSTYPE /dev/shm)" = tmpfs',
  },
  {
    id: 'app-env',
    galley: { env: { of: { process: { unit: 'app' } }, key: 'DATABASE_URL' }, value: DATABASE_URL },
    inspec: `  pid = command('systemctl show -p MainPID --value app').stdout.strip
  describe file("/proc/#{pid}/environ") do its('content') { should include 'DATABASE_URL=${DATABASE_URL}' } end`,
    shell: `tr '\\0' '\\n' < "/proc/$(systemctl show -p MainPID --value app)/environ" | grep -qx 'DATABASE_URL=${DATABASE_URL}'`,
  },
  {
    id: 'cron-job',
    galley: { cron: '/usr/local/bin/app', schedule: '*/5 * * * *', user: 'root' },
    inspec: `  describe crontab(path: '/etc/cron.d/app').commands('/usr/local/bin/app') do its('minutes') { should cmp '*/5' } end`,
    shell: `grep -qx '\\*/5 \\* \\* \\* \\* root /usr/local/bin/app' /etc/cron.d/app`,
  },
  {
    id: 'command-exit',
    galley: { command: 'nginx -t' },
    inspec: `  describe command('nginx -t') do its('exit_status') { should eq 0 } end`,
    shell: 'nginx -t',
  },
  {
    id: 'command-output',
    galley: { command: 'app --version', stdout: 'app 1.2.3' },
    inspec: `  describe command('app --version') do its('stdout') { should match(/^app 1\\.2\\.3$/) } end`,
    shell: 'app --version | grep -qx "app 1.2.3"',
  },
];
