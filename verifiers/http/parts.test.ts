import tap from 'tap';
import { atPath } from '../../src/checks/json-path.ts';
import { parseRawResponse } from './raw-response.ts';

const parse = (text: string, method = 'GET') => parseRawResponse(Buffer.from(text, 'latin1'), method);

await tap.test('a path leads through objects and lists', async (t) => {
  const value = { a: { b: [{ c: 1 }, { c: 2 }] }, 'x.y': { z: 3 } };
  const rows: [string, unknown][] = [
    ['a.b[0].c', 1],
    ['a.b[-1].c', 2],
    ['$.a.b.length', 2],
    ['a.b.1.c', 2],
    ['["x.y"].z', 3],
    ['a.nope.c', undefined],
    ['a.b[7].c', undefined],
    ['a.toString', undefined],
  ];
  for (const [path, wanted] of rows) t.equal(atPath(value, path), wanted, path);
  t.equal(atPath([5], '[0]'), 5);
});

await tap.test('a raw response is read whatever its framing', async (t) => {
  const rows: [string, string, boolean][] = [
    ['HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok', 'ok', true],
    ['HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nok', 'ok', false],
    ['HTTP/1.0 200 OK\r\n\r\nto the end', 'to the end', true],
    ['HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n\r\nok', 'ok', true],
    [
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nabc\r\n2\r\nde\r\n0\r\n\r\n',
      'abcde',
      true,
    ],
    ['HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n', 'abc', false],
  ];
  for (const [text, body, isComplete] of rows) {
    const response = parse(text);
    t.equal(response?.status, 200);
    t.equal(response?.body.toString(), body);
    t.equal(response?.isComplete, isComplete, text);
  }
  t.match(parse('HTTP/1.1 200 OK\r\nSet-Cookie: a\r\nset-cookie: b\r\n\r\n')?.headers, {
    'set-cookie': ['a', 'b'],
  });
  t.match(parse('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n', 'HEAD'), { isComplete: true });
  for (const text of ['', 'SSH-2.0\r\n\r\n', 'HTTP/1.1 200 OK\r\n']) t.equal(parse(text), undefined, text);
});
