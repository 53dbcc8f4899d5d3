import { domainToASCII } from 'node:url';
import { canonical } from '../probe/system/netlink.ts';

/** Record types of RFC 1035, 3596, 2782, 8659 that checks ask for. */
export const RECORD_TYPES = {
  A: 1,
  NS: 2,
  CNAME: 5,
  SOA: 6,
  PTR: 12,
  MX: 15,
  TXT: 16,
  AAAA: 28,
  SRV: 33,
  CAA: 257,
} as const;

export type RecordType = keyof typeof RECORD_TYPES;

export interface DnsReply {
  /** NOERROR, NXDOMAIN, SERVFAIL, REFUSED … */
  readonly code: string;
  readonly isTruncated: boolean;
  /** Of the type asked for, at the end of aliases: `10 mail.example.com`, a text of TXT without quotes. */
  readonly records: readonly string[];
  /** The aliases that were followed. */
  readonly aliases: readonly string[];
  /** Seconds; the lowest of the records. */
  readonly ttl: number | undefined;
}

const CODES = ['NOERROR', 'FORMERR', 'SERVFAIL', 'NXDOMAIN', 'NOTIMP', 'REFUSED'] as const;

/** A query with recursion asked for. Throws for a name that is none. */
export function dnsQuery(name: string, type: RecordType, id: number): Buffer {
  const labels = asciiName(name).split('.').filter(Boolean);
  const parts = labels.map((label) => {
    const bytes = Buffer.from(label, 'latin1');
    if (bytes.length > 63) throw new Error(`${name}: a label is longer than 63 characters`);
    return Buffer.concat([Buffer.of(bytes.length), bytes]);
  });
  const head = Buffer.alloc(12);
  head.writeUInt16BE(id, 0);
  head.writeUInt16BE(0x0100, 2);
  head.writeUInt16BE(1, 4);
  const tail = Buffer.alloc(4);
  tail.writeUInt16BE(RECORD_TYPES[type], 0);
  tail.writeUInt16BE(1, 2);
  return Buffer.concat([head, ...parts, Buffer.of(0), tail]);
}

/** For PTR an address is turned into its name below in-addr.arpa or ip6.arpa. */
export function reverseName(address: string): string | undefined {
  if (/^\d+(\.\d+){3}$/.test(address)) return `${address.split('.').toReversed().join('.')}.in-addr.arpa`;
  if (!address.includes(':')) return undefined;
  const [head = '', tail] = canonical(address).split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = Array<string>(tail === undefined ? 0 : 8 - left.length - right.length).fill('0');
  const hex = [...left, ...zeros, ...right].map((group) => group.padStart(4, '0')).join('');
  return `${hex.split('').toReversed().join('.')}.ip6.arpa`;
}

/** Throws when it is not an answer to the query or is broken. */
export function dnsReply(message: Buffer, type: RecordType, id: number): DnsReply {
  if (message.length < 12 || message.readUInt16BE(0) !== id)
    throw new Error('not an answer to this question');
  const flags = message.readUInt16BE(2);
  if ((flags & 0x8000) === 0) throw new Error('not an answer');
  let at = 12;
  for (let i = 0; i < message.readUInt16BE(4); i += 1) at = nameAt(message, at).next + 4;
  const records: string[] = [];
  const aliases: string[] = [];
  const ttls: number[] = [];
  for (let i = 0; i < message.readUInt16BE(6); i += 1) {
    const { next } = nameAt(message, at);
    const found = message.readUInt16BE(next);
    const length = message.readUInt16BE(next + 8);
    const data = next + 10;
    if (data + length > message.length) throw new Error('the answer is cut');
    if (found === RECORD_TYPES[type]) {
      records.push(recordText(message, data, length, type));
      ttls.push(message.readUInt32BE(next + 4));
    } else if (found === RECORD_TYPES.CNAME) aliases.push(nameAt(message, data).name);
    at = data + length;
  }
  return {
    code: CODES[flags & 15] ?? `code ${flags & 15}`,
    isTruncated: (flags & 0x0200) !== 0,
    records,
    aliases,
    ttl: ttls.length === 0 ? undefined : Math.min(...ttls),
  };
}

function recordText(message: Buffer, at: number, length: number, type: RecordType): string {
  const end = at + length;
  switch (type) {
    case 'A':
      return message.subarray(at, end).join('.');
    case 'AAAA':
      return canonical(
        Array.from({ length: 8 }, (_, i) => message.readUInt16BE(at + 2 * i).toString(16)).join(':'),
      );
    case 'MX':
      return `${message.readUInt16BE(at)} ${nameAt(message, at + 2).name}`;
    case 'SRV': {
      const [priority, weight, port] = [0, 2, 4].map((offset) => message.readUInt16BE(at + offset));
      return `${priority} ${weight} ${port} ${nameAt(message, at + 6).name}`;
    }
    case 'TXT':
      return stringsOf(message.subarray(at, end)).join('');
    case 'CAA': {
      const tagLength = message[at + 1] ?? 0;
      const tag = message.toString('latin1', at + 2, at + 2 + tagLength);
      return `${message[at]} ${tag} "${message.toString('utf8', at + 2 + tagLength, end)}"`;
    }
    case 'SOA': {
      const server = nameAt(message, at);
      const mail = nameAt(message, server.next);
      const numbers = [0, 4, 8, 12, 16].map((offset) => message.readUInt32BE(mail.next + offset));
      return [server.name, mail.name, ...numbers].join(' ');
    }
    default:
      return nameAt(message, at).name;
  }
}

function stringsOf(bytes: Buffer): string[] {
  const found: string[] = [];
  for (let at = 0; at < bytes.length; at += 1 + (bytes[at] ?? 0))
    found.push(bytes.toString('utf8', at + 1, at + 1 + (bytes[at] ?? 0)));
  return found;
}

/** A name, whose end may be a pointer to an earlier one (RFC 1035, 4.1.4). */
function nameAt(message: Buffer, start: number): { name: string; next: number } {
  const labels: string[] = [];
  let next: number | undefined;
  for (let at = start, jumps = 0; jumps < 50; ) {
    const length = message.readUInt8(at);
    if (length >= 0xc0) {
      next ??= at + 2;
      at = message.readUInt16BE(at) & 0x3fff;
      jumps += 1;
    } else if (length === 0) {
      return { name: labels.join('.') || '.', next: next ?? at + 1 };
    } else {
      labels.push(message.toString('latin1', at + 1, at + 1 + length));
      at += 1 + length;
    }
    if (labels.length > 128) break;
  }
  throw new Error('a name in the answer has no end');
}

function asciiName(name: string): string {
  // Names such as _dmarc.example.com are no host names: only others are converted.
  return /^[\x20-\x7e]*$/.test(name) ? name : domainToASCII(name) || name;
}
