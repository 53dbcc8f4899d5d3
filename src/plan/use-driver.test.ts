import tap from 'tap';
import { loadFrom } from '../../test/corpus/kitchen-folder.ts';
import { createPlugins } from '../plugins.ts';
import { resolveInstances } from './resolve.ts';
import { withDriver } from './use-driver.ts';

const plugins = createPlugins({ env: {}, cacheDir: '/nowhere' });
const KITCHEN = `
driver: {name: vagrant, customize: {memory: 2048}}
transport: {name: ssh, username: vagrant}
provisioner: {name: chef_zero}
platforms:
  - name: ubuntu-24.04
    driver: {box: bento/ubuntu-24.04}
  - name: almalinux-9
  - name: debian-12
    driver: {name: docker, image: "debian:12", init: none}
suites: [{name: web, run_list: ["recipe[web]"]}]
`;

await tap.test('one flag takes a vagrant kitchen to Docker, by the names of its platforms', async (t) => {
  const { instances } = await loadFrom(t, KITCHEN);
  const moved = withDriver(instances, 'docker', plugins.drivers);
  t.same(
    moved.map((one) => [one.driver.name, one.driver.settings, one.transport.name]),
    [
      ['docker', {}, undefined],
      ['docker', {}, undefined],
      // What names the driver already keeps its settings, and the vagrant box settings it would not understand.
      ['docker', instances[2]?.driver.settings, 'ssh'],
    ],
  );
  t.equal(moved[0]?.locate(['driver', 'name']), undefined, 'no file says so');
  t.match(moved[0]?.locate(['provisioner', 'run_list']), { file: 'kitchen.yml' });
  const resolved = resolveInstances(moved.slice(0, 2), plugins, new Set(['create']));
  t.same(
    resolved.map((one) => one.driver.image?.(one.instance, one.driverConfig)),
    ['dokken/ubuntu-24.04', 'dokken/almalinux-9'],
  );
});

await tap.test('another driver selects; an unknown one is a misspelling', async (t) => {
  const { instances } = await loadFrom(t, KITCHEN);
  const names = (driver: string) =>
    withDriver(instances, driver, plugins.drivers).map((one) => one.instance.platform);
  t.same(names('vagrant'), ['ubuntu-24.04', 'almalinux-9']);
  t.same(names('dokken'), ['ubuntu-24.04', 'almalinux-9', 'debian-12'], 'an alias means the same driver');
  t.throws(() => names('dokcer'), { code: 'usage.no_such_driver', hint: /did you mean 'docker'/ });
  const docker = instances.filter(({ driver }) => driver.name === 'docker');
  t.throws(
    () => withDriver(docker, 'ec2', plugins.drivers),
    {
      code: 'usage.no_such_driver',
      message: "no instance has the driver 'ec2'",
      expected: 'one of docker',
      hint: /set driver: \{name: ec2\}/,
    },
    'a run of nothing would be green',
  );
});
