import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import tap from 'tap';
import type { InstanceState } from './instance-state.ts';
import { StateStore } from './state-store.ts';

const state: InstanceState = {
  v: 1,
  instance: 'web-debian-12',
  suite: 'web',
  platform: 'debian-12',
  driver: 'docker',
  configHash: 'abc',
  runId: 'r1',
  machine: { containerName: 'galley-web' },
  services: {},
  uploaded: {},
  updatedAt: '2026-01-01T00:00:00.000Z',
};

await tap.test('what is written is read back', async (t) => {
  const store = new StateStore(`${t.testdir()}/.galley`);
  t.equal(await store.read('web-debian-12', () => t.fail('no quarantine expected')), undefined);
  await store.write(state);
  t.same(await store.read('web-debian-12', () => t.fail('no quarantine expected')), state);
  t.same(await store.names(), ['web-debian-12']);
  t.same(await readdir(store.dir), ['web-debian-12.json'], 'no temporary file is left');
});

await tap.test(
  'the peer dies of one corrupt state file; here it is moved aside and counts as lost',
  async (t) => {
    const store = new StateStore(t.testdir({ 'web-debian-12.json': '{"v":1,"inst' }));
    const moved: string[] = [];
    t.equal(await store.read('web-debian-12', (to) => moved.push(to)), undefined);
    t.equal(moved.length, 1);
    t.match(await readdir(store.dir), [/^web-debian-12\.json\.corrupt-\d+$/]);
  },
);

await tap.test('a state of a shape this version does not know is moved aside, not trusted', async (t) => {
  const store = new StateStore(t.testdir());
  await writeFile(store.path('x'), JSON.stringify({ v: 2, instance: 'x' }));
  let moved = 0;
  t.equal(await store.read('x', () => (moved += 1)), undefined);
  t.equal(moved, 1);
});

await tap.test('who only looks leaves an unparsable state where it is: it leads to an orphan', async (t) => {
  const store = new StateStore(t.testdir({ 'web-debian-12.json': '{"v":1,"inst' }));
  await t.rejects(store.readable('web-debian-12'), { code: 'state.unreadable' });
  t.equal(await store.look('web-debian-12'), 'unreadable');
  t.same(await store.names(), ['web-debian-12']);
  t.equal(await store.readable('db-debian-12'), undefined);
});

await tap.test('a state that cannot be written says so with the file and the kind', async (t) => {
  const store = new StateStore(`${t.testdir({ file: '' })}/file/below`);
  await t.rejects(store.write(state), { code: 'state.cannot_write', kind: 'infrastructure' });
});

await tap.test('a folder or a file in the wrong place is told as that', async (t) => {
  const dir = t.testdir({ state: { 'x.json': {} }, file: '' });
  const read = (folder: string) => new StateStore(join(dir, folder)).read('x', () => undefined);
  await t.rejects(read('state'), { code: 'state.cannot_read', hint: /a folder is where the file must be/ });
  await t.rejects(read('file'), { code: 'state.cannot_read', hint: /must be a folder/ });
});
