import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import tap from 'tap';
import { stringify } from 'yaml';

const require = createRequire(import.meta.url);
/** The file under test runs without a build and has no types. */
const { singleFile } = (await import(new URL('./single-file.mjs', import.meta.url).href)) as {
  singleFile: (entry: string, licence: string) => string;
};

await tap.test('a package with circles, folders and built-in modules works as one file', (t) => {
  const dir = t.testdir({
    'index.js':
      "const a = require('./lib/a.js');\nexports.name = a.name;\nexports.sep = require('path').sep;\n",
    lib: {
      'a.js': "exports.name = 'a';\nexports.b = require('../b.js').b;\n",
    },
    'b.js': 'const a = require("./lib/a.js");\nexports.b = () => a.name;\n',
  });
  writeFileSync(join(dir, 'one.cjs'), singleFile(join(dir, 'index.js'), 'Copyright somebody'));
  t.same(require(join(dir, 'one.cjs')), { name: 'a', sep: '/' });
  t.end();
});

await tap.test('the YAML library as one file reads what it writes', (t) => {
  const dir = t.testdir();
  writeFileSync(join(dir, 'yaml.cjs'), singleFile(require.resolve('yaml'), 'Copyright'));
  const yaml = require(join(dir, 'yaml.cjs')) as typeof import('yaml');
  const value = { a: [1, 'x: y', null], 'b c': { d: 'two\nlines\n' } };
  t.same(yaml.parseDocument(stringify(value)).toJS(), value);
  t.equal(yaml.stringify(value), stringify(value));
  t.end();
});
