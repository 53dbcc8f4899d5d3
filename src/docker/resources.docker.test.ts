import tap from 'tap';
import { host } from '../../test/host.ts';
import { ensureImage } from '../images/ensure.ts';
import { localTag, RECIPES } from '../images/recipes.ts';
import { grantableCapabilities } from './capabilities.ts';
import { connectEngine } from './connect.ts';
import { filterFor, labelsFor } from './labels.ts';
import { listLabelled, removeLabelled } from './resources.ts';

const engine = await connectEngine(process.env);
const project = `galley-test-docker-${process.pid}`;
const ownership = { project, runId: 'r', owner: 'test', expires: new Date().toISOString() };
const filter = filterFor({ project });
const recipe = RECIPES.get('debian-12-base');
const image = await ensureImage(engine, recipe ? localTag(recipe) : '', {
  policy: 'missing',
  cacheDir: host.cacheDir,
  onProgress: () => undefined,
});

tap.teardown(async () => removeLabelled(engine, filter));

const labels = (kind: 'instance' | 'network') => labelsFor(ownership, 'one', kind);

async function make(): Promise<void> {
  await engine.docker.createNetwork({ Name: project, Labels: labels('network') });
  await engine.docker.createVolume({ Name: project, Labels: labels('instance') });
  const container = await engine.docker.createContainer({
    name: project,
    Image: image.id,
    // As process 1 it ignores SIGTERM: who stops it gracefully waits for all of this time.
    Cmd: ['sleep', '600'],
    StopTimeout: 600,
    Labels: labels('instance'),
    Volumes: { '/anonymous': {} },
    HostConfig: { NetworkMode: project, Mounts: [{ Type: 'volume', Source: project, Target: '/named' }] },
  });
  await container.start();
}

await tap.test('a running container, its network and its volumes are removed at once', async (t) => {
  await make();
  const [state] = await engine.docker.listContainers({ filters: { label: filter.label } });
  const anonymous = state?.Mounts?.find((mount) => mount.Destination === '/anonymous')?.Name ?? '';
  t.not(anonymous, '');
  t.strictSame(
    (await listLabelled(engine, filter)).map((one) => one.kind),
    ['container', 'network', 'volume'],
  );
  const removed = await removeLabelled(engine, filter);
  t.equal(removed.length, 3);
  t.strictSame(await listLabelled(engine, filter), []);
  await t.rejects(engine.docker.getVolume(anonymous).inspect(), /no such volume/i);
});

await tap.test('two removals at the same time both succeed', async (t) => {
  await make();
  await Promise.all([removeLabelled(engine, filter), removeLabelled(engine, filter)]);
  t.strictSame(await listLabelled(engine, filter), []);
  t.strictSame(await removeLabelled(engine, filter), []);
});

await tap.test('the capabilities read from the process and through a container agree', async (t) => {
  const direct = await grantableCapabilities(engine, { cacheDir: t.testdir() });
  const tried = await grantableCapabilities(
    { ...engine, isLocal: false },
    { cacheDir: t.testdir(), image: image.id },
  );
  t.ok(tried.known);
  t.equal(tried.source, 'container');
  if (direct.source === 'dockerd') t.strictSame(direct.missing, tried.missing);
});
