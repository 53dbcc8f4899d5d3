import tap from 'tap';
import { loadKitchen } from './load.ts';

await tap.test('a name that cannot be part of a file name is refused where it is written', async (t) => {
  for (const name of ['"a\\0b"', '"a\\nb"', '"\\e[2J"', '"a\\u202Eb"', 'n'.repeat(300)]) {
    const cwd = t.testdir({ 'kitchen.yml': `platforms: [{name: p}]\nsuites:\n  - name: ${name}\n` });
    await t.rejects(loadKitchen({ cwd, env: {} }), { code: 'config.unusable_name', location: { line: 3 } });
  }
});
