import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import tap from 'tap';
import { projectName } from '../../src/config/load.ts';
import { galley, REPO } from '../galley.ts';
import { leftovers } from '../leftovers.ts';

const KITCHEN = `
driver: {name: docker, init: none, image: galley/debian-12-base}
provisioner: {name: shell, command: "true"}
platforms: [{name: debian-12}]
suites: [{name: full, verifier: {checks: [{file: /etc/hostname}]}}]
`;

await tap.test('a full disk is an infrastructure failure with a next step, and leaves nothing', async (t) => {
  const cwd = join(REPO, '.galley', 'test', `disk-full-${process.pid}`);
  mkdirSync(cwd, { recursive: true });
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', cwd]);
  t.teardown(() => {
    execFileSync('umount', ['--lazy', cwd]);
    rmSync(cwd, { recursive: true, force: true });
  });
  writeFileSync(join(cwd, 'kitchen.yml'), KITCHEN);
  try {
    writeFileSync(join(cwd, 'ballast'), Buffer.alloc(1024 * 1024));
  } catch {
    // That is the point: what fits is written, and now the disk is full.
  }
  const run = await galley(['create'], { cwd });
  const text = run.stdout + run.stderr;
  t.equal(run.code, 3, text);
  t.match(text, /disk is full|no space left/i);
  t.match(text, /try +/);
  t.notMatch(text, /bug in Galley/);
  t.same(await leftovers(projectName(cwd)), []);
});
