import type { RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { createServer as createTcpServer } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import tap from 'tap';
import type { Probe } from '../../src/core/verifier.ts';
import { check, closedPort, listen, serve } from '../../test/http-check.ts';
import { selfSigned } from '../../test/self-signed.ts';
import { httpVerifier } from './index.ts';

const json: RequestListener = (request, response) => {
  response.setHeader('content-type', 'application/json');
  response.setHeader('set-cookie', ['a=1', 'b=2']);
  response.end(
    JSON.stringify({ host: request.headers.host, url: request.url, items: [{ name: 'x' }], n: 2 }),
  );
};

await tap.test('every attribute passes for the right answer and fails for a wrong one', async (t) => {
  const port = await serve(t, json);
  const rows: [string, object, object][] = [
    ['status', { status: 200 }, { status: 201 }],
    ['body', { body: { contains: '"n":2' } }, { body: { contains: '"n":3' } }],
    ['json.items[0].name', { json: { 'items[0].name': 'x' } }, { json: { 'items[0].name': 'y' } }],
    ['json.n', { json: { n: { gte: 2 } } }, { json: { n: { gt: 2 } } }],
    [
      'headers.Content-Type',
      { headers: { 'Content-Type': { contains: 'json' } } },
      { headers: { 'Content-Type': 'x' } },
    ],
    [
      'headers.Set-Cookie',
      { headers: { 'Set-Cookie': ['a=1', 'b=2'] } },
      { headers: { 'Set-Cookie': ['c=3'] } },
    ],
    ['time.total', { time: { total: { lt: 60_000 } } }, { time: { total: { gt: 60_000 } } }],
    ['time.first', { time: { first: { lt: 60_000 } } }, { time: { first: { gt: 60_000 } } }],
    ['redirects', { redirects: 0 }, { redirects: 1 }],
  ];
  for (const [property, good, bad] of rows) {
    t.match((await check(port, { http: '/', ...good })).at(-1), { property, outcome: 'pass' });
    t.match((await check(port, { http: '/', ...bad })).at(-1), { property, outcome: 'fail' });
  }
});

await tap.test(
  'localhost is the instance: the published port is asked, with the Host header of the URL',
  async (t) => {
    const port = await serve(t, json);
    t.match(
      await check(port, { http: 'http://localhost/a?b=1', json: { host: 'localhost', url: '/a?b=1' } }),
      [
        { outcome: 'pass', source: `GET from here to 127.0.0.1:${port}` },
        { outcome: 'pass' },
        { outcome: 'pass' },
      ],
    );
    t.match(
      (await check(port, { http: '/', host: 'app.example.org', json: { host: 'app.example.org' } }))[1],
      {
        outcome: 'pass',
      },
    );
  },
);

await tap.test('a port that is not published cannot be looked at', async (t) => {
  await t.rejects(check(1, { http: '/', port: 9 }), /port 9 of the instance is not published/);
});

await tap.test('what is sent arrives', async (t) => {
  const port = await serve(t, async (request, response) => {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    response.end(
      JSON.stringify({
        method: request.method,
        body,
        x: request.headers['x-a'],
        auth: request.headers.authorization,
        type: request.headers['content-type'],
      }),
    );
  });
  const sent = { method: 'post', request: { headers: { 'X-A': 'b' }, json: { q: 1 } } };
  const wanted = { json: { method: 'POST', body: '{"q":1}', x: 'b', type: 'application/json' } };
  for (const from of ['host', 'instance']) {
    const url = from === 'host' ? '/' : `http://127.0.0.1:${port}/`;
    for (const result of await check(port, { http: url, from, ...sent, ...wanted })) {
      t.equal(result.outcome, 'pass', `${from} ${result.property} ${result.observed}`);
    }
  }
  t.match((await check(port, { http: 'http://joe:pw@localhost/', json: { auth: 'Basic am9lOnB3' } }))[1], {
    outcome: 'pass',
  });
});

await tap.test(
  'each way of not answering is a value of its own, and fails a status check by its name',
  async (t) => {
    const hang = await serve(t, () => {});
    const slowBody = await serve(t, async (_request, response) => {
      response.write('a');
      await sleep(5000, undefined, { ref: false });
    });
    const reset = await listen(
      t,
      createTcpServer((socket) => socket.resetAndDestroy()),
    );
    const closes = await listen(
      t,
      createTcpServer((socket) => socket.once('data', () => socket.end())),
    );
    const broken = await serve(t, (_request, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('part');
      setTimeout(() => response.destroy(), 50);
    });
    const notHttp = await listen(
      t,
      createTcpServer((socket) => socket.end('SSH-2.0-OpenSSH_9.2\r\n')),
    );
    const tls = await listen(
      t,
      createTlsServer(selfSigned, (_request, response) => response.end('ok')),
    );
    const rows: [string, string, RegExp][] = [
      [`http://localhost:${await closedPort()}/`, 'refused', /^connection refused \(127\.0\.0\.1:\d+\)$/],
      [`http://localhost:${hang}/`, 'timeout', /^timeout \(no answer within 2000 ms\)$/],
      [`http://localhost:${slowBody}/`, 'timeout', /^timeout \(no end of the body within 2000 ms\)$/],
      [`http://localhost:${reset}/`, 'reset', /closed without an answer/],
      [`http://localhost:${closes}/`, 'reset', /closed without an answer/],
      [`http://localhost:${broken}/`, 'aborted', /broken in the middle/],
      [`http://localhost:${notHttp}/`, 'protocol', /not HTTP/],
      [`https://localhost:${tls}/`, 'tls', /TLS failed \(.*self.signed/i],
      ['http://no-such-host.invalid/', 'dns', /name not found/],
    ];
    const verdicts = rows.map(async ([http, error, words]) => {
      const localPort = Number(new URL(http).port);
      const sockets = [{ state: 'listen', localPort, localAddress: '0.0.0.0' }] as const;
      // Short only where it must pass: a busy machine answers late.
      const timeout = error === 'timeout' ? '2s' : '120s';
      const other = error === 'dns' ? 'refused' : 'dns';
      const [asserted, denied, plain, negated] = await Promise.all([
        check(0, { http, timeout, error }, { sockets }),
        check(0, { http, timeout, error: other }, { sockets }),
        check(0, { http, timeout }),
        check(0, { http, timeout, status: { not: 500 } }),
      ]);
      t.match(asserted, [{ property: 'error', outcome: 'pass' }], `${error} asserted`);
      t.match(denied, [{ outcome: 'fail' }], `${error} is not ${other}`);
      t.equal(plain.length, 1);
      t.match(plain[0], { property: 'status', outcome: 'fail', observed: words });
      t.match(negated, [{ outcome: 'fail' }], 'no answer is never a pass');
    });
    await Promise.all(verdicts);
    t.match(await check(0, { http: `https://localhost:${tls}/`, insecure: true, body: 'ok' }), [
      { outcome: 'pass' },
      { outcome: 'pass' },
    ]);
  },
);

await tap.test('an answer fails a check that wants none', async (t) => {
  const port = await serve(t, json);
  t.match(await check(port, { http: '/', error: 'refused' }), [
    { outcome: 'fail', observed: 'answered with status 200' },
  ]);
});

await tap.test("a port proxy's close counts as refused when the instance's own sockets say so", async (t) => {
  const port = await listen(
    t,
    createTcpServer((socket) => socket.resetAndDestroy()),
  );
  const sockets = [{ state: 'listen', localPort: 80, localAddress: '0.0.0.0' }] as const;
  t.match(await check(port, { http: '/', error: 'refused' }), [
    { outcome: 'pass', source: /nothing listens there/ },
  ]);
  t.match(await check(port, { http: '/', error: 'refused' }, { sockets }), [{ outcome: 'fail' }]);
  t.same(httpVerifier.needs(httpVerifier.spec.parse({ http: '/', error: 'refused' })), { sockets: true });
  t.same(httpVerifier.needs(httpVerifier.spec.parse({ http: '/' })), {});
});

await tap.test('a wrong status is one failure with the error page and a likely cause', async (t) => {
  const port = await serve(t, (request, response) => {
    response.writeHead(Number(request.url?.slice(1)), { location: '/login' });
    response.end('<html><style>x{}</style><h1>Bad   Gateway</h1></html>');
  });
  const rows: [number, RegExp][] = [
    [502, /the application behind it did not/],
    [504, /too slow/],
    [500, /application raised an error/],
    [404, /virtual host/],
    [302, /followRedirects/],
  ];
  for (const [status, cause] of rows) {
    const results = await check(port, { http: `/${status}`, body: 'x', json: { a: 1 } });
    t.equal(results.length, 1);
    t.match(results[0], { outcome: 'fail', expected: 'between 200 and 299', observed: String(status) });
    t.match(results[0]?.notes, ['answer: Bad Gateway', cause]);
  }
});

await tap.test('redirects are followed when asked to, with a limit, and POST becomes GET', async (t) => {
  const port = await serve(t, (request, response) => {
    const n = Number(request.url?.slice(1));
    if (n === 0) response.end(`${request.method} ${request.headers.host}`);
    else response.writeHead(302, { location: `http://localhost/${n < 100 ? n - 1 : n}` }).end();
  });
  t.match(await check(port, { http: '/3', status: 302 }), [{ outcome: 'pass' }]);
  t.match(
    await check(port, {
      http: '/3',
      method: 'POST',
      request: { body: 'x' },
      followRedirects: true,
      redirects: 3,
      body: 'GET localhost',
    }),
    [{ outcome: 'pass' }, { outcome: 'pass' }, { outcome: 'pass' }],
  );
  t.match(await check(port, { http: '/100', followRedirects: true, maxRedirects: 5 }), [
    { outcome: 'fail', observed: /too many redirects \(still redirected after 5/ },
  ]);
});

await tap.test('a huge body is read in part only and proves presence, never absence', async (t) => {
  let sent = 0;
  const port = await serve(t, async (_request, response) => {
    const chunk = Buffer.alloc(1024 * 1024, 'x');
    async function* body(): AsyncGenerator<Buffer> {
      yield Buffer.from('needle');
      for (; sent < 1024; sent += 1) yield chunk;
    }
    await pipeline(Readable.from(body()), response).catch(() => {});
  });
  t.match(await check(port, { http: '/', body: { contains: 'needle' } }), [
    { outcome: 'pass' },
    { outcome: 'pass' },
  ]);
  t.ok(sent < 64, `${sent} MiB were sent, not 1024`);
  t.match((await check(port, { http: '/', body: { not: { contains: 'zzz' } } }))[1], {
    outcome: 'error',
    observed: /could not look/,
  });
});

await tap.test('JSON checks of an answer that is none say so', async (t) => {
  const port = await serve(
    t,
    (_request, response) => void response.setHeader('content-type', 'text/html').end('<p>hello</p>'),
  );
  t.match((await check(port, { http: '/', json: { a: 1, b: 2 } })).slice(1), [
    {
      property: 'json.a',
      outcome: 'fail',
      observed: 'the body is not JSON (text/html)',
      notes: ['answer: hello'],
    },
    { property: 'json.b', outcome: 'fail' },
  ]);
});

await tap.test('an abort ends a request at once', async (t) => {
  const port = await serve(t, () => {});
  const controller = new AbortController();
  const spec = httpVerifier.spec.parse({ http: '/' });
  const address = () => ({ host: '127.0.0.1', port });
  const probe = {
    address,
    signal: controller.signal,
    snapshot: { sockets: [] },
    repeat: undefined,
  } as unknown as Probe;
  setTimeout(() => controller.abort(), 30);
  await t.rejects(httpVerifier.observe(spec, probe), { name: 'AbortError' });
});

await tap.test('ports that must be published are known from the check', async (t) => {
  const rows: [object, number[]][] = [
    [{ http: '/' }, [80]],
    [{ http: '/', port: 8080 }, [8080]],
    [{ http: 'https://localhost/' }, [443]],
    [{ http: 'http://localhost:5000/?q=${token}' }, [5000]],
    [{ http: 'http://app.example.org/', host: 'app.example.org' }, [80]],
    [{ http: 'http://example.org/' }, []],
    [{ http: '/', from: 'instance' }, []],
  ];
  for (const [item, ports] of rows) t.same(httpVerifier.hostPorts?.(httpVerifier.spec.parse(item)), ports);
});

await tap.test('malformed checks are refused', async (t) => {
  for (const item of [
    { http: 'localhost/x' },
    { http: 'ftp://localhost/' },
    { http: 80 },
    { http: 'http://localhost/', port: 80 },
    { http: '/', error: 'refused', status: 200 },
    { http: '/', error: 'refusd' },
    { http: '/', request: { body: 'x', json: {} } },
    { http: '/', status: [200] },
    { http: '/', json: { a: { nope: 1 } } },
    { http: '/', from: '' },
    { http: '/', host: 'a\r\nX-Other: 1' },
    { http: '/', request: { headers: { 'X-A': 'b\r\nX-Other: 1' } } },
    { http: '/', request: { headers: { 'X-A\n': 'b' } } },
  ]) {
    t.equal(httpVerifier.spec.safeParse(item).success, false, JSON.stringify(item));
  }
});
