import { MAX_BYTES } from '../src/config/read-layer.ts';

export interface HostileKitchen {
  readonly what: string;
  /** Files by name; `kitchen.yml` is among them. */
  readonly files: Readonly<Record<string, string | Uint8Array>>;
  /** What `galley list` says to it. */
  readonly says: RegExp;
  readonly exitCode: number;
}

const MATRIX = 'platforms: [{name: p}]\nsuites: [{name: s}]\n';
const CONFIG_ERROR = 2;

const numbered = (count: number, line: (at: number) => string): string =>
  Array.from({ length: count }, (_, at) => line(at)).join('\n');

function refused(what: string, content: string | Uint8Array, says: RegExp): HostileKitchen {
  return { what, files: { 'kitchen.yml': content }, says, exitCode: CONFIG_ERROR };
}

function accepted(what: string, content: string | Uint8Array, says: RegExp): HostileKitchen {
  return { what, files: { 'kitchen.yml': content }, says, exitCode: 0 };
}

function bomb(levels: number, width: number): string {
  const first = `a0: &a0 [${Array.from({ length: width }, () => 'x').join(', ')}]`;
  const rest = numbered(levels - 1, (at) => {
    const items = Array.from({ length: width }, () => `*a${at}`).join(', ');
    return `a${at + 1}: &a${at + 1} [${items}]`;
  });
  return `${first}\n${rest}\n${MATRIX}`;
}

/** The largest file that is read, filled with small values. */
function largest(): string {
  const row = (at: number): string => `  k${String(at).padStart(6, '0')}: [1, {a: b}, "text"]`;
  return `${MATRIX}x-data:\n${numbered(Math.floor((MAX_BYTES - 100) / (row(0).length + 1)), row)}\n`;
}

function manyInstances(platforms: number, suites: number, attributes: string): string {
  return `platforms:\n${numbered(platforms, (at) => `  - name: p${at}`)}\nsuites:\n${numbered(
    suites,
    (at) => `  - {name: s${at}, run_list: ["recipe[a]"], attributes: {n: ${at}, ${attributes}}}`,
  )}\n`;
}

/** Kitchen files that a program or a slip can make, each of which has to end in a message (or in a list) soon. */
export const HOSTILE_KITCHENS: readonly HostileKitchen[] = [
  refused(
    'a YAML bomb: 12 levels of 10 aliases (10¹² values)',
    bomb(12, 10),
    /holds more than 300000 values/,
  ),
  refused(
    'a YAML bomb of merge keys: 30 levels of 2',
    `a0: &a0 {x: 1}\n${numbered(29, (at) => `a${at + 1}: &a${at + 1} {<<: *a${at}, l: *a${at}, r: *a${at}}`)}\n${MATRIX}`,
    /holds more than 300000 values/,
  ),
  refused(
    'a cyclic alias',
    `driver: &d\n  name: x\n  again: *d\n${MATRIX}`,
    /\*d is used inside the value that &d names/,
  ),
  refused('5 MB of values', `${MATRIX}x-data:\n${'  - [1, 2, 3]\n'.repeat(380_000)}`, /has 5196 KiB/),
  refused('100 000 brackets that open', `driver: ${'['.repeat(100_000)}`, /nested too deeply/),
  refused(
    '20 000 lists in each other',
    `driver: ${'['.repeat(20_000)}${']'.repeat(20_000)}`,
    /nested too deeply/,
  ),
  refused(
    'Latin-1 text',
    Buffer.from(`# Müller\n${MATRIX}`, 'latin1'),
    /is not UTF-8 text[^]*kitchen\.yml:1:4/,
  ),
  refused('UTF-16 text', Buffer.from(`\u{FEFF}${MATRIX}`, 'utf16le'), /is not UTF-8 text/),
  refused('a program instead of a text', Buffer.alloc(300_000, 0), /kitchen\.yml/),
  refused(
    'ERB without end',
    `<% (1..10**12).each do |i| %>\n# <%= i %>\n<% end %>\n${MATRIX}`,
    /ERB in kitchen\.yml failed/,
  ),
  refused('ERB that makes a large text', `x-data: "<%= 'x' * 2_000_000 %>"\n${MATRIX}`, /kitchen\.yml/),
  accepted(
    'Windows line ends and a byte order mark',
    `\u{FEFF}driver:\n  name: docker\n${MATRIX}`.replaceAll('\n', '\r\n'),
    /^s-p /m,
  ),
  accepted('the largest file that is read (256 KiB)', largest(), /^s-p /m),
  accepted('600 instances', manyInstances(30, 20, 'a: {b: c}'), /^s19-p29 /m),
  accepted(
    '600 instances with 1000 attributes each',
    manyInstances(30, 20, numbered(1000, (at) => `k${at}: v`).replaceAll('\n', ', ')),
    /^s19-p29 /m,
  ),
];
