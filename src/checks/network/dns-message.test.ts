import tap from 'tap';
import { dnsQuery, dnsReply, reverseName } from './dns-message.ts';

const name = (text: string): Buffer =>
  Buffer.concat([
    ...text
      .split('.')
      .filter(Boolean)
      .map((label) => Buffer.from(String.fromCharCode(label.length) + label, 'latin1')),
    Buffer.of(0),
  ]);
const u16 = (...values: number[]): Buffer => Buffer.concat(values.map((n) => Buffer.of(n >> 8, n & 255)));
const record = (type: number, ttl: number, data: Buffer): Buffer =>
  Buffer.concat([Buffer.of(0xc0, 12), u16(type, 1, 0, ttl, data.length), data]);
const reply = (flags: number, ...records: readonly Buffer[]): Buffer =>
  Buffer.concat([u16(7, 0x8000 | flags, 1, records.length, 0, 0), name('a.test'), u16(1, 1), ...records]);

await tap.test('a query as RFC 1035 lays it out', (t) => {
  t.same(
    dnsQuery('a.test.', 'MX', 7),
    Buffer.concat([u16(7, 0x0100, 1, 0, 0, 0), name('a.test'), u16(15, 1)]),
  );
  t.ok(dnsQuery('bücher.test', 'A', 1).includes('xn--bcher-kva'));
  t.throws(() => dnsQuery(`${'x'.repeat(64)}.test`, 'A', 1), /longer than 63/);
  t.equal(reverseName('10.1.2.3'), '3.2.1.10.in-addr.arpa');
  t.match(reverseName('fd00::1'), /^1(\.0){27}\.0\.0\.d\.f\.ip6\.arpa$/);
  t.equal(reverseName('a.test'), undefined);
  t.end();
});

await tap.test('an answer: aliases, times, codes, names with pointers', (t) => {
  const alias = record(5, 60, Buffer.concat([Buffer.from('\u0001b'), Buffer.of(0xc0, 14)]));
  t.match(
    dnsReply(
      reply(0, alias, record(1, 300, Buffer.of(10, 0, 0, 1)), record(1, 20, Buffer.of(10, 0, 0, 2))),
      'A',
      7,
    ),
    {
      code: 'NOERROR',
      aliases: ['b.test'],
      records: ['10.0.0.1', '10.0.0.2'],
      ttl: 20,
    },
  );
  t.match(dnsReply(reply(3), 'A', 7), { code: 'NXDOMAIN', records: [], ttl: undefined });
  t.match(dnsReply(reply(0x0200), 'A', 7), { isTruncated: true });
  t.match(dnsReply(reply(9), 'A', 7), { code: 'code 9' });
  t.match(dnsReply(reply(0, record(16, 1, Buffer.from('\u0002ab\u0001c'))), 'TXT', 7), { records: ['abc'] });
  t.end();
});

await tap.test('broken and foreign answers are refused, in bounded time', (t) => {
  t.throws(() => dnsReply(reply(0), 'A', 8), /not an answer to this question/);
  t.throws(() => dnsReply(dnsQuery('a.test', 'A', 7), 'A', 7), /not an answer/);
  t.throws(() => dnsReply(Buffer.alloc(3), 'A', 0));
  const whole = reply(0, record(1, 1, Buffer.of(1, 2, 3, 4)));
  for (let length = 12; length < whole.length; length += 1)
    t.throws(() => dnsReply(whole.subarray(0, length), 'A', 7));
  const loop = reply(0, record(15, 1, Buffer.concat([u16(10), Buffer.of(0xc0, 38)])));
  t.throws(() => dnsReply(loop, 'MX', 7), /has no end/);
  t.end();
});
