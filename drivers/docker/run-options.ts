import { shellWords } from './words.ts';

/** Flags of `docker run` and the option of ours that does the same. */
const FLAGS = {
  'add-host': 'extra_hosts',
  'cap-add': 'cap_add',
  'cap-drop': 'cap_drop',
  cgroupns: 'cgroupns_host',
  cpus: 'cpus',
  device: 'devices',
  dns: 'dns',
  'dns-search': 'dns_search',
  e: 'env',
  env: 'env',
  h: 'hostname',
  hostname: 'hostname',
  m: 'memory',
  memory: 'memory',
  net: 'network_mode',
  network: 'network_mode',
  p: 'publish',
  platform: 'docker_platform',
  privileged: 'privileged',
  publish: 'publish',
  'security-opt': 'security_opt',
  tmpfs: 'tmpfs',
  userns: 'user_ns_mode',
  v: 'volumes',
  volume: 'volumes',
} as const;

/** What an instance has or needs not, whatever a kitchen says. */
const UNNEEDED_FLAGS = ['d', 'detach', 'i', 'init', 'interactive', 'it', 'rm', 't', 'tty'];

const LISTS: readonly string[] = [
  'cap_add',
  'cap_drop',
  'devices',
  'dns',
  'dns_search',
  'env',
  'extra_hosts',
  'publish',
  'security_opt',
  'tmpfs',
  'volumes',
];

type Scalar = string | number | boolean | null;
export type GivenFlags = string | readonly string[] | Readonly<Record<string, Scalar | readonly Scalar[]>>;

export type RunOptions =
  /** Options of ours, as a kitchen would write them. */
  { readonly options: Readonly<Record<string, unknown>> } | { readonly message: string };

/**
 * `run_options` of kitchen-docker: a command line, a list of its words, or a mapping of flags (`{tmpfs: [/tmp],
 * cap-add: SYS_ADMIN}`), in our own options. Pure.
 */
export function readRunOptions(given: GivenFlags): RunOptions {
  const pairs = typeof given === 'string' || isWords(given) ? ofWords(given) : ofMapping(given);
  if (pairs === undefined) return { message: 'is not a command line: a quote is not closed' };
  const options: Record<string, unknown> = {};
  for (const [flag, value] of pairs) {
    if (UNNEEDED_FLAGS.includes(flag)) continue;
    const option = (FLAGS as Readonly<Record<string, string>>)[flag];
    if (option === undefined) {
      return { message: `has --${flag}, which is not supported; --${Object.keys(FLAGS).join(', --')} are` };
    }
    if (option === 'privileged') options[option] = value !== 'false';
    else if (option === 'cgroupns_host') options[option] = value === 'host';
    else if (option === 'cpus') options[option] = Number(value);
    else if (LISTS.includes(option)) options[option] = [...((options[option] as string[]) ?? []), value];
    else options[option] = value;
  }
  return { options };
}

function isWords(given: GivenFlags): given is readonly string[] {
  return Array.isArray(given);
}

type Pairs = (readonly [flag: string, value: string])[];

function ofMapping(given: Readonly<Record<string, Scalar | readonly Scalar[]>>): Pairs {
  return Object.entries(given).flatMap(([key, value]) => {
    const flag = key.replaceAll('_', '-');
    const values = Array.isArray(value) ? (value as readonly Scalar[]) : [value as Scalar];
    return values.map((one) => [flag, one === true || one === null ? '' : String(one)] as const);
  });
}

function ofWords(given: string | readonly string[]): Pairs | undefined {
  const lines = typeof given === 'string' ? [given] : given;
  const words: string[] = [];
  for (const line of lines) {
    const split = shellWords(line);
    if (split === undefined) return undefined;
    words.push(...split);
  }
  const pairs: Pairs = [];
  for (let at = 0; at < words.length; at += 1) {
    const [, flag = '', value] = /^--?([^=]+)(?:=(.*))?$/s.exec(words[at] ?? '') ?? [];
    const next = words[at + 1];
    if (value !== undefined || next === undefined || next.startsWith('-')) pairs.push([flag, value ?? '']);
    else {
      pairs.push([flag, next]);
      at += 1;
    }
  }
  return pairs;
}
