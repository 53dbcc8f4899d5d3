import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import tap from 'tap';
import { checksReference } from '../src/checks/docs.ts';
import { createPlugins } from '../src/plugins.ts';
import { REPO } from './galley.ts';

const MADE = 'The rest of this page is made from the schemas.\n\n';
const path = join(REPO, 'docs/checks.md');

await tap.test('docs/checks.md says what the schemas say (`npm run docs` writes it)', async (t) => {
  const page = readFileSync(path, 'utf8');
  const [intro = ''] = page.split(MADE);
  const reference = checksReference(createPlugins({ env: {}, cacheDir: '' }).verifiers.values());
  const wanted = `${intro}${MADE}${reference}`;
  if (process.argv.includes('--write')) writeFileSync(path, wanted);
  else t.equal(page, wanted);
});
