import tap from 'tap';
import { checkTable } from '../check-table.ts';
import { liveInstance } from '../live-instance.ts';
import {
  APK,
  JOBS,
  MACHINE,
  PACKAGES,
  REPOSITORY,
  USERS,
  WITHOUT_SUDO,
  WITHOUT_TOOLS,
} from '../rows/system.ts';

/** What the rows below find: users, held and altered packages, folders of gems and modules, jobs. */
const SETUP = `
groupadd -g 1600 web; groupadd -g 1601 ops
useradd -u 1500 -g web -G ops,www-data -m -d /srv/app -s /bin/bash -c 'The app' app
useradd -u 1501 -M -d /nowhere -s /usr/sbin/nologin locked
useradd -u 1502 empty; passwd -d empty >/dev/null; echo 'app:x1x2x3' | chpasswd
mkdir -p /srv/app/.ssh
echo '# ours' > /srv/app/.ssh/authorized_keys
echo 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOne deploy@ci' >> /srv/app/.ssh/authorized_keys
echo 'app ALL=(ALL) NOPASSWD: ALL' > /etc/sudoers.d/app
echo 'locked ALL=(root) /bin/systemctl restart app' > /etc/sudoers.d/locked
apt-mark hold cron >/dev/null
echo 'net/ipv4/tcp_rmem = 1' > /etc/sysctl.d/50-x.conf
cp /usr/sbin/cron /tmp/cron; echo changed >> /tmp/cron; mv /tmp/cron /usr/sbin/cron; echo '# changed' >> /etc/default/cron
mkdir -p /srv/venv/lib/python3.11/site-packages/Flask_SQLAlchemy-3.1.1.dist-info
mkdir -p /srv/gems/specifications; touch /srv/gems/specifications/rack-2.2.8.gemspec /srv/gems/specifications/rack-3.0.0.gemspec
mkdir -p /srv/web/node_modules/left-pad /srv/web/node_modules/@a/b
echo '{"name": "left-pad", "version": "1.3.0"}' > /srv/web/node_modules/left-pad/package.json
echo '{"name": "@a/b", "version": "0.1.0-rc.1"}' > /srv/web/node_modules/@a/b/package.json
printf 'MAILTO=x\\n# no job\\n*/5 0 * * 1-5  www-data  /srv/app/bin/report --all\\n@daily app DB_PASSWORD=hunter2 /srv/app/bin/clean\\n' > /etc/cron.d/app
printf '0 3 * * * root /srv/app/bin/ignored\\n' > /etc/cron.d/app.conf
printf '#!/bin/sh\\n' > /etc/cron.daily/sweep; printf '#!/bin/sh\\n' > /etc/cron.daily/idle; chmod +x /etc/cron.daily/sweep
echo '15 4 * * * /srv/app/bin/own' | crontab -u app -`;

/** A repository of one package that we make, and nothing else for apt. */
const OUR_REPOSITORY = `
mkdir -p /srv/pkg/DEBIAN /srv/repo; cd /srv/repo
printf 'Package: ours\\nVersion: 1.0-1\\nArchitecture: all\\nMaintainer: us <us@example.org>\\nDescription: ours\\n' > /srv/pkg/DEBIAN/control
dpkg-deb -b /srv/pkg ours.deb >/dev/null
{ cat /srv/pkg/DEBIAN/control; printf 'Filename: ./ours.deb\\nSize: %s\\nSHA256: %s\\n' "$(stat -c %s ours.deb)" "$(sha256sum ours.deb | cut -d' ' -f1)"; } > Packages
rm -rf /etc/apt/sources.list.d; echo 'deb [trusted=yes] file:/srv/repo ./' > /etc/apt/sources.list
apt-get -qq update; apt-get -qq install -y ours >/dev/null 2>&1`;

await tap.test('users, packages, mounts, the network and jobs of a real machine', async (t) => {
  const live = await liveInstance(t, 'system');
  await live.sh(SETUP);
  const looks = await checkTable(t, live, [...USERS, ...PACKAGES, ...MACHINE, ...JOBS]);
  t.equal(looks, 1, 'all of it in one look');

  await live.sh(OUR_REPOSITORY);
  await checkTable(t, live, REPOSITORY);
  await live.sh(`mv /var/lib/dpkg/status /var/lib/dpkg/status.away; mkdir -p /lib/apk/db
    printf 'P:nginx\\nV:1.24.0-r6\\nA:x86_64\\n\\nP:musl\\nV:1.2.4-r2\\nA:x86_64\\n' > /lib/apk/db/installed
    printf 'nginx=1.24.0-r6\\n' > /etc/apk-world; mkdir -p /etc/apk; mv /etc/apk-world /etc/apk/world`);
  await checkTable(t, live, APK);
  await live.sh(
    'rm -r /lib/apk; mv /etc/shadow /etc/shadow.away; mv /usr/bin/df /usr/bin/df.away; mv /etc/group /etc/group.away',
  );
  await checkTable(t, live, WITHOUT_TOOLS);
  await live.sh('mv /etc/group.away /etc/group; mv /usr/bin/sudo /usr/bin/sudo.away');
  await checkTable(t, live, WITHOUT_SUDO);
});
