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

await tap.test(
  'services over a connection that does not lead back need an address of this machine',
  async (t) => {
    const faultOf = async (transport: string, driver = '{name: ec2}') => {
      const { instances } = await loadFrom(
        t,
        `
driver: ${driver}
transport: ${transport}
provisioner: {name: dummy}
platforms: [{name: debian-12}]
services: {db: {image: "postgres:15"}}
suites: [{name: web}]
`,
      );
      const plugins = createPlugins({ env: {}, cacheDir: '/nowhere' });
      try {
        resolveInstances(instances, plugins, new Set(['create']));
        return undefined;
      } catch (error) {
        return error;
      }
    };
    t.match(await faultOf('{name: ssm}'), {
      code: 'config.services_out_of_reach',
      kind: 'config',
      got: 'services: db',
      hint: /service_address: auto/,
      location: { line: 6 },
    });
    for (const right of ['{name: ssm, service_address: auto}', '{name: ssm, service_address: 10.0.1.5}'])
      t.equal(await faultOf(right), undefined);
    t.equal(await faultOf('{name: ssh}'), undefined);
    t.equal(await faultOf('{name: docker}', '{name: docker}'), undefined);
    for (const wrong of ['runner.internal', '10.0.1', '10.0.1.5:80'])
      t.match(await faultOf(`{name: ssm, service_address: "${wrong}"}`), {
        message: /service_address.* is neither an IPv4 address of this machine nor auto/,
      });
  },
);
