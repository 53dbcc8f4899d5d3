import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import tap from 'tap';
import { checksReference } from '../src/checks/docs.ts';
import { platformReference } from '../src/images/platforms.ts';
import { kitchenJsonSchema } from '../src/plan/json-schema/kitchen.ts';
import { optionsReference } from '../src/plan/options-reference.ts';
import { createPlugins } from '../src/plugins.ts';
import { reportJsonSchema } from '../src/reporters/formats/json-schema.ts';
import { REPO } from './galley.ts';

const MADE = 'The rest of this page is made from the schemas.\n\n';
const TABLE = 'This table is made from the code.\n\n';
const plugins = createPlugins({ env: {}, cacheDir: '' });
const checksPage = join(REPO, 'docs/checks.md');

await tap.test('docs/checks.md says what the schemas say (`npm run docs` writes it)', async (t) => {
  const page = readFileSync(checksPage, 'utf8');
  const [intro = ''] = page.split(MADE);
  const reference = checksReference(plugins.verifiers.values());
  const wanted = `${intro}${MADE}${reference}`;
  if (process.argv.includes('--write')) writeFileSync(checksPage, wanted);
  else t.equal(page, wanted);
});

await tap.test('docs/kitchen.schema.json says what the schemas say (`npm run docs` writes it)', async (t) => {
  const path = join(REPO, 'docs/kitchen.schema.json');
  const wanted = `${JSON.stringify(kitchenJsonSchema(plugins), null, 1)}\n`;
  if (process.argv.includes('--write')) writeFileSync(path, wanted);
  else t.ok(readFileSync(path, 'utf8') === wanted, 'run `npm run docs` and commit the difference');
});

await tap.test('docs/options.md says what the schemas say (`npm run docs` writes it)', async (t) => {
  const path = join(REPO, 'docs/options.md');
  const page = readFileSync(path, 'utf8');
  const [intro = ''] = page.split(MADE);
  const wanted = `${intro}${MADE}${optionsReference(plugins)}`;
  if (process.argv.includes('--write')) writeFileSync(path, wanted);
  else t.equal(page, wanted);
});

await tap.test('docs/platforms.md says what the driver does (`npm run docs` writes it)', async (t) => {
  const path = join(REPO, 'docs/platforms.md');
  const page = readFileSync(path, 'utf8');
  const [intro = ''] = page.split(TABLE);
  const wanted = `${intro}${TABLE}${platformReference()}`;
  if (process.argv.includes('--write')) writeFileSync(path, wanted);
  else t.equal(page, wanted);
});

await tap.test('docs/report.schema.json says what the schema says (`npm run docs` writes it)', async (t) => {
  const path = join(REPO, 'docs/report.schema.json');
  const wanted = `${JSON.stringify(reportJsonSchema(), null, 1)}\n`;
  if (process.argv.includes('--write')) writeFileSync(path, wanted);
  else t.ok(readFileSync(path, 'utf8') === wanted, 'run `npm run docs` and commit the difference');
});
