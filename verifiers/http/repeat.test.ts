import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import tap from 'tap';
import type { Repeat } from '../../src/core/check.ts';
import { check, closedPort, serve } from '../../test/http-check.ts';
import { httpVerifier } from './index.ts';
import { workersIn } from './stats.ts';

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

await tap.test('reused connections are as many as requests at a time', async (t) => {
  const ports = new Set<number | undefined>();
  const port = await serve(t, (request, response) => {
    ports.add(request.socket.remotePort);
    setTimeout(() => response.end('ok'), 2);
  });
  const [result] = await check(port, { http: '/' }, { repeat: { ...LOAD, connection: 'reuse' } });
  t.match(result, { outcome: 'pass', source: /over connections that are kept/ });
  t.ok(ports.size <= 8, String(ports.size));
});

await tap.test(
  'a token that does not come back is found although the check says nothing of the body',
  async (t) => {
    const echo = await serve(t, (request, response) => void response.end(request.url));
    const item = { http: '/?q=${token}' };
    const repeat: Repeat = { ...LOAD, token: true };
    t.match(await check(echo, item, { repeat }), [{ outcome: 'pass' }]);
    const deaf = await serve(t, (_request, response) => void response.end('hello'));
    t.match(await check(deaf, item, { repeat }), [
      { outcome: 'fail', observed: '60 of 60 fail: 60 × token' },
    ]);
    const crossed = await check(await serve(t, crossTalk()), item, { repeat });
    t.match(crossed, [{ outcome: 'fail', observed: /^\d+ of 60 fail: \d+ × wrong answer/ }]);
    const long = await serve(t, (_request, response) => void response.end('x'.repeat(2_000_000)));
    t.match(await check(long, item, { repeat: { ...repeat, times: 2 } }), [{ outcome: 'error' }]);
  },
);

/** Workers 101, 102 … in turn; who is behind `unfair` only every tenth time. */
function workers(
  names: readonly string[],
  answer = (name: string, response: ServerResponse) => {
    response.setHeader('x-worker-pid', name).end('ok');
  },
): RequestListener {
  let n = 0;
  return (_request, response) => {
    n += 1;
    answer(names[n % names.length] ?? '', response);
  };
}

const processes = [1, 100, 101, 102, 103, 200].map((pid) => ({
  pid,
  ppid: pid > 100 && pid < 200 ? 100 : 1,
  comm: 'app',
  exe: '/usr/bin/app',
  args: [],
  state: 'S',
}));

await tap.test('every worker must have answered; those seen tell who the others are', async (t) => {
  const repeat: Repeat = { times: 6, concurrency: 2, maxFailures: 0, workers: 'all' };
  const all = await serve(t, workers(['101', '102', '103']));
  t.match(await check(all, { http: '/' }, { repeat, processes }), [
    { outcome: 'pass', notes: [/^workers: 10\d ×2, 10\d ×2, 10\d ×2$/, /^time/] },
    { property: 'workers', outcome: 'pass', observed: /^3 of 3: 10/ },
  ]);
  const two = await serve(t, workers(['101', '102']));
  t.match(await check(two, { http: '/' }, { repeat, processes }), [
    { outcome: 'pass', observed: 'all 24 pass' },
    {
      property: 'workers',
      outcome: 'fail',
      expected: 'all workers answer',
      observed: '2 of 3: 102 ×12, 101 ×12; silent: 103',
      notes: [/raise concurrency/],
    },
  ]);
  const late = await serve(t, workers([...Array.from({ length: 15 }, () => '101'), '102', '103']));
  t.match(
    await check(late, { http: '/' }, { repeat, processes }),
    [{ outcome: 'pass' }, { outcome: 'pass' }],
    'more requests are sent until all have answered',
  );
});

await tap.test('a worker is told by a header, the body, JSON, or not at all', async (t) => {
  const repeat: Repeat = { times: 9, concurrency: 2, maxFailures: 0, workers: 3 };
  const names = ['101', '102', '103'];
  const say = (write: (name: string, response: ServerResponse) => void) => serve(t, workers(names, write));
  const rows: [number, object, string][] = [
    [await say((name, response) => response.setHeader('x-me', name).end()), { header: 'X-Me' }, 'pass'],
    [await say((name, response) => response.end(`by pid ${name}`)), { body: '/pid (\\d+)/' }, 'pass'],
    [await say((name, response) => response.end(`{"os":{"pid":${name}}}`)), { json: 'os.pid' }, 'pass'],
    [await say((_name, response) => response.end('{}')), { json: 'os.pid' }, 'error'],
    [await say((_name, response) => response.end()), { of: 'app' }, 'error'],
    [await say((_name, response) => response.setHeader('x-me', '101').end()), { header: 'x-me' }, 'fail'],
  ];
  for (const [port, worker, outcome] of rows) {
    const [, result] = await check(port, { http: '/', worker }, { repeat, processes });
    t.match(result, { property: 'workers', outcome }, JSON.stringify(worker));
  }
  const [, unknown] = await check(
    await say((name, response) => response.setHeader('x-worker', `w${name}`).end()),
    { http: '/' },
    { repeat: { ...repeat, workers: 'all' }, processes },
  );
  t.match(unknown, { outcome: 'error', observed: /not known how many workers .* is no pid/ });
});

await tap.test('statuses and the first failing body are told', async (t) => {
  let n = 0;
  const port = await serve(t, (_request, response) => {
    n += 1;
    if (n % 20 === 0) response.writeHead(500).end('<h1>boom</h1>');
    else response.end('ok');
  });
  const [result] = await check(port, { http: '/' }, { repeat: LOAD });
  t.match(result?.notes, [/^first: #\d+/, 'answer: boom', /^cause/, 'status: 200 ×57, 500 ×3', /^time: p50/]);
});

await tap.test('what cannot be repeated so is refused', async (t) => {
  const refused = (item: object, repeat: Partial<Repeat>) =>
    httpVerifier.refuseRepeat?.(httpVerifier.spec.parse(item), { ...LOAD, ...repeat })?.key;
  t.equal(refused({ http: '/' }, { token: true }), 'token');
  t.equal(refused({ http: '/', request: { headers: { 'x-id': '${number}' } } }, { token: true }), undefined);
  t.equal(refused({ http: '/', from: 'instance' }, { connection: 'reuse' }), 'connection');
  t.equal(refused({ http: '/', from: 'instance' }, { connection: 'new' }), undefined);
  t.equal(refused({ http: '/', error: 'refused' }, { workers: 'all' }), 'workers');
});

await tap.test('the counters of a stats server', async (t) => {
  const text = '{"version":"2.0","workers":[{"pid":71,"requests":3},{"pid":0,"requests":0}]}';
  t.same([...workersIn(text, 'x')], [['71', 3]]);
  t.throws(() => workersIn('<html>', 'x'), /did not answer with JSON/);
  t.throws(() => workersIn('{}', 'x'), /tells of no workers/);
});
