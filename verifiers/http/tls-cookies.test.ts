import { createServer as createTlsServer } from 'node:https';
import tap from 'tap';
import type { Companion } from '../../src/core/surroundings.ts';
import type { Probe } from '../../src/core/verifier.ts';
import { check, listen, serve } from '../../test/http-check.ts';
import { LocalConnection } from '../../test/local-connection.ts';
import { selfSigned } from '../../test/self-signed.ts';
import { parseCookies } from './cookies.ts';
import { httpVerifier } from './index.ts';
import { namesIn } from './tls-facts.ts';

await tap.test('what a certificate and its connection tell', async (t) => {
  const port = await listen(
    t,
    createTlsServer(selfSigned, (_request, response) => response.end('ok')),
  );
  const rows: [object, object][] = [
    [{ verified: false }, { verified: true }],
    [{ protocol: 'TLSv1.3' }, { protocol: 'TLSv1.2' }],
    [{ subject: 'localhost' }, { subject: 'example.com' }],
    [{ issuer: 'localhost' }, { issuer: { not: 'localhost' } }],
    [{ san: { exactly: ['localhost', '127.0.0.1'] } }, { san: 'example.com' }],
    [{ daysLeft: { gt: 30 } }, { daysLeft: { lt: 30 } }],
  ];
  const ask = (tls: object) => check(port, { http: 'https://localhost/', insecure: true, tls });
  for (const [good, bad] of rows) {
    t.match(await ask(good), [{ property: 'status' }, { outcome: 'pass' }], JSON.stringify(good));
    t.match(await ask(bad), [{ property: 'status' }, { outcome: 'fail' }], JSON.stringify(bad));
  }
  t.match((await ask({ verified: true }))[1], { notes: [/SELF_SIGNED/] });
  t.match(await check(port, { http: 'https://localhost/', tls: { verified: true } }), [
    { property: 'status', outcome: 'fail', observed: /TLS failed/ },
  ]);
  const plain = await serve(t, (_request, response) => void response.end('ok'));
  t.match((await check(plain, { http: '/', tls: { verified: true } }))[1], {
    outcome: 'fail',
    observed: /no TLS/,
  });
  t.same(namesIn('DNS:a.example, IP Address:10.0.0.1'), ['a.example', '10.0.0.1']);
  t.same(namesIn(''), []);
});

await tap.test('cookies with their attributes; their values are not shown', async (t) => {
  const port = await serve(t, (_request, response) => {
    response.setHeader('set-cookie', [
      'sid=n0t-s3cret; Path=/; HttpOnly; secure; SameSite=lax; Max-Age=60',
      'theme=dark; Domain=example.com; Expires=Thu, 01 Jan 1970 00:00:00 GMT',
    ]);
    response.end('ok');
  });
  const rows: [object, object][] = [
    [{ sid: {} }, { nope: {} }],
    [{ nope: { exists: false } }, { sid: { exists: false } }],
    [{ sid: { value: { length: 10 } } }, { sid: { value: 'x' } }],
    [{ sid: { path: '/' } }, { sid: { path: '/app' } }],
    [{ sid: { secure: true } }, { theme: { secure: true } }],
    [{ sid: { httpOnly: true } }, { theme: { httpOnly: true } }],
    [{ theme: { httpOnly: false } }, { sid: { httpOnly: false } }],
    [{ sid: { sameSite: 'Lax' } }, { sid: { sameSite: 'Strict' } }],
    [{ theme: { sameSite: { absent: true } } }, { sid: { sameSite: { absent: true } } }],
    [{ sid: { maxAge: 60 } }, { theme: { maxAge: { gt: 0 } } }],
    [{ theme: { domain: 'example.com' } }, { sid: { domain: { present: true } } }],
  ];
  for (const [good, bad] of rows) {
    t.match((await check(port, { http: '/', cookies: good }))[1], { outcome: 'pass' }, JSON.stringify(good));
    const results = await check(port, { http: '/', cookies: bad });
    t.match(results[1], { outcome: 'fail' }, JSON.stringify(bad));
    t.notMatch(JSON.stringify(results), 'n0t-s3cret');
  }
  t.match(parseCookies(['a=1', 'no cookie', 'a=2; max-age=x'], 0).get('a'), {
    value: '2',
    maxAge: undefined,
  });
});

await tap.test('resolve asks elsewhere under the same name', async (t) => {
  const port = await serve(t, (request, response) => void response.end(request.headers.host));
  for (const address of ['instance', '127.0.0.1']) {
    t.match(
      await check(port, {
        http: 'http://shop.example/',
        resolve: { 'Shop.example': address },
        body: 'shop.example',
      }),
      [{ outcome: 'pass', source: `GET from here to 127.0.0.1:${port}` }, { outcome: 'pass' }],
    );
  }
  const parse = (item: object) => httpVerifier.spec.parse(item);
  t.same(
    httpVerifier.hostPorts?.(parse({ http: 'http://a.example:81/', resolve: { 'a.example': 'instance' } })),
    [81],
  );
  t.same(
    httpVerifier.hostPorts?.(parse({ http: 'http://localhost/', resolve: { localhost: '10.0.0.1' } })),
    [],
  );
});

await tap.test('from a companion localhost is the instance, under its name there', async (t) => {
  const port = await serve(t, (request, response) => void response.end(request.headers.host));
  const local = new LocalConnection('/', { PATH: '/usr/bin:/bin' });
  const companion = { execute: local.execute.bind(local) } as unknown as Companion;
  const ask = async (item: object, name = 'proxy') => {
    const spec = httpVerifier.spec.parse({ from: name, ...item });
    const probe = {
      snapshot: { sockets: [] },
      signal: new AbortController().signal,
      around: { instance: '127.0.0.1', companions: new Map([['proxy', companion]]) },
    } as unknown as Probe;
    return httpVerifier.judge(spec, await httpVerifier.observe(spec, probe));
  };
  t.match(await ask({ http: `http://localhost:${port}/`, body: `127.0.0.1:${port}` }), [
    { outcome: 'pass', source: /^GET by \w+ in proxy/ },
    { outcome: 'pass' },
  ]);
  t.match(await ask({ http: `http://localhost:${port}/`, host: 'shop.example', body: 'shop.example' }), [
    { outcome: 'pass' },
    { outcome: 'pass' },
  ]);
  const named = { http: `http://shop.example:${port}/`, resolve: { 'shop.example': 'instance' } };
  t.match(await ask({ ...named, body: `shop.example:${port}` }), [{ outcome: 'pass' }, { outcome: 'pass' }]);
  t.match((await ask({ http: `http://localhost:${port}/`, tls: { verified: true } }))[1], {
    outcome: 'error',
    observed: /ask from the host/,
  });
  await t.rejects(ask({ http: '/' }, 'nobody'), /nobody was not started/);
  t.same(httpVerifier.companions?.(httpVerifier.spec.parse({ http: '/', from: 'proxy' })), ['proxy']);
  t.notOk(httpVerifier.spec.safeParse({ http: '/', tls: {} }).success);
  t.notOk(httpVerifier.spec.safeParse({ http: '/', cookies: { a: { exists: false, value: 'x' } } }).success);
});
