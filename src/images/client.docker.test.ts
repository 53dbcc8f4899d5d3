import { existsSync } from 'node:fs';
import { join } from 'node:path';
import tap from 'tap';
import { connectEngine } from '../docker/connect.ts';
import { removeResource } from '../docker/resources.ts';
import { buildImage, type ContextFile } from './build.ts';
import { ensureClient } from './client-image.ts';
import { ensureClientVolume } from './client-volume.ts';

const engine = await connectEngine(process.env);
const tag = (name: string) => `galley-test-images-client:${name}-${process.pid}`;
const quiet = { onProgress: () => undefined };

async function imageWith(
  t: { teardown(done: () => unknown): void },
  name: string,
  files: Record<string, ContextFile>,
) {
  t.teardown(async () =>
    engine.docker
      .getImage(tag(name))
      .remove({ force: true })
      .catch(() => undefined),
  );
  const copies = Object.keys(files).map((path) => `COPY ${path} /${path}\n`);
  const dockerfile = `FROM scratch\n${copies.join('')}`;
  await buildImage(
    engine,
    { tags: [tag(name)], dockerfile, files, labels: {}, network: false, title: name },
    quiet,
  );
  return tag(name);
}

const CINC = {
  'opt/cinc/bin/cinc-client': { text: '#!/bin/sh\n' },
  'opt/cinc/version-manifest.json': { text: '{"build_version":"18.2.7"}' },
};

await tap.test('an image without a client is named, with what was looked for', async (t) => {
  const image = await imageWith(t, 'none', { 'etc/x': { text: 'x' } });
  const options = { policy: 'missing' as const, cacheDir: t.testdir(), ...quiet };
  await t.rejects(ensureClient(engine, { image }, options), {
    code: 'client.missing',
    kind: 'infrastructure',
    expected: '/opt/cinc/bin/cinc-client or /opt/chef/bin/chef-client',
    hint: /chef_image/,
  });
});

await tap.test('product and version of a named image are found by looking inside', async (t) => {
  const image = await imageWith(t, 'cinc', CINC);
  const cacheDir = t.testdir();
  const found = await ensureClient(engine, { image }, { policy: 'missing', cacheDir, ...quiet });
  t.match(found, {
    product: 'cinc',
    version: '18.2.7',
    mountPath: '/opt/cinc',
    binary: '/opt/cinc/bin/cinc-client',
    source: 'present',
  });
  t.ok(existsSync(join(cacheDir, 'clients', `${found.imageId.slice(7, 19)}.json`)), 'and remembered');
});

await tap.test('a version that cannot be built is unavailable when no registry has it', async (t) => {
  const request = { product: 'chef' as const, version: '12.0.0' };
  await t.rejects(ensureClient(engine, request, { policy: 'never', cacheDir: t.testdir(), ...quiet }), {
    code: 'image.unavailable',
    message: /chef client 12\.0\.0/,
  });
});

await tap.test('the client volume is filled once, and again after a crash in the middle', async (t) => {
  const image = await imageWith(t, 'volume', CINC);
  const options = { cacheDir: t.testdir(), ...quiet };
  const client = await ensureClient(engine, { image }, { policy: 'missing', ...options });
  const said: string[] = [];
  const ensure = async () =>
    ensureClientVolume(engine, client, { ...options, onProgress: (text) => said.push(text) });
  const name = `galley-client-${client.imageId.slice(7, 19)}`;
  const remove = async (volume: string) =>
    removeResource(engine, { kind: 'volume', id: volume, name: volume });
  t.teardown(async () => Promise.all([remove(name), remove(`${name}-ok`)]));

  const names = await Promise.all([ensure(), ensure()]);
  t.strictSame(names, [{ name }, { name }]);
  t.equal(said.length, 1, 'filled by one of the two');
  t.match(await engine.docker.getVolume(name).inspect(), { Labels: { 'galley-cache': 'client' } });
  t.equal(await contentOf(name, client.imageId), 'opt/cinc/bin/cinc-client');

  await remove(name);
  await engine.docker.createVolume({ Name: name });
  await remove(`${name}-ok`);
  await ensure();
  t.equal(said.length, 2);
  t.equal(await contentOf(name, client.imageId), 'opt/cinc/bin/cinc-client');
});

await tap.test(
  'trap: dokken goes on using the client it first met under a name; here the volume is named after the content',
  async (t) => {
    const options = { cacheDir: t.testdir(), ...quiet };
    const volumeOf = async (content: string) => {
      const image = await imageWith(t, 'latest', { ...CINC, 'opt/cinc/version': { text: content } });
      const client = await ensureClient(engine, { image }, { policy: 'missing', ...options });
      const { name } = await ensureClientVolume(engine, client, options);
      t.teardown(async () => {
        for (const id of [name, `${name}-ok`]) await removeResource(engine, { kind: 'volume', id, name: id });
      });
      return name;
    };
    t.not(await volumeOf('1'), await volumeOf('2'), 'one tag, two contents');
  },
);

/** Looks at the volume through a container whose image has nothing at that path. */
async function contentOf(volume: string, imageId: string): Promise<string> {
  const container = await engine.docker.createContainer({
    Image: imageId,
    Cmd: ['/never-started'],
    Labels: { 'galley-cache': 'look' },
    HostConfig: {
      Mounts: [
        {
          Type: 'volume',
          Source: volume,
          Target: '/seen',
          ReadOnly: true,
          VolumeOptions: { NoCopy: true } as never,
        },
      ],
    },
  });
  try {
    (await container.infoArchive({ path: '/seen/bin/cinc-client' })).resume();
    return 'opt/cinc/bin/cinc-client';
  } finally {
    await container.remove({ force: true });
  }
}
