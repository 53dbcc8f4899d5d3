import tap from 'tap';
import type { CheckDeclaration } from '../core/check.ts';
import type { Snapshot, SnapshotNeeds } from '../core/snapshot.ts';
import type { Connection } from '../core/transport.ts';
import type { Verifier } from '../core/verifier.ts';
import { markOf, takeMarks } from './marks.ts';

const check = (path: string, more: Partial<CheckDeclaration> = {}): CheckDeclaration =>
  ({ id: path, type: 'log', title: path, spec: path, ...more }) as CheckDeclaration;
const log = {
  name: 'log',
  marks: {
    when: (path: string) => (path.startsWith('/') ? 'converge' : undefined),
    key: (path: string) => path,
    needs: (path: string) => ({ files: [{ path, content: false }] }),
    take: async (path: string, { snapshot }: { snapshot: Snapshot }) => {
      if (path === '/bad') throw new Error('password=s3cret is wrong');
      return snapshot.takenAt;
    },
  },
} as unknown as Verifier;
const marking = (snapshot: Partial<Snapshot>, asked: SnapshotNeeds[] = []) => ({
  connection: {} as Connection,
  signal: new AbortController().signal,
  takeSnapshot: async (needs: SnapshotNeeds) => {
    asked.push(needs);
    return { takenAt: 7, errors: {}, ...snapshot } as Snapshot;
  },
});
const verifiers = new Map([['log', log]]);

await tap.test('all checks of an occasion remember in one look; errors are remembered too', async (t) => {
  const asked: SnapshotNeeds[] = [];
  const checks = [
    check('/a'),
    check('/a'),
    check('/bad'),
    check('never'),
    check('/skipped', { skip: 'why' }),
    check('x', { type: 'port' }),
  ];
  t.same(await takeMarks(checks, verifiers, 'converge', marking({}, asked)), {
    'log /a': { value: 7 },
    'log /bad': { error: 'password=‹6 chars› is wrong' },
  });
  t.same(asked, [
    {
      files: [
        { path: '/a', content: false },
        { path: '/bad', content: false },
      ],
    },
  ]);
  t.same(await takeMarks(checks, verifiers, 'verify', marking({}, asked)), {});
  const kept = { 'log /a': { value: 7 }, 'log never': { value: 8 } };
  t.same(markOf(check('/a'), log, kept), { value: 7 });
  t.equal(markOf(check('never'), log, kept), undefined, 'what is not compared with is not given');
  t.equal(asked.length, 1, 'where nobody remembers, nobody looks');
});

await tap.test('what could not be looked at is remembered as such', async (t) => {
  const failing = { ...marking({}), takeSnapshot: () => Promise.reject(new Error('no perl')) };
  t.same(await takeMarks([check('/a')], verifiers, 'converge', failing), { 'log /a': { error: 'no perl' } });
  const partly = marking({ errors: { files: 'cut' } });
  t.same(await takeMarks([check('/a')], verifiers, 'converge', partly), { 'log /a': { error: 'cut' } });
  const aborted = { ...failing, signal: AbortSignal.abort(new Error('stop')) };
  await t.rejects(takeMarks([check('/a')], verifiers, 'converge', aborted), { message: 'stop' });
});
