import type { SocketFact } from '../../core/snapshot.ts';

type RawSocket = Omit<SocketFact, 'pids'>;

/** Include/net/tcp_states.h, in the order of its numbers; index 0 is unused. */
export const TCP_STATES = [
  'unknown',
  'established',
  'syn-sent',
  'syn-recv',
  'fin-wait-1',
  'fin-wait-2',
  'time-wait',
  'close',
  'close-wait',
  'last-ack',
  'listen',
  'closing',
  'new-syn-recv',
] as const;

/** One line of /proc/net/{tcp,tcp6,udp,udp6}: `kind` is the file's name, the rest its hex fields. */
export function inetSocket(
  kind: string,
  local: string,
  remote: string,
  stateHex: string,
  uid: number,
  inode: number,
  endian: 'little' | 'big',
): RawSocket {
  const protocol = kind.startsWith('tcp') ? 'tcp' : 'udp';
  const tcpState = TCP_STATES[Number.parseInt(stateHex, 16)] ?? 'unknown';
  const here = endpoint(local, endian);
  const there = endpoint(remote, endian);
  return {
    protocol,
    family: kind.endsWith('6') ? 'ipv6' : 'ipv4',
    state: socketState(protocol, tcpState),
    ...(protocol === 'tcp' && { tcpState }),
    localAddress: here.address,
    localPort: here.port,
    remoteAddress: there.address,
    remotePort: there.port,
    inode,
    uid,
  };
}

/** UDP shows 07 (close) for a bound socket without a peer, 01 for a connected one. */
function socketState(protocol: 'tcp' | 'udp', name: string): SocketFact['state'] {
  if (name === 'established') return 'established';
  return name === (protocol === 'udp' ? 'close' : 'listen') ? 'listen' : 'other';
}

/** One line of /proc/net/unix. Flag 0x10000 (SO_ACCEPTCON) marks a listener; type 2 is a datagram socket. */
export function unixSocket(
  flagsHex: string,
  typeHex: string,
  stateHex: string,
  inode: number,
  path: string,
): RawSocket {
  const listens = (Number.parseInt(flagsHex, 16) & 0x10000) !== 0 || Number.parseInt(typeHex, 16) === 2;
  return {
    protocol: 'unix',
    family: 'unix',
    state: listens ? 'listen' : Number.parseInt(stateHex, 16) === 3 ? 'established' : 'other',
    localAddress: path,
    localPort: 0,
    remoteAddress: '',
    remotePort: 0,
    inode,
    uid: 0,
  };
}

/** `0100007F:1F90` → 127.0.0.1:8080. Each 32-bit word is in the byte order of the machine. */
function endpoint(hex: string, endian: 'little' | 'big'): { address: string; port: number } {
  const [raw = '', port = ''] = hex.split(':');
  const bytes = Buffer.from(raw, 'hex');
  if ((bytes.length !== 4 && bytes.length !== 16) || port.length !== 4) {
    throw new Error(`not an address of /proc/net: ${JSON.stringify(hex)}`);
  }
  if (endian === 'little') bytes.swap32();
  const address = bytes.length === 4 ? bytes.join('.') : ipv6Text(bytes);
  return { address, port: Number.parseInt(port, 16) };
}

/** RFC 5952 text; IPv4-mapped addresses as `::ffff:10.0.0.1`. */
function ipv6Text(bytes: Buffer): string {
  if (bytes.subarray(0, 12).equals(MAPPED)) return `::ffff:${bytes.subarray(12).join('.')}`;
  const groups = Array.from({ length: 8 }, (_unused, index) => bytes.readUInt16BE(index * 2));
  const zeros = longestZeros(groups);
  if (zeros.length < 2) return hex(groups);
  return `${hex(groups.slice(0, zeros.start))}::${hex(groups.slice(zeros.start + zeros.length))}`;
}

function hex(groups: readonly number[]): string {
  return groups.map((group) => group.toString(16)).join(':');
}

const MAPPED = Buffer.from('00000000000000000000ffff', 'hex');

function longestZeros(groups: readonly number[]): { start: number; length: number } {
  let best = { start: 0, length: 0 };
  let start = 0;
  groups.forEach((group, index) => {
    if (group !== 0) {
      start = index + 1;
    } else if (index + 1 - start > best.length) {
      best = { start, length: index + 1 - start };
    }
  });
  return best;
}
