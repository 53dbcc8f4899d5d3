import tap from 'tap';
import { loadFrom } from '../../test/corpus/kitchen-folder.ts';
import { createPlugins } from '../plugins.ts';
import { resolveInstances } from './resolve.ts';

const KITCHEN = `
driver: {name: docker}
transport: {name: ssh, ssh_key: a}
provisioner: {name: dummy}
platforms:
  - {name: debian-11}
  - {name: debian-12, driver: {name: proxy, host: h}}
  - {name: debian-13, driver: {name: proxy, host: h}, transport: {name: dokken}}
suites: [{name: web}]
`;

await tap.test(
  'a transport that cannot reach the machines of a driver is said so, and not used',
  async (t) => {
    const { instances } = await loadFrom(t, KITCHEN);
    const plugins = createPlugins({ env: {}, cacheDir: '/nowhere' });
    const resolved = resolveInstances(instances, plugins, new Set(['converge']));
    t.same(
      resolved.map((one) => [one.driver.name, one.transport.name]),
      [
        ['docker', 'docker'],
        ['proxy', 'ssh'],
        ['proxy', 'ssh'],
      ],
    );
    t.match(resolved[1]?.transportConfig, { ssh_key: ['a'] });
    t.match(resolved[2]?.transportConfig, { ssh_key: undefined }, 'not the settings of another transport');
    const said = resolved.map((one) => one.notes.map(({ message }) => message));
    t.match(said, [
      [/the transport ssh does not reach machines of the driver docker/],
      [],
      [/transport dokken does not/],
    ]);
  },
);
