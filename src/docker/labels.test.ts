import tap from 'tap';
import { cacheLabels, filterFor, labelsFor } from './labels.ts';

const ownership = { project: 'web-1a2b', runId: 'r1', owner: 'ann@host', expires: '2030-01-01T00:00:00Z' };

await tap.test('every resource says whose it is, what for, and until when', async (t) => {
  t.strictSame(labelsFor(ownership, 'default-debian-12', 'instance'), {
    'galley.project': 'web-1a2b',
    'galley.instance': 'default-debian-12',
    'galley.run': 'r1',
    'galley.owner': 'ann@host',
    'galley.expires': '2030-01-01T00:00:00Z',
    'galley.kind': 'instance',
  });
  t.notOk('galley.instance' in labelsFor(ownership, undefined, 'network'));
});

await tap.test('a filter never selects everything', async (t) => {
  t.strictSame(filterFor({ project: 'p', instance: 'i' }), {
    label: ['galley.project=p', 'galley.instance=i'],
  });
  t.throws(() => filterFor({}), /at least one label/);
});

await tap.test('what is cached carries none of the labels of a run', async (t) => {
  t.strictSame(
    Object.keys(cacheLabels('image')).filter((key) => key.startsWith('galley.')),
    [],
  );
});
