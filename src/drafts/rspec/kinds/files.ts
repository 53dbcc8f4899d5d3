import { literal, negated, Unfit } from '../../values.ts';
import { flag, given, type Kind, options, properties, text, valued, type Word } from '../kind.ts';
import type { Written } from '../matcher.ts';

const BITS = (written: Written, isPositive: boolean) => {
  const [value] = written.args;
  const digits =
    typeof value === 'object' && value !== null && 'digits' in value ? String(value.digits) : String(value);
  if (!/^0?[0-7]{3,4}$/.test(digits)) throw new Unfit('these are no permission bits');
  const mode = digits.padStart(4, '0').slice(-4);
  return [{ path: ['mode'], value: isPositive ? mode : negated(mode) }];
};

/** Which of the last three octal digits is whose. */
const DIGIT: Readonly<Record<string, number>> = { owner: 0, user: 0, group: 1, others: 2, other: 2 };
const BIT: Readonly<Record<string, string>> = { readable: '4567', writable: '2367', executable: '1357' };

/**
 * `be_writable.by('group')` by the digits of the mode, `be_readable.by_user('x')` and `be_allowed('read', by_user: 'x')`
 * by trying it as that user.
 */
function access(kind: 'readable' | 'writable' | 'executable'): Word {
  return ({ args, chain }, isPositive) => {
    const [call, ...more] = chain;
    const user = call?.name === 'by_user' ? call.args[0] : options(args)['by_user'];
    if (typeof user === 'string') {
      if (kind !== 'readable') throw new Unfit(`no equal of ${kind} by a user: there is readableBy`);
      return [{ path: [isPositive ? 'readableBy' : 'unreadableBy'], value: user }];
    }
    const by = call?.name === 'by' ? call.args[0] : options(args)['by'];
    const digit = typeof by === 'string' ? DIGIT[by] : undefined;
    if (more.length > 0 || (digit === undefined && (call !== undefined || args.length > 0)))
      throw new Unfit(`no equal of whom it is ${kind} by`);
    const bits = `[${BIT[kind]}]`;
    const found = { matches: digit === undefined ? `/^.\\d*${bits}/` : `/^.${'.'.repeat(digit)}${bits}/` };
    return [{ path: ['mode'], value: isPositive ? found : negated(found) }];
  };
}

const allowed: Word = (written, isPositive) => {
  const [what, ...rest] = written.args;
  const kind = ({ read: 'readable', write: 'writable', execute: 'executable' } as const)[
    String(what) as 'read'
  ];
  if (kind === undefined) throw new Unfit('be_allowed takes read, write or execute');
  return access(kind)({ ...written, args: rest }, isPositive);
};

const contain: Word = (written, isPositive) => {
  if (written.chain.length > 0)
    throw new Unfit('no equal of a part of a file: match a pattern over several lines');
  const [value] = written.args;
  const made = typeof value === 'string' ? { contains: value } : undefined;
  if (made === undefined) throw new Unfit('write its("content") { should match … }');
  return [{ path: ['content'], value: isPositive ? made : negated(made) }];
};

const WORDS: NonNullable<Kind['words']> = {
  exist: flag('exists'),
  be_file: valued('type', 'file'),
  be_directory: valued('type', 'directory'),
  be_symlink: valued('type', 'symlink'),
  be_socket: valued('type', 'socket'),
  be_pipe: valued('type', 'fifo'),
  be_block_device: valued('type', 'block'),
  be_character_device: valued('type', 'char'),
  be_owned_by: given('owner', 'text'),
  be_grouped_into: given('group', 'text'),
  be_linked_to: given('target', 'plain'),
  be_mode: BITS,
  have_mode: BITS,
  be_readable: access('readable'),
  be_writable: access('writable'),
  be_executable: access('executable'),
  be_allowed: allowed,
  contain,
};

const ITS = properties({
  content: ['content', 'long'],
  mode: ['mode', 'mode'],
  owner: ['owner', 'text'],
  group: ['group', 'text'],
  uid: ['uid', 'number'],
  gid: ['gid', 'number'],
  size: ['size', 'number'],
  type: ['type', 'text'],
  link_path: ['target', 'plain'],
  link_target: ['target', 'plain'],
  sha256sum: ['sha256', 'text'],
});

function path(args: readonly unknown[]): string {
  return text(args[0], 'the path');
}

export const file: Kind = { select: (args) => ({ file: path(args) }), its: ITS, words: WORDS };

export const directory: Kind = {
  select: (args) => ({ file: path(args) }),
  its: ITS,
  words: {
    ...WORDS,
    exist: (_written, isPositive) =>
      isPositive ? [{ path: ['type'], value: 'directory' }] : [{ path: ['exists'], value: false }],
  },
};

/** `json('/x.json')`, whose `its('a.b')` and `its(['a', 0])` look into the file. */
export function structured(format: 'json' | 'yaml' | 'toml' | 'ini'): Kind {
  return {
    select: (args) => {
      const given = options(args);
      if (format === 'json' && typeof given['command'] === 'string') return { command: given['command'] };
      return { file: path(args) };
    },
    its: (property) => ({ path: [format, property], shape: 'any' }),
    words: { exist: flag('exists') },
  };
}

export const certificate: Kind = {
  select: (args) => ({ cert: text(options(args)['filepath'] ?? args[0], 'the path') }),
  its: properties({
    validity_in_days: ['daysLeft', 'number'],
    'subject.CN': ['cn', 'text'],
    key_length: ['keyBits', 'number'],
    subject_alt_names: ['san', 'list'],
  }),
  words: { exist: flag('exists'), be_certificate: flag('exists'), be_valid: flag('valid') },
};

export const mount: Kind = {
  select: (args) => ({ mount: path(args) }),
  its: properties({ device: ['source', 'plain'], type: ['fs', 'text'], options: ['options', 'list'] }),
  words: {
    be_mounted: (written, isPositive) => {
      const given = options(written.chain.find(({ name }) => name === 'with')?.args ?? []);
      const { type, device, ...others } = given;
      if (Object.keys(others).length > 0 || (!isPositive && written.chain.length > 0))
        throw new Unfit('no equal of these options');
      return [
        { path: ['mounted'], value: isPositive },
        ...(type === undefined ? [] : [{ path: ['fs'], value: literal(type, 'text') }]),
        ...(device === undefined ? [] : [{ path: ['source'], value: literal(device, 'plain') }]),
      ];
    },
  },
};
