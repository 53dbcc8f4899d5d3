import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import tap from 'tap';
import type { Repeat } from '../../src/core/check.ts';
import { check, closedPort, serve } from '../../test/http-check.ts';

const LOAD: Repeat = { times: 60, concurrency: 8, maxFailures: 0 };

/** Answers like workers that share one connection: two requests at the same time get each other's data. */
function crossTalk(): RequestListener {
  let waiting: { readonly request: IncomingMessage; readonly response: ServerResponse } | undefined;
  return (request, response) => {
    if (!waiting) {
      waiting = { request, response };
      const mine = waiting;
      setTimeout(() => {
        if (waiting === mine) waiting = undefined;
        if (!response.writableEnded) response.end(`item ${request.url}`);
      }, 30);
      return;
    }
    const other = waiting;
    waiting = undefined;
    other.response.end(`item ${request.url}`);
    response.end(`item ${other.request.url}`);
  };
}

await tap.test('answers to another request are found although they have status 200', async (t) => {
  const port = await serve(t, crossTalk());
  const item = { http: '/items?q=${token}', status: 200, body: { contains: '${token}' } };
  t.match(
    await check(port, item),
    [{ outcome: 'pass' }, { outcome: 'pass' }],
    'a single request sees nothing',
  );
  const [result] = await check(port, item, { repeat: LOAD });
  t.match(result, {
    property: 'repeat',
    outcome: 'fail',
    expected: '60 of 60 pass',
    observed: /^\d+ of 60 fail: \d+ × wrong answer \(token of another request\)$/,
    source: /60 requests, 8 at a time, each on a connection of its own/,
  });
  t.match(result?.notes, [
    /^first: #\d+ got the answer to #\d+, with status 200: asked galley[0-9a-f]{12}, got galley[0-9a-f]{12}$/,
    /^answer: item/,
    /cross-talk.*before fork.*lazy-apps.*engine\.dispose/,
    /^time: p50 .* p95 .* max /,
  ]);
});

await tap.test('a repeat that is all right passes, on a new connection each time', async (t) => {
  const ports = new Set<number | undefined>();
  const port = await serve(t, (request, response) => {
    ports.add(request.socket.remotePort);
    response.end(request.url);
  });
  const item = { http: '/${token}/${number}', body: { contains: '/${token}/${number}' } };
  t.match(await check(port, item, { repeat: LOAD }), [{ outcome: 'pass', observed: 'all 60 pass' }]);
  t.equal(ports.size, 60);
});

await tap.test('failures of a repeat are counted by kind, and some may be allowed', async (t) => {
  let n = 0;
  const port = await serve(t, (_request, response) => {
    n += 1;
    if (n % 10 === 0) response.writeHead(500).end('boom');
    else if (n % 15 === 0) response.destroy();
    else response.end('ok');
  });
  const [result] = await check(port, { http: '/' }, { repeat: LOAD });
  t.match(result, { outcome: 'fail', observed: '8 of 60 fail: 6 × status 500, 2 × reset' });
  t.match(await check(port, { http: '/' }, { repeat: { ...LOAD, maxFailures: 8 } }), [
    { outcome: 'pass', expected: 'at most 8 of 60 fail' },
  ]);
});

await tap.test('a repeat against nobody gives up early', async (t) => {
  const repeat = { times: 1000, concurrency: 4, maxFailures: 0 };
  const [result] = await check(await closedPort(), { http: '/' }, { repeat });
  t.match(result, { outcome: 'fail', observed: /^2\d of 2\d fail: 2\d × refused; gave up, 9\d\d not sent$/ });
});
