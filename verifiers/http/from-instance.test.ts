import { existsSync } from 'node:fs';
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, createServer as createTcpServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import tap from 'tap';
import type { CheckResult } from '../../src/core/check.ts';
import type { Probe } from '../../src/core/verifier.ts';
import { type Answer, closedPort } from '../../test/http-check.ts';
import { LocalConnection } from '../../test/local-connection.ts';
import { selfSigned } from '../../test/self-signed.ts';
import { httpVerifier } from './index.ts';

type Test = Pick<typeof tap, 'teardown'>;

async function listen(t: Test, server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => server.close());
  return `localhost:${(server.address() as AddressInfo).port}`;
}

/** A folder with links to the basic tools and to one client: an instance that has no other. */
async function pathWith(t: Test, client: string | undefined): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'galley-test-'));
  t.teardown(() => rm(folder, { recursive: true }));
  const tools = ['sh', 'sed', 'cat', 'head', 'base64', 'timeout', ...(client === undefined ? [] : [client])];
  for (const tool of tools) {
    const real = ['/usr/bin', '/bin', '/usr/local/bin']
      .map((dir) => join(dir, tool))
      .find((path) => existsSync(path));
    if (real) await symlink(real, join(folder, tool));
  }
  return folder;
}

async function check(path: string, item: object): Promise<readonly CheckResult[]> {
  const spec = httpVerifier.spec.parse({ from: 'instance', ...item });
  const signal = new AbortController().signal;
  const probe = {
    connection: new LocalConnection('/', { PATH: path }),
    snapshot: { sockets: [] },
    signal,
  } as unknown as Probe;
  return httpVerifier.judge(spec, await httpVerifier.observe(spec, probe));
}

const answer: Answer = async (request, response) => {
  let body = '';
  for await (const chunk of request) body += String(chunk);
  response.setHeader('set-cookie', ['a=1', 'b=2']);
  response.write(`${request.method} ${request.url} `);
  setTimeout(() => response.end(`got=${body} ü`), 20);
};

const clients = ['curl', 'perl', 'bash'].filter(
  (tool) => existsSync(`/usr/bin/${tool}`) || existsSync(`/bin/${tool}`),
);

await tap.test('there is at least one client to try', async (t) => {
  t.ok(clients.length > 0);
});

for (const client of clients) {
  await tap.test(
    `${client} inside the instance makes the request and tells its ways of failing apart`,
    async (t) => {
      const path = await pathWith(t, client);
      const ok = await listen(
        t,
        createServer((request, response) => void answer(request, response)),
      );
      const source = new RegExp(`${client} inside the instance`);
      const results = await check(path, {
        http: `http://${ok}/a?q=\${token}`,
        method: 'PUT',
        request: { body: 'some body\nü' },
        body: ['PUT /a?q=${token}', 'got=some body\nü ü'],
        headers: { 'Set-Cookie': ['a=1', 'b=2'] },
        ...(client !== 'bash' && { time: { total: { between: [10, 20_000] } } }),
      });
      for (const result of results)
        t.match(result, { outcome: 'pass', source }, `${result.property} ${result.observed}`);

      const hang = createServer(() => {});
      const rows: [string, string][] = [
        [`http://127.0.0.1:${await closedPort()}/`, 'refused'],
        [`http://${await listen(t, hang)}/`, 'timeout'],
        [
          `http://${await listen(
            t,
            createTcpServer((socket) => socket.once('data', () => socket.end())),
          )}/`,
          'reset',
        ],
        [
          `http://${await listen(
            t,
            createTcpServer((socket) => socket.once('data', () => socket.end('SSH-2.0\r\n'))),
          )}/`,
          'protocol',
        ],
        [
          `http://${await listen(
            t,
            createTcpServer((socket) =>
              socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\npart')),
            ),
          )}/`,
          'aborted',
        ],
        ['http://no-such-host.invalid/', 'dns'],
      ];
      t.teardown(() => hang.closeAllConnections());
      const verdicts = rows.map(async ([http, error]) => {
        const timeout = error === 'timeout' ? '500ms' : '20s';
        const [result] = await check(path, { http, error, timeout });
        t.match(result, { outcome: 'pass' }, `${error}: ${result?.observed} ${result?.notes?.join()}`);
      });
      await Promise.all(verdicts);
    },
  );
}

await tap.test('TLS needs curl inside', async (t) => {
  const http = `https://${await listen(
    t,
    createTlsServer(selfSigned, (_request, response) => response.end('ok')),
  )}/`;
  if (clients.includes('curl')) {
    const curl = await pathWith(t, 'curl');
    t.match(await check(curl, { http, error: 'tls' }), [{ outcome: 'pass' }]);
    t.match(await check(curl, { http, insecure: true, body: 'ok' }), [
      { outcome: 'pass' },
      { outcome: 'pass' },
    ]);
  }
  await t.rejects(check(await pathWith(t, 'perl'), { http }), /it has no curl/);
});

await tap.test('an instance without any client cannot be looked at', async (t) => {
  await t.rejects(
    check(await pathWith(t, undefined), { http: '/', error: 'refused' }),
    /it has no curl, perl or bash/,
  );
});

await tap.test('an endless body is cut', async (t) => {
  const path = await pathWith(t, clients[0]);
  const endless = createServer((_request, response) => {
    const chunk = Buffer.alloc(256 * 1024, 'x');
    const more = (): void => {
      while (!response.destroyed && response.write(chunk)) continue;
    };
    response.on('drain', more);
    more();
  });
  const http = `http://${await listen(t, endless)}/`;
  t.match(await check(path, { http, body: { startsWith: 'xxx' } }), [
    { outcome: 'pass' },
    { outcome: 'pass' },
  ]);
  t.match((await check(path, { http, body: { not: { contains: 'zz' } } }))[1], { outcome: 'error' });
});
