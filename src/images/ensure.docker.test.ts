import { existsSync } from 'node:fs';
import { join } from 'node:path';
import tap from 'tap';
import { connectEngine } from '../docker/connect.ts';
import { buildImage } from './build.ts';
import { buildAll } from './build-all.ts';
import { ensureImage } from './ensure.ts';

const engine = await connectEngine(process.env);
const tag = `galley-test-images-present:${process.pid}`;
tap.teardown(async () =>
  engine.docker
    .getImage(tag)
    .remove({ force: true })
    .catch(() => undefined),
);

const options = (t: { testdir(): string }, policy: 'missing' | 'never') => {
  const said: string[] = [];
  return { policy, cacheDir: t.testdir(), onProgress: (text: string) => said.push(text), said };
};

await tap.test('an image that is there is used as it is, without asking anyone', async (t) => {
  const id = await buildImage(
    engine,
    {
      tags: [tag],
      dockerfile: 'FROM scratch\nCOPY a /a\n',
      files: { a: { text: 'a' } },
      labels: {},
      network: false,
      title: 'test',
    },
    { onProgress: () => undefined },
  );
  const asked = options(t, 'missing');
  t.strictSame(await ensureImage(engine, tag, asked), {
    id,
    ref: tag,
    digest: id,
    requested: tag,
    source: 'present',
  });
  t.strictSame(asked.said, []);
});

await tap.test('policy never neither pulls nor builds', async (t) => {
  const asked = options(t, 'never');
  await t.rejects(ensureImage(engine, 'galley-test-images-none:1', asked), {
    code: 'image.unavailable',
    kind: 'infrastructure',
    details: [/never/],
  });
  t.strictSame(asked.said, []);
});

await tap.test(
  'an image of a registry that does not answer is unavailable, and the silence is remembered',
  async (t) => {
    const asked = options(t, 'missing');
    const ref = '127.0.0.1:1/galley-test/none:1';
    await t.rejects(ensureImage(engine, ref, asked), {
      code: 'image.unavailable',
      details: [/^pull: .*(refused|connect)/, /^build: no local recipe/],
      hint: /galley images list/,
    });
    t.strictSame(asked.said, [`pulling ${ref}`]);
    t.ok(existsSync(join(asked.cacheDir, 'silent-registries.json')));
    await t.rejects(ensureImage(engine, ref, asked), {
      code: 'image.unavailable',
      details: [/not asked again/, /./],
    });
    t.equal(asked.said.length, 1, 'no second attempt');
  },
);

await tap.test('a build that fails shows its last lines and leaves no container', async (t) => {
  const before = (await engine.docker.listContainers({ all: true })).filter(
    (one) => one.Image === tag,
  ).length;
  const request = {
    tags: [`${tag}-bad`],
    dockerfile: `FROM ${tag}\nRUN ["/nothing-there"]\n`,
    files: {},
    labels: {},
    network: false,
    title: 'bad image',
  };
  await t.rejects(buildImage(engine, request, { onProgress: () => undefined }), {
    code: 'image.build_failed',
    message: /bad image/,
    details: [/./],
  });
  const after = (await engine.docker.listContainers({ all: true })).filter((one) => one.Image === tag).length;
  t.equal(after, before);
});

await tap.test('an unknown name is refused before anything is built', async (t) => {
  await t.rejects(
    buildAll(engine, ['debian-12', 'solaris'], { cacheDir: t.testdir(), onProgress: () => undefined }),
    {
      code: 'image.unknown',
      kind: 'usage',
      got: 'solaris',
    },
  );
});
