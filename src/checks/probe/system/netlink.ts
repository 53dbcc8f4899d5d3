import { isIPv4, isIPv6 } from 'node:net';
import type { InterfaceFact, RouteFact } from '../../../core/system-facts.ts';

/** One message of an rtnetlink dump: its fixed part and its attributes by number. */
interface Message {
  readonly type: number;
  readonly head: Buffer;
  readonly attributes: ReadonlyMap<number, Buffer>;
}

type Endian = 'little' | 'big';

/** Sizes of ifinfomsg, ifaddrmsg and rtmsg, by the type of the answer (RTM_NEWLINK, RTM_NEWADDR, RTM_NEWROUTE). */
const HEADS: Readonly<Record<number, number>> = { 16: 16, 20: 8, 24: 12 };

/** Reads dumps as rtnetlink(7) lays them out. Pure. */
function messagesOf(dumps: readonly Buffer[], endian: Endian): Message[] {
  return dumps.flatMap((dump) => {
    const found: Message[] = [];
    for (let at = 0; at + 16 <= dump.length; ) {
      const length = u32(dump, at, endian);
      const type = u16(dump, at + 4, endian);
      if (length < 16) break;
      const size = HEADS[type];
      if (size !== undefined) {
        const body = dump.subarray(at + 16, at + length);
        const attributes = attributesOf(body.subarray(size), endian);
        found.push({ type, head: body.subarray(0, size), attributes });
      }
      at += (length + 3) & ~3;
    }
    return found;
  });
}

function attributesOf(bytes: Buffer, endian: Endian): Map<number, Buffer> {
  const found = new Map<number, Buffer>();
  for (let at = 0; at + 4 <= bytes.length; ) {
    const length = u16(bytes, at, endian);
    if (length < 4) break;
    // The two highest bits are flags (nested, byte order).
    found.set(u16(bytes, at + 2, endian) & 0x3fff, bytes.subarray(at + 4, at + length));
    at += (length + 3) & ~3;
  }
  return found;
}

/** operstate of linux/if.h (RFC 2863). */
export const LINK_STATES = [
  'unknown',
  'not-present',
  'down',
  'lower-layer-down',
  'testing',
  'dormant',
  'up',
] as const;

export function interfacesOf(
  links: readonly Buffer[],
  addresses: readonly Buffer[],
  endian: Endian,
): InterfaceFact[] {
  const all = messagesOf(addresses, endian).map(({ head, attributes }) => {
    // IFA_LOCAL is the own end of a point-to-point link, where IFA_ADDRESS is the other.
    const address = attributes.get(2) ?? attributes.get(1);
    return {
      index: u32(head, 4, endian),
      text: address === undefined ? '' : `${addressText(address)}/${head[1]}`,
    };
  });
  return messagesOf(links, endian).map(({ head, attributes }) => {
    const index = u32(head, 4, endian);
    const mtu = attributes.get(4);
    return {
      index,
      name: (attributes.get(3) ?? Buffer.alloc(0)).toString('utf8').replace(/\0.*$/s, ''),
      // IFF_UP
      up: (u32(head, 8, endian) & 1) === 1,
      state: LINK_STATES[attributes.get(16)?.[0] ?? 0] ?? 'unknown',
      mtu: mtu === undefined ? 0 : u32(mtu, 0, endian),
      mac: (attributes.get(1) ?? Buffer.alloc(0)).toString('hex').replace(/(..)(?=.)/g, '$1:'),
      addresses: all.filter((one) => one.index === index && one.text !== '').map((one) => one.text),
    };
  });
}

/** RTN_* and RT_TABLE_* of linux/rtnetlink.h. */
const TYPES: Readonly<Record<number, string>> = {
  1: 'unicast',
  2: 'local',
  3: 'broadcast',
  4: 'anycast',
  5: 'multicast',
  6: 'blackhole',
  7: 'unreachable',
  8: 'prohibit',
};
const TABLES: Readonly<Record<number, string>> = { 253: 'default', 254: 'main', 255: 'local' };

/** Routes that were cached by the kernel (RTM_F_CLONED) are left out. */
export function routesOf(
  dumps: readonly Buffer[],
  interfaces: readonly InterfaceFact[],
  endian: Endian,
): RouteFact[] {
  return messagesOf(dumps, endian)
    .filter(({ head }) => (u32(head, 8, endian) & 0x200) === 0 && (head[0] === 2 || head[0] === 10))
    .map(({ head, attributes }) => {
      const family = head[0] === 10 ? 'ipv6' : 'ipv4';
      const [to, table, metric, out, via] = [1, 15, 6, 4, 5].map((n) => attributes.get(n));
      const hop = via ?? firstHop(attributes.get(9), endian);
      const index = out && u32(out, 0, endian);
      const source = attributes.get(7);
      const number = table ? u32(table, 0, endian) : (head[4] ?? 0);
      return {
        to: to === undefined ? 'default' : `${addressText(to)}/${head[1]}`,
        family,
        via: hop && addressText(hop),
        interface: interfaces.find((one) => one.index === index)?.name,
        metric: metric ? u32(metric, 0, endian) : 0,
        source: source && addressText(source),
        table: TABLES[number] ?? String(number),
        type: TYPES[head[7] ?? 0] ?? String(head[7]),
      };
    });
}

/** The gateway of the first of several hops (RTA_MULTIPATH holds rtnexthop structures of 8 bytes). */
function firstHop(multipath: Buffer | undefined, endian: Endian): Buffer | undefined {
  if (multipath === undefined || multipath.length < 8) return undefined;
  return attributesOf(multipath.subarray(8, u16(multipath, 0, endian)), endian).get(5);
}

function addressText(bytes: Buffer): string {
  if (bytes.length === 4) return bytes.join('.');
  if (bytes.length !== 16) return bytes.toString('hex');
  const groups = Array.from({ length: 8 }, (_, i) => bytes.readUInt16BE(i * 2).toString(16));
  return canonical(groups.join(':'));
}

/** An address in its one shortest form; other texts as they are. */
export function canonical(text: string): string {
  if (isIPv4(text) || !isIPv6(text)) return text;
  return new URL(`http://[${text.replace(/%.*$/, '')}]`).hostname.slice(1, -1);
}

function u16(bytes: Buffer, at: number, endian: Endian): number {
  return endian === 'big' ? bytes.readUInt16BE(at) : bytes.readUInt16LE(at);
}

function u32(bytes: Buffer, at: number, endian: Endian): number {
  return endian === 'big' ? bytes.readUInt32BE(at) : bytes.readUInt32LE(at);
}
