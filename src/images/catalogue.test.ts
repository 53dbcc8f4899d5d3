import tap from 'tap';
import { localRecipe, parseImage } from './catalogue.ts';

await tap.test('references are split as the registries split them', async (t) => {
  t.strictSame(parseImage('debian'), { registry: 'docker.io', path: 'debian', tag: 'latest' });
  t.strictSame(parseImage('library/debian:12'), { registry: 'docker.io', path: 'debian', tag: '12' });
  t.strictSame(parseImage('localhost:5000/a/b:1'), { registry: 'localhost:5000', path: 'a/b', tag: '1' });
  t.strictSame(parseImage('registry.example/a/b'), {
    registry: 'registry.example',
    path: 'a/b',
    tag: 'latest',
  });
  t.match(parseImage('debian@sha256:ab'), { path: 'debian', digest: 'sha256:ab' });
});

const name = (ref: string) => localRecipe(ref)?.name;

await tap.test('known images have a local recipe', async (t) => {
  t.equal(name('dokken/debian-11'), 'debian-11');
  t.equal(name('dokken/debian-13:latest'), 'debian-13');
  t.equal(name('debian:12'), 'debian-12-base');
  t.equal(name('debian:bookworm-slim'), 'debian-12-base');
  t.equal(name('debian:12.7'), 'debian-12-base');
  t.equal(name('postgres'), 'postgres');
  t.equal(name('postgres:15-alpine'), 'postgres');
  t.equal(name('galley/debian-12'), 'debian-12');
  t.equal(name('motoserver/moto:5.1.1'), 'moto');
});

await tap.test('what a recipe cannot be is not replaced by it', async (t) => {
  for (const ref of [
    'postgres:17',
    'debian:9',
    'redis:6',
    'registry.example/dokken/debian-12',
    'debian@sha256:ab',
    'nginx',
  ]) {
    t.equal(localRecipe(ref), undefined, ref);
  }
});
