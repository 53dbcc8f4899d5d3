import type { Row } from '../beside/row.ts';

/** A common failure, and what was done to the machine to have it. */
export interface Failure extends Row {
  readonly title: string;
  /** What is wrong, in a sentence. */
  readonly story: string;
}

const DATABASE_URL = 'postgresql://shop:n3w-password@db.internal:5432/shop';

export const TEN_FAILURES: readonly Failure[] = [
  {
    id: 'unit-failed',
    title: 'A service does not run because its unit failed',
    story: 'The program ends with status 3 because a setting is missing.',
    galley: { service: 'worker' },
    inspec: `  describe service('worker') do it { should be_running } end`,
    shell: 'systemctl is-active worker',
  },
  {
    id: 'loopback-only',
    title: 'A port is bound to 127.0.0.1 only',
    story: 'The server was configured for the loopback address; others cannot reach it.',
    galley: { port: 8000, address: '0.0.0.0' },
    inspec: `  describe port(8000) do its('addresses') { should include '0.0.0.0' } end`,
    shell: 'ss -Hltn "sport = 8000" | grep -q "0.0.0.0:8000"',
  },
  {
    id: 'worker-env',
    title: 'One worker has another DATABASE_URL',
    story: 'The password was changed; one of three workers was not restarted.',
    galley: {
      env: { of: { process: { name: 'sleep', unit: 'pool' } }, key: 'DATABASE_URL' },
      each: DATABASE_URL,
    },
    inspec: `  pids = command('systemctl show -p ControlGroup --value pool | xargs -I{} cat /sys/fs/cgroup/systemd{}/cgroup.procs /sys/fs/cgroup{}/cgroup.procs 2>/dev/null').stdout.split
  pids.each do |pid|
    next unless file("/proc/#{pid}/comm").content.to_s.strip == 'sleep'
    describe file("/proc/#{pid}/environ") do its('content') { should include 'DATABASE_URL=${DATABASE_URL}' } end
  end`,
    shell: `bad=0
for pid in $(pgrep -f "^sleep 100000"); do
  tr '\\0' '\\n' < "/proc/$pid/environ" | grep -qx 'DATABASE_URL=${DATABASE_URL}' || { echo "pid $pid is wrong"; bad=1; }
done
[ $bad = 0 ]`,
  },
  {
    id: 'bad-gateway',
    title: 'HTTP 502',
    story: 'nginx runs, the application behind it does not listen where nginx asks.',
    galley: { http: 'http://localhost/', from: 'instance', status: 200 },
    inspec: `  describe http('http://localhost/') do its('status') { should eq 200 } end`,
    shell: 'curl -sS -f -o /dev/null http://localhost/',
  },
  {
    id: 'file-mode',
    title: 'A file with a password can be read by everybody',
    story: 'The mode is 0644 instead of 0640.',
    galley: { file: '/etc/app.conf', mode: '0640' },
    inspec: `  describe file('/etc/app.conf') do its('mode') { should cmp '0640' } end`,
    shell: 'test "$(stat -c %a /etc/app.conf)" = 640',
  },
  {
    id: 'package-version',
    title: 'A package is older than it must be',
    story: 'The repository with the newer version is not there.',
    galley: { package: 'curl', version: { gte: '8.5' } },
    inspec: `  describe package('curl') do its('version') { should cmp >= '8.5' } end`,
    shell: `dpkg --compare-versions "$(dpkg-query -W -f '\${Version}' curl)" ge 8.5`,
  },
  {
    id: 'stale-process',
    title: 'A process is older than its configuration',
    story: 'The file was changed, the service was not restarted.',
    galley: { process: { unit: 'app' }, startedAfter: '/etc/app.conf' },
    inspec: `  pid = command('systemctl show -p MainPID --value app').stdout.strip
  describe file("/proc/#{pid}") do its('mtime') { should be >= file('/etc/app.conf').mtime } end`,
    shell: `pid=$(systemctl show -p MainPID --value app)
test "$(stat -c %Y "/proc/$pid")" -ge "$(stat -c %Y /etc/app.conf)"`,
  },
  {
    id: 'cert-expired',
    title: 'A certificate has expired',
    story: 'Nobody renewed it.',
    galley: { cert: '/srv/tls/app.pem', daysLeft: { gte: 14 } },
    inspec: `  describe x509_certificate('/srv/tls/app.pem') do its('validity_in_days') { should be >= 14 } end`,
    shell: 'openssl x509 -in /srv/tls/app.pem -noout -checkend 1209600',
  },
  {
    id: 'sysctl',
    title: 'A kernel setting is not in effect',
    story: 'The file in /etc/sysctl.d is there, nobody applied it.',
    galley: { sysctl: 'net.core.somaxconn', value: { gte: 65535 } },
    inspec: `  describe kernel_parameter('net.core.somaxconn') do its('value') { should be >= 65535 } end`,
    shell: 'test "$(sysctl -n net.core.somaxconn)" -ge 65535',
  },
  {
    id: 'log-error',
    title: 'The application logs an error',
    story: 'It starts, and cannot reach its database.',
    galley: { log: '/var/log/app.log', lacks: ['/ERROR/', '/Traceback/'] },
    inspec: `  describe file('/var/log/app.log') do its('content') { should_not match(/ERROR|Traceback/) } end`,
    shell: '! grep -qE "ERROR|Traceback" /var/log/app.log',
  },
];
