import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import tap from 'tap';
import type { CheckReport } from '../../src/core/events.ts';
import { readEvents } from '../events.ts';
import { type GalleyResult, galley, REPO } from '../galley.ts';
import { AROUND, AROUND_YAML } from '../rows/around.ts';

const KITCHEN = `
driver:
  name: docker
  init: systemd
  intermediate_instructions:
    - RUN apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends mariadb-server-core mariadb-client-core sqlite3 && rm -rf /var/lib/apt/lists/*
provisioner: {name: chef_infra, cookbook_paths: cookbooks}
platforms: [{name: debian-12}]
suites:
  - name: around
    run_list: ["recipe[demo]"]
    services:
      db: {image: "postgres:15", environment: {POSTGRES_USER: shop, POSTGRES_PASSWORD: n0t-s3cret-db}}
      cache: {image: "redis:7"}
      locked: {image: "redis:7", command: [--requirepass, hush-hush-1]}
    verifier:
      checks:
${AROUND_YAML.trim().replace(/^/gm, '        ')}
`;

const RECIPE = `
execute 'once' do
  command <<~'SH'
    set -e
    echo '2026-01-02 03:04:05 INFO started' >> /var/log/app.log
    echo '2026-01-02 03:04:06 ERROR new' >> /var/log/app.log
    echo 'first line' > /var/log/made.log
    echo 'before rotation' >> /var/log/rotated.log
    mv /var/log/rotated.log /var/log/rotated.log.1
    echo 'after rotation' > /var/log/rotated.log
    echo 'before copy' >> /var/log/copied.log
    cp /var/log/copied.log /var/log/copied.log.1
    : > /var/log/copied.log
    echo 'after copy' >> /var/log/copied.log
    : > /var/log/truncated.log
    echo 'after truncation' >> /var/log/truncated.log
    printf '<6>new words\\n<3>boom\\n' > /srv/words
    systemctl start chatty
    sqlite3 /srv/db.sqlite3 "CREATE TABLE t (name); INSERT INTO t VALUES ('it''s')"
    mkdir -p /srv/mysql /run/mysqld
    mariadb-install-db --no-defaults --user=root --datadir=/srv/mysql --skip-test-db >/dev/null
    systemd-run -q --unit mariadb mariadbd --no-defaults --user=root --datadir=/srv/mysql --socket=/run/mysqld/mysqld.sock --port=3306
    timeout 300 sh -c 'until mariadb --no-defaults -e "SELECT 1" >/dev/null 2>&1; do sleep 0.1; done'
    openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj /CN=localhost -addext 'subjectAltName=DNS:localhost,DNS:www.example' -keyout /srv/key.pem -out /srv/cert.pem 2>/dev/null
    systemd-run -q --unit tls openssl s_server -www -accept 8443 -cert /srv/cert.pem -key /srv/key.pem
    systemd-run -q --unit web perl /srv/web.pl
    timeout 300 sh -c 'for port in 1F90 20FB; do until grep -q ":$port .* 0A " /proc/net/tcp /proc/net/tcp6; do sleep 0.1; done; done'
    touch /srv/done
  SH
  not_if { ::File.exist?('/srv/done') }
end
execute('always') { command 'true' }
`;

const SERVER = `
use IO::Socket::INET;
my $server = IO::Socket::INET->new(LocalPort => 8080, Listen => 5, ReuseAddr => 1);
# Who connects and says nothing, or leaves before the answer, is nobody's concern but its own.
$SIG{PIPE} = 'IGNORE';
$SIG{CHLD} = 'IGNORE';
while (my $client = $server->accept) {
  next if fork;
  my ($line, $host) = ('', '');
  while (defined($line = <$client>) && $line ne "\\r\\n") { $host = $1 if $line =~ /^host: (\\S+)/i }
  print $client "HTTP/1.1 200 OK\\r\\nSet-Cookie: sid=hush-hush-23; Path=/; HttpOnly; SameSite=Lax; Max-Age=60\\r\\nConnection: close\\r\\n\\r\\nhello, host $host\\n";
  close $client;
  exit;
}
`;

const PREPARE = `
for name in app silent rotated copied truncated; do
  echo "2025-01-02 03:04:05 ERROR old $name" > /var/log/$name.log
done
echo old words > /srv/words
cat > /srv/web.pl <<'PERL'
${SERVER}
PERL
printf '[Service]\\nType=oneshot\\nSyslogLevelPrefix=true\\nExecStart=/bin/cat /srv/words\\n' > /etc/systemd/system/chatty.service
systemctl daemon-reload
systemctl start chatty
`;

const show = (run: GalleyResult): string => `exit ${run.code}\n${run.stdout}\n${run.stderr}`;
const cwd = join(REPO, '.galley', 'test', `around-${process.pid}`);
await mkdir(join(cwd, 'cookbooks/demo/recipes'), { recursive: true });
await writeFile(join(cwd, 'kitchen.yml'), KITCHEN);
await writeFile(join(cwd, 'cookbooks/demo/metadata.rb'), "name 'demo'\nversion '1.0.0'\n");
await writeFile(join(cwd, 'cookbooks/demo/recipes/default.rb'), RECIPE);
tap.teardown(async () => {
  await galley(['destroy'], { cwd });
  await rm(cwd, { recursive: true, force: true });
});

await tap.test('logs, databases, images and a further converge, each right and wrong', async (t) => {
  const created = await galley(['create'], { cwd });
  t.equal(created.code, 0, show(created));
  const prepared = await galley(['exec', '-c', PREPARE], { cwd });
  t.equal(prepared.code, 0, show(prepared));
  const converged = await galley(['converge'], { cwd });
  t.equal(converged.code, 0, show(converged));
  const eventsFile = join(t.testdir(), 'events.ndjson');
  const run = await galley(['verify', '--events', eventsFile], { cwd });
  const reports = (await readEvents(eventsFile)).flatMap((event): CheckReport[] =>
    event.type === 'check' ? [event.report] : [],
  );
  t.equal(reports.length, AROUND.length, show(run));
  for (const { id, outcome, results } of reports)
    t.equal(outcome, id.split('.').at(-1), `${id}\n${JSON.stringify(results, undefined, 1)}`);
  const all = JSON.stringify(reports) + run.stdout + run.stderr;
  t.notMatch(all, /n0t-s3cret-db|wrong-pass|hush-hush-1|hush-hush-23/, 'no password is shown');
  const note = (id: string) => reports.find((one) => one.id === id)?.results[0];
  t.match(note('sql auth.fail')?.observed, /login refused: .*password authentication failed/);
  t.match(note('sql statement.fail')?.notes?.[0], /relation "nowhere" does not exist \(42P01\)/);
  t.match(note('idempotent.fail')?.notes, [/execute\[always\] \(run\) in demo::default/]);
  t.match(note('log lacks.fail'), {
    source: /since the converge began/,
    observed: /^1 of 2 lines: line 2: .*ERROR new/,
  });
});
