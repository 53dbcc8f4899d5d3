import tap from 'tap';
import { atPath, pathProblem } from './json-path.ts';
import { atXmlPath, xmlPathProblem } from './xml-path.ts';

await tap.test('keys with dots are found with quotes and without', async (t) => {
  const value = { log: { 'level.root': 'warn', level: { web: 'info' } }, 'a.b': { c: 1 } };
  t.equal(atPath(value, 'log.level.root'), 'warn');
  t.equal(atPath(value, 'log.level.web'), 'info');
  t.equal(atPath(value, 'a.b.c'), 1);
  t.equal(atPath(value, '["a.b"].c'), 1);
  t.equal(atPath(value, 'a.b.d'), undefined);
  t.equal(atPath(value, '$.log["level.root"]'), 'warn');
  t.equal(atPath([[1, 2], [3]], '$[0][-1]'), 2);
  t.equal(atPath({ $: 5, $schema: 'x' }, '$schema'), 'x');
});

await tap.test('a path that would be read as another is told, before it leads nowhere', async (t) => {
  for (const path of [
    'a',
    'a.b',
    '[0]',
    '$',
    '$.a[0].b',
    'a["*"]',
    "['x y'].z",
    'a-b:c/d',
    '.a[0]',
    '${token}.x',
  ])
    t.equal(pathProblem(path), undefined, path);
  for (const path of [
    'a..b',
    '..a',
    'a.',
    'a[',
    'a]',
    'a[b]',
    'a[0',
    'a[*]',
    '*',
    'a.*',
    '$..a',
    'a[?(@.x)]',
  ])
    t.match(pathProblem(path), /path/, path);
});

await tap.test(
  'paths of XML are those of XPath: positions from 1, names with dots, one element or several',
  async (t) => {
    const value = { c: { 'a.b': [{ '#text': 'x', '@id': '1' }, 'y'], one: 'z' } };
    t.equal(atXmlPath(value, '/c/a.b[1]'), 'x');
    t.equal(atXmlPath(value, '/c/a.b[1]/@id'), '1');
    t.equal(atXmlPath(value, '/c/a.b[2]'), 'y');
    t.equal(atXmlPath(value, '/c/a.b[3]'), undefined);
    t.equal(atXmlPath(value, '/c/one[1]'), 'z');
    t.equal(atXmlPath(value, 'c.one'), 'z');
    t.equal(xmlPathProblem('/ns:config/server[1]/@port'), undefined);
    for (const path of ['//port', '/a/*', '/a/b[0]', '/a[@id=1]', '/a/text()', '/', 'a..b'])
      t.ok(xmlPathProblem(path), path);
  },
);
