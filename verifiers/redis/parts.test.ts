import tap from 'tap';
import { ofCli } from './ask.ts';
import { cliLine, parseCliReply } from './cli.ts';
import { parseInfo } from './observe.ts';
import { decodeReplies, encodeCommand } from './resp.ts';

await tap.test('a line of redis-cli takes any bytes', (t) => {
  t.equal(cliLine(['GET', 'a"b\n;é']), '"GET" "a\\x22b\\x0a\\x3b\\xc3\\xa9"\n');
  t.end();
});

await tap.test('replies as redis-cli prints them', (t) => {
  const rows: [string, unknown][] = [
    ['"x \\"y\\" \\xc3\\xa9\\n"\n', 'x "y" é\n'],
    ['(integer) -3\n', -3],
    ['(nil)\n', null],
    ['OK\n', 'OK'],
    ['(empty array)\n', []],
    ['(double) 1.5\n', 1.5],
    ['1) "a"\n2) (integer) 2\n3) (nil)\n', ['a', 2, null]],
    ['1) "a"\n2) 1) "b"\n   2) 1) "c"\n3) (empty list or set)\n', ['a', ['b', ['c']], []]],
    [
      `${Array.from({ length: 10 }, (_, n) => `${String(n + 1).padStart(2)}) "${n}"`).join('\n')}\n`,
      '0123456789'.split(''),
    ],
    ['# Server\r\nredis_version:7\r\n', '# Server\r\nredis_version:7'],
  ];
  for (const [text, value] of rows) t.same(parseCliReply(text), { kind: 'value', value }, text);
  t.same(parseCliReply('(error) ERR unknown command\n'), { kind: 'error', text: 'ERR unknown command' });
  t.end();
});

await tap.test('replies that are missing, cut or of another database are none', async (t) => {
  const mark = 'galley-resp-3f7a1c\n';
  t.match(ofCli(`PONG\n${mark}"x"\n${mark}`, 2, 'redis-cli'), {
    replies: [{ value: 'PONG' }, { value: 'x' }],
  });
  t.throws(() => ofCli('', 1, 'redis-cli'), /0 of 1 came/);
  t.throws(() => ofCli(`PONG\n${mark}"xxxx`, 2, 'redis-cli'), /1 of 2 came/);
  t.throws(() => ofCli(`"${'x'.repeat(2_000_000)}"\n${mark}`, 1, 'redis-cli'), /larger than 1 MiB/);
  const large = 'x'.repeat(900_000);
  t.match(ofCli(`"${large}"\n${mark}`, 1, 'redis-cli'), { replies: [{ value: large }] });
  const other = `SELECT 9999 failed: ERR DB index is out of range\nPONG\n${mark}`;
  t.match(ofCli(other, 1, 'redis-cli'), { kind: 'none', error: 'command', text: /out of range/ });
});

await tap.test('replies of the protocol', (t) => {
  const bytes = Buffer.from(
    '+OK\r\n:7\r\n$-1\r\n$2\r\né\r\n*2\r\n$1\r\na\r\n*1\r\n:1\r\n*-1\r\n-ERR x\r\n$9\r\ncut',
  );
  t.same(decodeReplies(bytes), [
    ...['OK', 7, null, 'é', ['a', [1]], null].map((value) => ({ kind: 'value', value })),
    { kind: 'error', text: 'ERR x' },
  ]);
  t.throws(() => decodeReplies(Buffer.from('HTTP/1.1 400\r\n')), /not that of a redis server/);
  t.equal(encodeCommand(['SET', 'é']), '*2\r\n$3\r\nSET\r\n$2\r\né\r\n');
  t.same(parseInfo('# S\r\nrole:master\r\nconnected_clients:3\r\nempty:\r\n'), {
    role: 'master',
    connected_clients: 3,
    empty: '',
  });
  t.end();
});
