/** What InSpec needs to look at all (ps, ss, curl) and what is looked at. */
export const PACKAGES = ['nginx-light', 'curl', 'procps', 'iproute2', 'cron'];

const APP = `
use IO::Socket::INET;
my $server = IO::Socket::INET->new(LocalAddr => '127.0.0.1', LocalPort => 8000, Listen => 5, ReuseAddr => 1) or die;
while (my $client = $server->accept) {
  while (defined(my $line = <$client>)) { last if $line eq "\\r\\n" }
  print $client "HTTP/1.1 200 OK\\r\\nConnection: close\\r\\n\\r\\nitems\\n";
  close $client;
}
`;

const UNIT = `
[Service]
Environment=DATABASE_URL=postgresql://shop@db.internal:5432/shop
ExecStart=/usr/bin/perl /srv/app/server.pl
[Install]
WantedBy=multi-user.target
`;

/** The state that is green for all three tools. */
export const CONVERGE = `
groupadd -f -g 1600 app
id app >/dev/null 2>&1 || useradd -u 1500 -g app -G www-data -d /srv/app -s /usr/sbin/nologin app
mkdir -p /srv/app; ln -sfn /srv/app /srv/current
cat > /srv/app/server.pl <<'PERL'
${APP}
PERL
cat > /etc/systemd/system/app.service <<'INI'
${UNIT}
INI
printf 'listen = 8000\\nworkers = 4\\n' > /etc/app.conf
chown root:www-data /etc/app.conf; chmod 640 /etc/app.conf
printf '{"db": {"host": "db.internal", "port": 5432}}' > /etc/app.json
printf '#!/bin/sh\\necho "app 1.2.3"\\n' > /usr/local/bin/app; chmod 755 /usr/local/bin/app
echo '*/5 * * * * root /usr/local/bin/app' > /etc/cron.d/app
echo hello > /var/www/html/index.html
systemctl daemon-reload
systemctl enable -q --now app nginx cron
timeout 10 sh -c 'until curl -fsS --noproxy "*" http://127.0.0.1:8000/ http://localhost/ >/dev/null 2>&1; do sleep 0.1; done'
`;

/** Five places, and the ids that each tool must then name. */
export const BREAKS: Readonly<Record<string, string>> = {
  'conf-mode': 'chmod 644 /etc/app.conf',
  'cron-enabled': 'systemctl disable -q cron',
  'user-shell': 'usermod -s /bin/bash app',
  'http-body': 'echo goodbye > /var/www/html/index.html',
  'app-env':
    'sed -i s/db.internal/localhost/ /etc/systemd/system/app.service; systemctl daemon-reload; systemctl restart app; sleep 1',
};
