import type { BenchKitchen } from './kitchen.ts';

const FILES = ['passwd', 'group', 'hostname', 'shells', 'profile', 'debian_version'];
const DAEMONS = ['systemd', 'systemd-journald', 'systemd-logind', 'cron', 'dbus-daemon'];
const UNITS = ['cron', 'dbus', 'systemd-journald', 'systemd-logind'];

/** Must not exist; the proof makes it, and verify must fail. */
export const FORBIDDEN = '/srv/galley-bench';

/** A hundred checks of five types, all of which pass on a bare Debian with systemd. */
function hundredChecks(): readonly object[] {
  const checks: object[] = [
    { file: FORBIDDEN, exists: false, id: 'first' },
    ...FILES.flatMap((name) => [
      { file: `/etc/${name}`, owner: 'root', mode: { present: true } },
      { file: `/etc/${name}`, content: { present: true } },
    ]),
    ...DAEMONS.map((process) => ({ process })),
    ...DAEMONS.map((process) => ({ process, user: { present: true }, count: { gte: 1 } })),
    ...UNITS.map((service) => ({ service })),
    ...UNITS.map((service) => ({ service, enabled: { present: true } })),
  ];
  for (let port = 7000; checks.length < 80; port += 1) checks.push({ port, listening: false });
  for (let n = 0; checks.length < 100; n += 1) checks.push({ file: `/nowhere/${n}`, exists: false });
  return checks.map((check, n) => ({ id: `check-${n}`, ...check }));
}

/** What a hundred checks cost more than one. The peer has no checks of its own to compare with. */
export const checks: BenchKitchen = {
  name: 'checks',
  folders: [],
  platforms: ['debian-12'],
  instances: ['default-debian-12'],
  main: 'default-debian-12',
  forGalley: () => ({
    driver: { name: 'docker', init: 'systemd' },
    provisioner: { name: 'chef_infra' },
    platforms: [{ name: 'debian-12' }],
    suites: [{ name: 'default', run_list: [], verifier: { checks: hundredChecks() } }],
  }),
};
