import tap from 'tap';
import { expiredOf } from './expiry.ts';
import type { FoundResource } from './resources.ts';

const NOW = Date.parse('2026-11-21T12:00:00Z');
const PAST = '2026-11-20T12:00:00Z';
const FUTURE = '2026-11-22T12:00:00Z';

const made = (
  name: string,
  expires: string | undefined,
  labels: Record<string, string> = {},
): FoundResource => ({
  kind: 'container',
  id: name,
  name,
  labels: {
    'galley.project': 'p',
    'galley.instance': 'i',
    ...(expires !== undefined && { 'galley.expires': expires }),
    ...labels,
  },
});
const names = (...found: FoundResource[]) => expiredOf(found, NOW).map((one) => one.name);

await tap.test('what is past its time is expired, in whatever project', async (t) => {
  t.same(names(made('old', PAST), made('new', FUTURE, { 'galley.project': 'q' })), ['old']);
  t.same(names(made('a', PAST), made('b', PAST, { 'galley.project': 'q' })), ['a', 'b']);
});

await tap.test('one part of an instance that is still wanted keeps the others', async (t) => {
  t.same(names(made('network', PAST), made('later service', FUTURE)), []);
  const other = { 'galley.instance': 'j' };
  t.same(names(made('network', PAST, other), made('later service', FUTURE)), ['network']);
});

await tap.test('caches, and what does not say when, are never expired', async (t) => {
  const cache: FoundResource = {
    ...made('c', PAST),
    labels: { 'galley-cache': 'client', 'galley.expires': PAST },
  };
  t.same(names(cache), []);
  const ofBuiltImage = made('container with the labels of its image', PAST, { 'galley-cache': 'image' });
  t.same(names(ofBuiltImage), [ofBuiltImage.name]);
  t.same(names(made('unknown', undefined), made('broken', 'soon', { 'galley.instance': 'j' })), []);
});
