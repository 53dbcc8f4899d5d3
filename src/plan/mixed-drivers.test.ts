import tap from 'tap';
import { loadFrom } from '../../test/corpus/kitchen-folder.ts';
import { createPlugins } from '../plugins.ts';
import { resolveInstances } from './resolve.ts';

const KITCHEN = `
platforms:
  - {name: debian-12, driver: {name: dokken}, transport: {name: dokken}, provisioner: {name: dokken}}
  - {name: debian-11, driver: {name: docker}, provisioner: {name: chef_infra, root_path: /tmp/kitchen}}
  - {name: debian-13, driver: {name: docker}, provisioner: {name: shell, root_path: /tmp/kitchen, command: "true"}}
suites: [{name: web}]
`;

await tap.test(
  'trap: one instance with dokken changes the sandboxes of all others there; here each keeps its own settings',
  async (t) => {
    const { instances } = await loadFrom(t, KITCHEN);
    const plugins = createPlugins({ env: {}, cacheDir: '/nowhere' });
    const [dokken, chef, shell] = resolveInstances(instances, plugins, new Set(['converge']));
    t.match(dokken?.provisionerConfig, { root_path: '/opt/kitchen' });
    t.match(chef?.provisionerConfig, { root_path: '/tmp/kitchen' });
    t.match(shell?.provisionerConfig, { root_path: '/tmp/kitchen' });
    const [alone] = resolveInstances(instances.slice(1), plugins, new Set(['converge']));
    t.strictSame(alone?.provisionerConfig, chef?.provisionerConfig, 'with dokken beside it and without');
  },
);
