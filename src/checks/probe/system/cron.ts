import type { CronFact } from '../../../core/system-facts.ts';
import { CRON_FOLDERS } from './plan.ts';
import { failureOf, type Ran, type SystemRows } from './rows.ts';

/** All jobs of cron and systemd's timers. `error`: something there could not be read. Pure. */
export function cronOf(
  rows: SystemRows,
): { readonly cron: readonly CronFact[] } | { readonly error: string } | undefined {
  const timers = rows.command('timers');
  if (timers === undefined) return undefined;
  const withUser = [...rows.files('/etc/crontab'), ...rows.files('/etc/cron.d/*')];
  const own = ['/var/spool/cron/crontabs/*', '/var/spool/cron/*', '/etc/crontabs/*'].flatMap((glob) =>
    rows.files(glob),
  );
  const files = [...withUser, ...own];
  const bad = files.find((file) => file.error !== undefined || file.isCut);
  if (bad) return { error: `${bad.path}: ${bad.error ?? 'larger than 256 KiB'}` };
  const folders = CRON_FOLDERS.map((path) => ({ path, folder: rows.folder(path) }));
  const closed = folders.find(({ folder }) => folder?.error !== undefined);
  if (closed) return { error: `${closed.path}: ${closed.folder?.error}` };
  const why = failureOf(timers, 'systemctl show');
  if (why !== undefined) return { error: why };
  const seen = new Set<string>();
  const once = own.filter((file) => {
    const name = file.path.slice(file.path.lastIndexOf('/') + 1);
    const key = `${name}\n${file.content ?? ''}`;
    // /etc/crontabs is where Alpine's /var/spool/cron/crontabs points to.
    return !seen.has(key) && seen.add(key) !== undefined;
  });
  return {
    cron: [
      ...withUser.flatMap((file) => crontab(file.path, file.content ?? '', undefined)),
      ...once.flatMap((file) => crontab(file.path, file.content ?? '', file.path.replace(/.*\//, ''))),
      ...folders.flatMap(({ path, folder }) => scripts(path, folder?.names ?? [], folder?.executables ?? [])),
      ...timersOf(timers),
    ],
  };
}

/** crontab(5); `user`: of the whole file, else each line names one. */
export function crontab(path: string, text: string, user: string | undefined): CronFact[] {
  const ignored =
    path.startsWith('/etc/cron.d/') && !/^[\w-]+$/.test(path.replace(/.*\//, ''))
      ? 'cron leaves out files of /etc/cron.d with other than letters, digits, _ and - in their name'
      : undefined;
  return text.split('\n').flatMap((line) => {
    const fields = user === undefined ? '(\\S+)\\s+' : '';
    const found = new RegExp(`^\\s*(@\\w+|[\\d*][^\\s=]*(?:\\s+\\S+){4})\\s+${fields}(\\S.*)$`).exec(line);
    if (!found) return [];
    const [schedule = '', second = '', third = ''] = found.slice(1);
    return {
      schedule: schedule.replace(/\s+/g, ' '),
      user: user ?? second,
      command: (user === undefined ? third : second).trim(),
      file: path,
      kind: 'crontab' as const,
      ...(ignored !== undefined && { ignored }),
    };
  });
}

/** Of the folders of run-parts(8): names with a dot and files that are not executable never run. */
function scripts(path: string, names: readonly string[], executables: readonly string[]): CronFact[] {
  return names
    .filter((name) => !name.startsWith('.'))
    .map((name) => ({
      schedule: `@${path.replace(/.*\./, '')}`,
      user: 'root',
      command: `${path}/${name}`,
      file: `${path}/${name}`,
      kind: 'folder',
      ...(!executables.includes(name)
        ? { ignored: 'it is not executable' }
        : !/^[\w-]+$/.test(name) && {
            ignored: 'run-parts leaves out names with other than letters, digits, _ and -',
          }),
    }));
}

function timersOf(ran: Ran): CronFact[] {
  const [timers = '', units = ''] = ran.text.split('\n-----\n');
  const commands = new Map(blocks(units).map((unit) => [unit.get('Id')?.[0], unit]));
  return blocks(timers).flatMap((timer): CronFact[] => {
    const name = timer.get('Id')?.[0];
    if (name === undefined) return [];
    const unit = commands.get(timer.get('Unit')?.[0]);
    const schedules = [...(timer.get('TimersCalendar') ?? []), ...(timer.get('TimersMonotonic') ?? [])];
    const state = timer.get('ActiveState')?.[0];
    return [
      {
        schedule: schedules
          .flatMap((text) => /\{ (\S+=.*?) ;/.exec(text)?.[1]?.replace(/^OnCalendar=/, '') ?? [])
          .join(', '),
        user: unit?.get('User')?.[0] || 'root',
        command: /argv\[\]=(.*?) ;/.exec(unit?.get('ExecStart')?.[0] ?? '')?.[1] ?? '',
        file: name,
        kind: 'timer',
        ...(state !== 'active' && { ignored: `the timer is ${state ?? 'not loaded'}` }),
      },
    ];
  });
}

/** Blocks of `systemctl show`: a key may come several times. */
function blocks(text: string): Map<string, string[]>[] {
  return text
    .split(/\n\n+/)
    .filter((block) => block.includes('='))
    .map((block) => {
      const found = new Map<string, string[]>();
      for (const line of block.split('\n')) {
        const at = line.indexOf('=');
        if (at > 0)
          found.set(line.slice(0, at), [...(found.get(line.slice(0, at)) ?? []), line.slice(at + 1)]);
      }
      return found;
    });
}
