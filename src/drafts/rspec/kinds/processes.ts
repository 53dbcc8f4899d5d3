import { asText, jsPattern, literal, pattern, Unfit } from '../../values.ts';
import { flag, type Kind, onlyValue, options, type Part, properties, text, type Word } from '../kind.ts';
import { Pattern } from '../value.ts';

export const service: Kind = {
  select: (args) => ({ service: text(args[0], 'the name') }),
  its: (property) => {
    const name = /^params\.(\w+)$/.exec(property)?.[1];
    return name === undefined ? undefined : { path: ['unitProps', name], shape: 'any' };
  },
  words: {
    be_installed: (_written, isPositive) => [{ path: ['exists'], value: isPositive }],
    be_running: flag('active'),
    be_enabled: flag('enabled'),
  },
  // Whether it runs is asked only where the source asks it.
  rest: (paths) =>
    paths.has('active') || paths.has('exists') ? [] : [{ path: ['active'], value: { present: true } }],
};

const listening: Word = ({ chain }, isPositive) => {
  const parts = chain.flatMap(({ name, args }) => {
    if (name === 'with')
      return /^(tcp|udp)6?$/.test(String(args[0])) ? protocol(String(args[0])) : refuse(name);
    return name === 'on' && isPositive
      ? [{ path: ['address'], value: [literal(String(args[0]), 'plain')] }]
      : refuse(name);
  });
  return [{ path: ['listening'], value: isPositive }, ...parts];
};

function refuse(name: string): never {
  throw new Unfit(`no equal of .${name}`);
}

function protocol(name: string): readonly Part[] {
  return [
    ...(name.startsWith('udp') ? [{ path: ['protocol'], value: 'udp' }] : []),
    ...(name.endsWith('6') ? [{ path: ['family'], value: 'ipv6' }] : []),
  ];
}

export const port: Kind = {
  select: (args) => {
    const [first, second] = args;
    const number = Number(second ?? first);
    if (!Number.isInteger(number)) throw new Unfit('the number of the port must be literal');
    return { port: number, ...(second !== undefined && { address: [text(first, 'the address')] }) };
  },
  its: properties({
    addresses: ['address', 'plain list'],
    processes: ['owner.name', 'list'],
    pids: ['owner.pid', 'list'],
  }),
  expect: (property, written, isPositive) => {
    if (property !== 'protocols') return undefined;
    const name = onlyValue(written);
    if (!isPositive || name === undefined || !/^(tcp|udp)6?$/.test(name))
      throw new Unfit('expected one protocol');
    return [{ path: ['listening'], value: true }, ...protocol(name)];
  },
  words: { be_listening: listening },
};

/** Lists with one value for each process. */
const OF_ALL: Readonly<Record<string, string>> = { users: 'user', commands: 'args', states: 'state' };

/** A name as InSpec takes it: a whole program name; anything with more in it is looked for in the command line. */
export const processes: Kind = {
  select: ([given]) => {
    if (given instanceof Pattern) {
      const made = jsPattern(given.source, given.flags, 'text');
      return { process: { args: pattern(made.source, made.flags, 'text') } };
    }
    const name = text(given, 'the name');
    if (/^[\w.@+-]+$/.test(name)) return { process: name };
    const own = /^\/(?:[^/\s]+\/)*([^/\s]+)$/.exec(name)?.[1];
    return own === undefined
      ? { process: { args: { contains: name } } }
      : { process: own, exe: literal(name, 'plain') };
  },
  its: properties({
    user: ['user', 'text'],
    count: ['count', 'number'],
    'entries.length': ['count', 'number'],
    'entries.count': ['count', 'number'],
    'list.length': ['count', 'number'],
    'pids.length': ['count', 'number'],
    'pids.count': ['count', 'number'],
    args: ['args', 'text'],
  }),
  expect: (property, written, isPositive) => {
    const attribute = Object.hasOwn(OF_ALL, property) ? OF_ALL[property] : undefined;
    if (attribute === undefined) return undefined;
    const value = onlyValue(written);
    if (value === undefined) throw new Unfit('only one value, that of all of them, has an equal');
    const made = literal(value, 'text');
    if (written.name === 'include') return [{ path: [isPositive ? 'any' : 'none', attribute], value: made }];
    if (written.name !== 'eq' && written.name !== 'cmp') throw new Unfit(`no equal of ${written.name} here`);
    return [{ path: [attribute], value: isPositive ? made : { not: made } }];
  },
  words: { exist: flag('running'), be_running: flag('running') },
};

export const command: Kind = {
  select: (args) => ({ command: text(args[0], 'the command') }),
  its: properties({
    stdout: ['stdout', 'long'],
    stderr: ['stderr', 'long'],
    exit_status: ['exit', 'number'],
  }),
  // Any exit status will do where the source does not ask for it.
  rest: (paths) => (paths.has('exit') ? [] : [{ path: ['exit'], value: { gte: 0 } }]),
};

export const bash: Kind = { ...command, select: (args) => ({ ...command.select(args), shell: 'bash' }) };

export const cron: Kind = {
  select: (args) => {
    const { user, path } = options(args);
    const own = typeof args[0] === 'string' ? args[0] : undefined;
    return {
      cron: {
        ...(path !== undefined && { file: text(path, 'the path') }),
        ...((user ?? own) !== undefined && { user: text(user ?? own, 'the user') }),
      },
    };
  },
  expect: (property, written, isPositive) => {
    if (property !== 'commands') return undefined;
    const job = onlyValue(written);
    if (job === undefined) throw new Unfit('expected one command');
    return [
      { path: ['cron', 'command'], value: job },
      { path: ['exists'], value: isPositive },
    ];
  },
  words: {
    have_entry: ({ args, chain }, isPositive) => {
      const [, schedule, job] =
        /^\s*(@\w+|(?:\S+\s+){4}\S+)\s+(.+?)\s*$/.exec(text(args[0], 'the entry')) ?? [];
      if (schedule === undefined || job === undefined)
        throw new Unfit('an entry is five fields and a command');
      const user = chain.find(({ name }) => name === 'with_user')?.args[0];
      const selector = [
        { path: ['cron', 'command'], value: job },
        ...(user === undefined ? [] : [{ path: ['cron', 'user'], value: asText(user) }]),
      ];
      if (!isPositive) return [...selector, { path: ['exists'], value: false }];
      return [...selector, { path: ['schedule'], value: schedule.replaceAll(/\s+/g, ' ') }];
    },
  },
};
