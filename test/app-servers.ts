import { type LiveInstance, until, WITH_UWSGI } from './live-instance.ts';

/** The servers that applications are run with, from Debian's own packages; none of them starts by itself. */
const PACKAGES = 'gunicorn puma unicorn redis-server python3-redis ruby-redis python3-setproctitle';
export const WITH_APP_SERVERS = [
  ...WITH_UWSGI,
  `RUN apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends ${PACKAGES} && rm -rf /var/lib/apt/lists/* && systemctl disable redis-server unicorn`,
];

/** A WSGI application that answers `ok`. */
export const WSGI = `def application(env, start): start('200 OK', []); return [b'ok']\n`;

/** uWSGI's ini for /srv/app.py: a master and two workers, all of www-data, on a port of the loopback; `more` lines follow. */
export function uwsgiIni(port: number, more = ''): string {
  return `[uwsgi]
plugins = python3
http-socket = 127.0.0.1:${port}
wsgi-file = /srv/app.py
master = true
processes = 2
uid = www-data
gid = www-data
${more}
`;
}

/** Writes a unit, starts it, and waits for as many processes of it as there must be (or any of several numbers). */
export async function startUnit(
  machine: LiveInstance,
  name: string,
  lines: readonly string[],
  ...processes: readonly number[]
): Promise<void> {
  await machine.write(`/etc/systemd/system/${name}.service`, `[Service]\n${lines.join('\n')}\n`);
  await machine.sh(`systemctl daemon-reload; systemctl restart ${name}`);
  await processesOf(machine, name, ...processes);
}

export async function processesOf(
  machine: LiveInstance,
  name: string,
  ...counts: readonly number[]
): Promise<void> {
  let seen: readonly number[] = [];
  try {
    await until('processes', async () => {
      seen = await pidsOf(machine, name);
      return counts.includes(seen.length);
    });
  } catch {
    const log = await machine.sh(`journalctl -u ${name} -n 30 --no-pager || true`);
    throw new Error(`${name} has ${seen.length} processes, not ${counts.join(' or ')}:\n${log}`);
  }
}

/** Processes in the cgroup of a unit (version 1 or 2), by pid. */
export async function pidsOf(machine: LiveInstance, name: string): Promise<readonly number[]> {
  const text = await machine.sh(
    `cat /sys/fs/cgroup/systemd/system.slice/${name}.service/cgroup.procs /sys/fs/cgroup/system.slice/${name}.service/cgroup.procs 2>/dev/null || true`,
  );
  return [...new Set(text.split('\n').filter(Boolean).map(Number))].toSorted((a, b) => a - b);
}
