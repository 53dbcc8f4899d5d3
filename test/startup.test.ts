import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import tap from 'tap';
import { REPO } from './galley.ts';

/** Prints the packages that were loaded, when the process ends. */
const SPY = `
import { registerHooks } from 'node:module';
const packages = new Set();
registerHooks({ load: (url, context, next) => {
  const name = /node_modules\\/((?:@[^/]+\\/)?[^/]+)/.exec(url)?.[1] ?? (url.startsWith('node:') ? url : undefined);
  if (name) packages.add(name);
  return next(url, context);
} });
process.on('exit', () => process.stderr.write(JSON.stringify([...packages].sort())));
`;

async function loadedBy(args: readonly string[], kitchen: string): Promise<readonly string[]> {
  const hook = `data:text/javascript,${encodeURIComponent(SPY)}`;
  const bin = join(REPO, 'src/cli/bin.ts');
  const { stderr } = await promisify(execFile)(process.execPath, ['--import', hook, bin, ...args], {
    cwd: join(REPO, 'fixtures/configs', kitchen),
  });
  return (JSON.parse(stderr) as readonly string[]).filter(
    (name) => !/^node:(fs|os|path|url|util)/.test(name),
  );
}

await tap.test('a list loads the YAML library and nothing else that takes long', async (t) => {
  const light = ['node:process', 'node:timers/promises', 'yaml'];
  const loaded = await loadedBy(['list'], 'policyfile');
  t.strictSame(
    loaded.filter((name) => !light.includes(name) && name !== 'node:buffer'),
    [],
  );
  t.ok(loaded.includes('yaml'), 'the spy sees');
});
