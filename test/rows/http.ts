import type { CheckRow } from '../check-table.ts';

/** A WSGI application that tells what it was asked, and by which worker. */
export const HTTP_APP = String.raw`
import json, os, time
def application(env, start):
  path = env['PATH_INFO']
  size = int(env.get('CONTENT_LENGTH') or 0)
  said = {'method': env['REQUEST_METHOD'], 'host': env['HTTP_HOST'], 'asked': env.get('HTTP_X_ASK'),
    'body': env['wsgi.input'].read(size).decode(), 'pid': os.getpid()}
  if path == '/slow': time.sleep(1)
  # As long as one worker is at it, the other is given the next one.
  if path == '/busy': time.sleep(0.04)
  if path.startswith('/redirect/') and path != '/redirect/0':
    start('302 Found', [('Location', '/redirect/%d' % (int(path[10:]) - 1))]); return [b'']
  status = '404 Not Found' if path == '/none' else '500 Oh' if path == '/error' else '200 OK'
  start(status, [('Content-Type', 'application/json'), ('X-Worker-Pid', str(os.getpid())), ('X-Two', 'a'), ('X-Two', 'b')])
  return [json.dumps(said).encode()]
`;

/** Two workers, and the stats server that counts their requests. */
export const HTTP_START =
  'systemd-run -q --unit web uwsgi --plugin python3 --http-socket :8081 --wsgi-file /srv/app.py --master --processes 2 --stats 127.0.0.1:9191 --need-app';

const U = 'http://localhost:8081';
const echo = { http: `${U}/echo` };
const busy = { http: `${U}/busy` };
const many = { times: 24, concurrency: 4 };

const ROWS: readonly CheckRow[] = [
  [{ http: '/echo', port: 8081, json: { method: 'GET' } }, 'pass'],
  [{ http: '/none', port: 8081 }, 'fail', /404/],
  [{ ...echo, status: 200, headers: { 'X-Two': ['a', 'b'], 'content-type': 'application/json' } }, 'pass'],
  [{ ...echo, status: 201 }, 'fail', /^200/],
  [{ http: `${U}/error` }, 'fail', /500[^]*its log has the stack trace/],
  [{ ...echo, headers: { 'X-Two': 'c' } }, 'fail', /"a","b"/],
  [{ ...echo, body: { contains: '"method"' } }, 'pass'],
  [{ ...echo, body: 'goodbye' }, 'fail', /method/],
  [{ ...echo, json: { method: 'POST' } }, 'fail', /"GET"/],
  [{ ...echo, host: 'shop.example', json: { host: 'shop.example' } }, 'pass'],
  [{ ...echo, host: 'shop.example', json: { host: 'localhost' } }, 'fail', /shop\.example/],
  [{ ...echo, method: 'put', json: { method: 'PUT' } }, 'pass'],
  [{ ...echo, method: 'PUT', json: { method: 'GET' } }, 'fail', /PUT/],
  [{ ...echo, request: { headers: { 'X-Ask': 'yes' } }, json: { asked: 'yes' } }, 'pass'],
  [{ ...echo, request: { headers: { 'X-Ask': 'yes' } }, json: { asked: { absent: true } } }, 'fail'],
  [{ ...echo, method: 'POST', request: { body: 'words' }, json: { body: 'words' } }, 'pass'],
  [{ ...echo, method: 'POST', request: { body: 'words' }, json: { body: '' } }, 'fail', /words/],
  [{ ...echo, method: 'POST', request: { json: { a: 1 } }, json: { body: '{"a":1}' } }, 'pass'],
  [{ ...echo, method: 'POST', request: { json: { a: 1 } }, json: { body: '' } }, 'fail'],
  [{ http: `${U}/slow`, timeout: '90s', time: { first: { gte: 900 }, total: { gte: 900 } } }, 'pass'],
  [{ http: `${U}/slow`, timeout: '200ms' }, 'fail', /timeout/],
  [{ http: `${U}/slow`, time: { first: { lt: 500 } } }, 'fail'],
  [{ http: `${U}/slow`, time: { total: { lt: 500 } } }, 'fail'],
  [{ http: `${U}/redirect/2`, followRedirects: true, redirects: 2 }, 'pass'],
  [{ http: `${U}/redirect/2`, followRedirects: true, redirects: 1 }, 'fail', /^2/],
  [{ http: `${U}/redirect/2`, followRedirects: false }, 'fail', /302[^]*redirects to \/redirect\/1/],
  [{ http: `${U}/redirect/3`, followRedirects: true, maxRedirects: 3 }, 'pass'],
  [{ http: `${U}/redirect/3`, followRedirects: true, maxRedirects: 2 }, 'fail', /too many redirects/],
  [{ http: 'http://localhost:9999/', from: 'instance', error: 'refused' }, 'pass'],
  [{ ...echo, error: 'refused' }, 'fail', /answered with status 200/],
  [{ ...busy, repeat: { ...many, workers: 2 } }, 'pass'],
  [{ ...busy, worker: { header: 'X-Worker-Pid' }, repeat: { ...many, workers: 'all' } }, 'pass'],
  [{ ...busy, worker: { header: 'X-Worker-Pid' }, repeat: { ...many, workers: 3 } }, 'fail'],
  [{ ...busy, worker: { body: '/"pid": (\\d+)/' }, repeat: { ...many, workers: 2 } }, 'pass'],
  [{ ...busy, worker: { body: '/"pid": (\\d+)/' }, repeat: { ...many, workers: 3 } }, 'fail'],
  [{ ...busy, worker: { json: 'pid' }, repeat: { ...many, workers: 2 } }, 'pass'],
  [{ ...busy, worker: { json: 'pid' }, repeat: { ...many, workers: 3 } }, 'fail'],
  [{ ...busy, worker: { stats: '127.0.0.1:9191' }, repeat: { ...many, workers: 2 } }, 'pass'],
  [{ ...busy, worker: { stats: '127.0.0.1:9191' }, repeat: { ...many, workers: 3 } }, 'fail'],
  [
    { ...busy, worker: { of: { process: 'uwsgi', role: 'worker' } }, repeat: { ...many, workers: 'all' } },
    'pass',
  ],
  // The master never answers.
  [{ ...busy, worker: { of: 'uwsgi' }, repeat: { ...many, workers: 'all' } }, 'fail'],
];

/** A busy machine may take long to answer; nobody waits for it where it does not. */
export const HTTP: readonly CheckRow[] = ROWS.map(([item, ...wanted]) => [
  { timeout: '120s', ...item },
  ...wanted,
]);
