import tap from 'tap';
import { instanceNamed, loadFrom } from '../../test/corpus/kitchen-folder.ts';
import type { Action } from '../core/instance.ts';
import { createPlugins } from '../plugins.ts';
import { resolveInstances } from './resolve.ts';
import { resolveExisting } from './resolve-existing.ts';

const plugins = createPlugins({ env: {}, cacheDir: '/nowhere' });
const NONE = new Set<Action>();
const DESTROY = new Set<Action>(['destroy']);

const config = async (t: Parameters<typeof loadFrom>[0], text: string) =>
  instanceNamed(
    await loadFrom(t, `platforms: [{name: debian-12}]\nsuites: [{name: a}]\n${text}`),
    'a-debian-12',
  );

await tap.test('what neither reaching nor removing needs is not judged', async (t) => {
  for (const [text, wrong] of [
    ['provisioner: {name: nobody_has_it}', 'provisioner'],
    ['provisioner: {name: chef_infra, run_lost: []}', 'settings of the provisioner'],
    ['verifier: {name: nobody_has_it}', 'verifier'],
    ['verifier: {checks: [{prt: 80}]}', 'checks'],
    ['driver: {name: docker, imagge: x}', 'settings of the driver'],
  ] as const) {
    const one = await config(t, text);
    t.throws(() => resolveInstances([one], plugins, new Set(['converge', 'verify'])), wrong);
    for (const actions of [NONE, DESTROY]) {
      t.match(resolveExisting(one, plugins, 'docker', actions), { driver: { name: 'docker' } }, wrong);
    }
  }
});

await tap.test('the driver that made the machine counts, with its own transport', async (t) => {
  const one = await config(t, 'driver: {name: vagrant, box: x}\ntransport: {name: ssh, username: vagrant}');
  t.match(resolveExisting(one, plugins, 'docker', NONE), {
    driver: { name: 'docker' },
    transport: { name: 'docker' },
  });
  t.throws(() => resolveExisting(one, plugins, undefined, DESTROY), { code: 'config.unknown_driver' });
});

await tap.test('a wrong transport matters to who connects, and to a remote hook', async (t) => {
  const wrong = 'transport: {name: nobody_has_it}\n';
  const one = await config(t, wrong);
  t.throws(() => resolveExisting(one, plugins, 'docker', NONE), { code: 'config.unknown_transport' });
  t.match(resolveExisting(one, plugins, 'docker', DESTROY), { transport: { name: 'docker' } });
  const hooked = await config(t, `${wrong}lifecycle: {pre_destroy: [{remote: "true"}]}`);
  t.throws(() => resolveExisting(hooked, plugins, 'docker', DESTROY), { code: 'config.unknown_transport' });
});
