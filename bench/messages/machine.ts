/** What InSpec needs to look at all (ps, ss, curl), and what fails. */
export const PACKAGES = ['nginx-light', 'curl', 'procps', 'iproute2', 'openssl'];

const WORKER = `#!/bin/sh
echo 'reading /etc/worker.conf'
echo 'fatal: QUEUE_URL is not set' >&2
exit 3
`;

const APP = `
use IO::Socket::INET;
my $server = IO::Socket::INET->new(LocalAddr => '127.0.0.1', LocalPort => 8000, Listen => 5, ReuseAddr => 1) or die;
while (my $client = $server->accept) { close $client }
`;

/** Three workers of one service: the first was started before the password changed. */
const POOL = `#!/bin/sh
DATABASE_URL=postgresql://shop:old-pass@db.internal:5432/shop sleep 100000 &
sleep 2
export DATABASE_URL=postgresql://shop:n3w-password@db.internal:5432/shop
sleep 100000 &
sleep 100000 &
wait
`;

const unit = (command: string): string => `[Service]\nExecStart=${command}\n`;
const write = (path: string, content: string): string => `cat > ${path} <<'END'\n${content}\nEND\n`;

/** A machine that converges well and on which ten things are wrong. */
export const CONVERGE = `
mkdir -p /srv/tls /etc/sysctl.d
${write('/usr/local/bin/worker', WORKER)}${write('/usr/local/bin/pool', POOL)}${write('/srv/app.pl', APP)}
chmod 755 /usr/local/bin/worker /usr/local/bin/pool
${write('/etc/systemd/system/worker.service', unit('/usr/local/bin/worker'))}
${write('/etc/systemd/system/pool.service', unit('/usr/local/bin/pool'))}
${write('/etc/systemd/system/app.service', unit('/usr/bin/perl /srv/app.pl'))}
${write('/etc/nginx/sites-available/default', 'server { listen 80; location / { proxy_pass http://127.0.0.1:9999; } }')}
echo 'net.core.somaxconn = 65535' > /etc/sysctl.d/50-app.conf
cd /srv/tls
openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=app.example -keyout app.key -out app.csr 2>/dev/null
openssl x509 -req -in app.csr -signkey app.key -days 0 -out app.pem 2>/dev/null
systemctl daemon-reload
systemctl start pool app
systemctl start worker || true
systemctl restart nginx
sleep 3
echo 'password = n3w-password' > /etc/app.conf; chmod 644 /etc/app.conf
cat > /var/log/app.log <<'LOG'
2026-01-02 03:04:05 INFO started, 4 workers
2026-01-02 03:04:06 ERROR could not connect to db.internal:5432: Connection refused
2026-01-02 03:04:06 INFO retrying in 5 s
LOG
`;
