import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import tap from 'tap';
import { LocalConnection } from '../../../test/local-connection.ts';
import { dialInside } from './dial.ts';
import { dialFromHost } from './dial-host.ts';
import { parseDial } from './parse-dial.ts';

const { signal } = new AbortController();
const SELF = [{ id: 'self', kind: 'self' }] as const;

await tap.test('what the programs and plain tools print', (t) => {
  const parsed = parseDial(`["tool","nc"]
["a","connected","10.0.0.1","0.25",null,null]
["b","unresolved",null,"3",null,"Name or service not known"]
["c","answered","10.0.0.1","1","6869",null]
plain d tcp 0
plain e tcp 1 nc: 10.0.0.1 (10.0.0.1:80): Connection refused
plain f tcp 1 nc: bad address 'x'
plain g tcp 124
plain h tcp 1 nc: x: No route to host
plain i resolve 0 10.0.0.1       STREAM db 10.0.0.1       DGRAM fd00::1 STREAM
plain j resolve 2
plain k udp 70 nc cannot do this
plain l tcp 1 bash: x: Temporary failure in name resolution
["end"]
`);
  const outcome = (id: string): string | undefined => parsed?.answers.get(id)?.outcome;
  t.equal(parsed?.tool, 'nc');
  t.match(parsed?.answers.get('a'), { outcome: 'connected', addresses: ['10.0.0.1'], latencyMs: 0.25 });
  t.equal(parsed?.answers.get('c')?.answer?.toString(), 'hi');
  t.same(['b', 'd', 'e', 'f', 'g', 'h', 'j', 'k', 'l'].map(outcome), [
    'unresolved',
    'connected',
    'refused',
    'unresolved',
    'timeout',
    'unreachable',
    'unresolved',
    'error',
    'resolver',
  ]);
  t.same(parsed?.answers.get('i')?.addresses, ['10.0.0.1', 'fd00::1']);
  t.equal(parseDial('["tool","perl"]\n["a","connected","x","1",null,null]\n'), undefined, 'cut');
  t.equal(parseDial('["tool",\n["end"]\n'), undefined, 'broken');
  t.end();
});

await tap.test('nothing to try with, and a program that dies, are thrown', async (t) => {
  const ends = (exitCode: number, stderr: string) => ({
    execute: async () => ({ exitCode, stdout: '', stderr, via: 'exec' }),
  });
  await t.rejects(dialInside(ends(69, 'no perl, ruby, bash or nc\n'), SELF, signal), /nothing there can try/);
  await t.rejects(dialInside(ends(1, 'x\nsyntax error\n'), SELF, signal), /exit code 1: syntax error/);
});

await tap.test('from here: connected, closed at once, refused, silent, answered', async (t) => {
  const open = new Set<Socket>();
  let keep = true;
  const server = createServer((client) => (keep ? open.add(client) : client.destroy()));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const tcp = (more: object = {}) =>
    dialFromHost({ id: 'x', kind: 'tcp', host: '127.0.0.1', port, settle: true, ...more }, signal);
  t.match(await tcp(), { outcome: 'connected', addresses: ['127.0.0.1'] });
  keep = false;
  t.match(await tcp(), { outcome: 'closed' });
  for (const client of open) client.destroy();
  server.close();
  await once(server, 'close');
  t.match(await tcp(), { outcome: 'refused' });

  const echo = createSocket('udp4', (message, from) => {
    if (message.length > 0) echo.send(message, from.port, from.address);
  });
  echo.bind(0, '127.0.0.1');
  await once(echo, 'listening');
  const at = { host: '127.0.0.1', port: echo.address().port, id: 'x', kind: 'udp' } as const;
  t.match(await dialFromHost({ ...at, payload: Buffer.from('hi') }, signal), {
    outcome: 'answered',
    answer: Buffer.from('hi'),
  });
  t.match(await dialFromHost({ ...at, timeoutMs: 50 }, signal), { outcome: 'silent' });
  echo.close();
  await once(echo, 'close');
  t.match(await dialFromHost(at, signal), { outcome: 'refused' });
  await t.rejects(dialFromHost(at, AbortSignal.abort(new Error('stop'))), { message: 'stop' });
});

await tap.test('tries of several checks at one place are one command there', async (t) => {
  let commands = 0;
  const machine = new LocalConnection('/', { PATH: process.env['PATH'] ?? '' });
  const place = {
    execute: (...given: Parameters<typeof machine.execute>) => {
      commands += 1;
      return machine.execute(...given);
    },
  };
  const server = createServer((client) => client.end());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => server.close());
  const { port } = server.address() as AddressInfo;
  const results = await Promise.all([
    dialInside(place, [{ id: 'main', kind: 'tcp', host: '127.0.0.1', port }, ...SELF], signal),
    dialInside(place, [{ id: 'main', kind: 'resolve', host: '127.0.0.1' }], signal),
  ]);
  t.match(results[0]?.answers.get('main'), { outcome: 'connected', addresses: ['127.0.0.1'] });
  t.match(results[0]?.answers.get('self'), { outcome: 'connected' });
  t.match(results[1]?.answers.get('main'), { outcome: 'resolved', addresses: ['127.0.0.1'] });
  t.equal(commands, 1);
  await dialInside(place, SELF, signal);
  t.equal(commands, 2, 'a later one is a new command');
});
