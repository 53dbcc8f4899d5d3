import { evidenceOf } from '../../src/checks/nearest-evidence.ts';
import type { Probe } from '../../src/core/verifier.ts';

/** Where sysctl.d(5) and sysctl.conf(5) are read from. */
const PLACES = [
  '/etc/sysctl.conf',
  '/etc/sysctl.d',
  '/run/sysctl.d',
  '/usr/local/lib/sysctl.d',
  '/usr/lib/sysctl.d',
];

/** What the files that set kernel parameters at boot say of one that is not as it should be. */
export async function writtenIn(name: string, probe: Probe): Promise<readonly string[]> {
  const pattern = name.replace(/[./]/g, '[./]').replace(/[+:@]/g, '[$&]');
  const script = `grep -rsE -e "$1" ${PLACES.join(' ')} || true`;
  const argv = ['/bin/sh', '-c', script, 'sh', `^[[:space:]]*-?${pattern}[[:space:]]*=`];
  const found = await evidenceOf('set at boot by', argv, probe);
  return found.length > 0
    ? [
        ...found,
        'cause: not in force: nobody has loaded these files (sysctl --system), or a later one sets it back',
      ]
    : ['cause: no file of sysctl.d sets it'];
}
