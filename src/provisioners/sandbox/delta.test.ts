import tap from 'tap';
import type { PlannedFile } from '../../local/planned-file.ts';
import { manifestAfter, manifestBefore, planDelta } from './delta.ts';

const file = (path: string, hash: string, mode = 0o644): PlannedFile => ({
  path,
  source: { text: '' },
  mode,
  sha256: hash,
});

await tap.test('only what changed is sent, a changed mode included', async (t) => {
  const uploaded = manifestAfter([file('a', '1'), file('b', '2'), file('c', '3')], []);
  const plan = [file('a', '1'), file('b', 'x'), file('c', '3', 0o755), file('d', '4')];
  t.same(
    planDelta(plan, uploaded).changed.map((one) => one.path),
    ['b', 'c', 'd'],
  );
  t.same(planDelta(plan, manifestAfter(plan, [])), { changed: [], removed: [] });
});

await tap.test(
  'a file whose transfer was interrupted is sent again, or removed when it is no longer wanted',
  async (t) => {
    const plan = [file('a', '1'), file('b', '2')];
    const interrupted = manifestBefore(planDelta(plan, {}), {});
    t.same(
      planDelta(plan, interrupted).changed.map((one) => one.path),
      ['a', 'b'],
    );
    t.same(planDelta([file('a', '1')], interrupted).removed, ['b']);
  },
);

await tap.test('a removed file stays in the manifest until it is deleted', async (t) => {
  const uploaded = manifestAfter([file('a', '1'), file('old', '2')], []);
  const plan = [file('a', '1')];
  const { removed } = planDelta(plan, uploaded);
  t.same(removed, ['old']);
  t.same(
    planDelta(plan, manifestAfter(plan, removed)).removed,
    ['old'],
    'a crash before the deletion loses nothing',
  );
  t.same(planDelta(plan, manifestAfter(plan, [])).removed, []);
});
