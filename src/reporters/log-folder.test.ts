import { mkdirSync, writeFileSync } from 'node:fs';
import tap from 'tap';
import { toErrorRecord } from '../core/errors.ts';
import { LogFiles } from './log-files.ts';

await tap.test('what the disk refuses is infrastructure, with a next step, not a bug', async (t) => {
  const dir = t.testdir({ file: '' });
  const errors: unknown[] = [];
  for (const act of [
    () => mkdirSync(`${dir}/file/x`),
    () => writeFileSync(dir, ''),
    () => writeFileSync('/dev/full', 'x'),
  ]) {
    try {
      act();
    } catch (error) {
      errors.push(error);
    }
  }
  t.equal(errors.length, 3);
  for (const error of errors) {
    t.match(toErrorRecord(error), { code: 'local.file', kind: 'infrastructure', hint: /\w/ });
  }
  t.throws(() => new LogFiles(`${dir}/file/logs`), { code: 'local.no_log_folder', kind: 'infrastructure' });
});
