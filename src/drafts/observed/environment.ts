import { isDatabaseUrl, urlParts } from '../../checks/url-parts.ts';
import type { EnvironFact, Snapshot } from '../../core/snapshot.ts';
import type { Draft } from '../draft.ts';
import { reference } from '../reference.ts';
import type { Observed } from './observed.ts';
import type { ProcessGroup } from './process-groups.ts';

/** Set by shells, service managers and servers for their own use. */
const NOISE =
  /^(PATH|HOME|SHELL|USER|LOGNAME|PWD|OLDPWD|SHLVL|TERM|LANG|LANGUAGE|LC_\w+|TZ|MAIL|HOSTNAME|container|INVOCATION_ID|JOURNAL_STREAM|SYSTEMD_\w+|NOTIFY_SOCKET|LISTEN_\w+|MAINPID|MEMORY_PRESSURE_\w+|MANAGERPID|WATCHDOG_\w+|CREDENTIALS_DIRECTORY|(RUNTIME|STATE|CACHE|LOGS|CONFIGURATION)_DIRECTORY|DEBIAN_FRONTEND|SUDO_\w+|UWSGI_\w+|NGINX|SERVER_SOFTWARE|_|READ_ENV|XDG_\w+|DBUS_\w+|GALLEY_\w+|DAEMON_OPTS|OPTIONS|EXTRA_OPTS|DPKG_\w+|PERL5LIB|OOM_SCORE_ADJ|ANSIBLE_\w+|KITCHEN_\w+)$/;
const MOST = 40;
/** Words that are no secret wherever they stand. */
const MODE =
  /^(production|staging|development|test|debug|info|warning|error|true|false|on|off|yes|no|utf-8)$/i;
const MODE_KEY = /(^|_)(ENV|ENVIRONMENT|MODE|DEBUG|LEVEL)$/;

/** The processes whose environment matters: workers where there are any. */
function selected({ processes, workers }: ProcessGroup): ProcessGroup['processes'] {
  return workers.length > 0 ? workers : processes;
}

/** Names of variables that all of them have, and that are worth a check. */
export function reportedVariables(group: ProcessGroup, first: Snapshot): readonly string[] {
  const lists = selected(group).map(({ pid }) => {
    const fact = first.environ.find((one) => one.pid === pid && one.key === '*');
    return new Set((fact?.live ?? fact?.atExec ?? '').split('\n').filter((name) => name !== ''));
  });
  const [some, ...others] = lists;
  if (!some) return [];
  return [...some]
    .filter((name) => !NOISE.test(name) && others.every((one) => one.has(name)))
    .toSorted()
    .slice(0, MOST);
}

/** A check for each variable. Values that could be secret are never written. */
export function environment(observed: Observed): readonly Draft[] {
  return observed.groups.flatMap((group) =>
    reportedVariables(group, observed.first).flatMap((key) => variable(group, key, observed)),
  );
}

function variable(group: ProcessGroup, key: string, { second, companions }: Observed): readonly Draft[] {
  const pids = new Set(selected(group).map(({ pid }) => pid));
  const facts = second.environ.filter((one) => one.key === key && pids.has(one.pid));
  const values = new Set(facts.map(valueOf));
  const [value] = values;
  if (values.size !== 1 || typeof value !== 'string') return [];
  const of = {
    process: group.name,
    ...(group.unit !== undefined && { unit: group.unit }),
    ...(group.workers.length > 0 && { role: 'worker' }),
  };
  // What libc cannot be asked for is known from the block at start alone.
  const source = facts.some(({ live }) => typeof live !== 'string') ? { source: 'exec' } : {};
  const env = {
    of: group.unit !== undefined && typeof group.selector === 'string' ? without(of, 'unit') : of,
    key,
  };
  return [{ comments: [], item: { env, ...wanted(key, value, companions), ...source } }];
}

function valueOf(fact: EnvironFact): string | null | undefined {
  return fact.live ?? fact.atExec;
}

function without(given: Readonly<Record<string, string>>, key: string): Record<string, string> {
  return Object.fromEntries(Object.entries(given).filter(([name]) => name !== key));
}

/** The whole value by reference, the harmless parts of a URL, a word, or that it is set at all. */
function wanted(key: string, value: string, companions: Observed['companions']): Record<string, unknown> {
  for (const [name, address] of Object.entries(companions)) {
    if (value === address.url) return { value: reference(`services.${name}.url`) };
    if (value === address.password) return { value: reference(`services.${name}.password`) };
  }
  const url = urlParts(value);
  if (url) {
    const isDatabase = isDatabaseUrl(url.scheme);
    const { scheme, host, port, user, db } = url;
    return {
      url: {
        scheme,
        ...(host !== '' && { host }),
        ...(port !== undefined && { port }),
        ...(isDatabase && user !== undefined && user !== '' && { user }),
        ...(isDatabase && db !== undefined && { db }),
      },
    };
  }
  if (MODE_KEY.test(key) && MODE.test(value)) return { value };
  return {};
}
