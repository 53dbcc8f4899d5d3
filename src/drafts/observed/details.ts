import { redactText } from '../../checks/redact.ts';
import type { CronFact } from '../../core/system-facts.ts';
import type { Draft } from '../draft.ts';
import { type Observed, openPorts } from './observed.ts';
import { filesOf } from './resources.ts';

/** Units that run or start with the machine, of those that run our processes or that Chef was told of. */
export function services({ second }: Observed): readonly Draft[] {
  const names = new Set<string>();
  const distinct = second.units.filter(({ unit }) => {
    const name = unit.replace(/\.service$/, '');
    return !names.has(name) && names.add(name);
  });
  return distinct.flatMap(({ unit, known, active, enabled, manager, sub }): readonly Draft[] => {
    if (!known || manager === 'none') return [];
    const isEnabled = enabled.startsWith('enabled');
    const name = unit.replace(/\.service$/, '');
    if (active === 'active') {
      const comments = sub === 'exited' ? ['it ran once and ended, as such units do'] : [];
      return [{ comments, item: { service: name, active: true, ...(isEnabled && { enabled: true }) } }];
    }
    const comments = [`it is ${active}: decide what it should be`];
    return [{ comments, item: { service: name, active: true }, isOptional: true }];
  });
}

/** Timers and jobs that every Debian or Red Hat has. */
const COMMON_JOBS =
  /apt-daily|dpkg-db-backup|e2scrub|fstrim|logrotate|man-db|systemd-tmpfiles|motd-news|run-parts|anacron|popularity|sessionclean|unbound-anchor|mlocate|updatedb|dnf-makecache|debian-sa1|0hourly|raid-check|passwd\.cron/;

export function jobs({ first }: Observed): readonly Draft[] {
  return (first.cron ?? []).flatMap((job): readonly Draft[] => {
    if (job.ignored !== undefined || job.kind === 'folder' || COMMON_JOBS.test(`${job.command} ${job.file}`))
      return [];
    if (/^@?\s*$/.test(job.schedule)) return [];
    return [{ comments: [], item: { cron: selectorOf(job), schedule: job.schedule } }];
  });
}

/** Commands can have passwords in them: what begins with the first option, or is no plain word, is left out. */
function selectorOf({ command, user, file, kind }: CronFact): Record<string, unknown> {
  if (kind === 'timer') return { file };
  const words = command.trim().split(/\s+/);
  const end = words.findIndex((word, at) => at > 0 && !/^[\w./][\w./-]{0,30}$/.test(word));
  const plain = (end === -1 ? words : words.slice(0, end)).join(' ');
  const isSafe = redactText(plain) === plain && plain !== '';
  return { ...(isSafe ? { command: plain } : { file }), ...(user !== undefined && { user }) };
}

/** Servers that speak TLS, and certificates that Chef put on the machine. */
export function certificates(observed: Observed): readonly Draft[] {
  const https = new Set(observed.answers.filter(({ scheme }) => scheme === 'https').map(({ port }) => port));
  const isOpen = (port: number): boolean =>
    openPorts(observed.first, observed.groups).some((one) => one.port === port);
  const served = [...https].filter(isOpen).map((port) => ({ cert: `localhost:${port}`, from: 'instance' }));
  const files = filesOf(observed.resources)
    .filter((path) => /\.(pem|crt|cer|cert)$/.test(path))
    .map((cert) => ({ cert }));
  return [...served, ...files].map((place) => ({
    comments: [],
    item: { ...place, valid: true, daysLeft: { gt: 14 } },
  }));
}
