import tap from 'tap';
import { instanceNamed, loadFrom } from '../../test/corpus/kitchen-folder.ts';
import { settingsOf, shownSetting } from './settings-of.ts';

const KITCHEN = `provisioner:
  name: shell
  script: a.sh
platforms: [{name: debian-12}]
suites:
  - name: plain
    driver: {image: own, ports: [80, 443], empty: {}}
  - name: steps
    steps:
      - {name: v1, provisioner: {script: b.sh}}
      - {name: v2}
`;

await tap.test(
  'each setting has its dotted path and its line; lists by index, what is empty as it is',
  async (t) => {
    const kitchen = await loadFrom(t, KITCHEN);
    const plain = instanceNamed(kitchen, 'plain-debian-12');
    const shown = settingsOf(plain, 'driver').map(({ path, value, place }) => [
      path.join('.'),
      value,
      place?.line,
    ]);
    t.same(shown, [
      ['driver.image', 'own', 7],
      ['driver.ports.0', 80, 7],
      ['driver.ports.1', 443, 7],
      ['driver.empty', {}, 7],
    ]);
    t.same(settingsOf(plain, 'driver.port'), [], 'a key is meant whole');
    t.ok(settingsOf(plain).some(({ path }) => path.join('.') === 'provisioner.script'));
  },
);

await tap.test('of a step: what is its own, and all of it when it is asked for', async (t) => {
  const kitchen = await loadFrom(t, KITCHEN);
  const config = instanceNamed(kitchen, 'steps-debian-12');
  const paths = (key?: string) => settingsOf(config, key).map(({ path }) => path.join('.'));
  t.same(
    paths().filter((path) => path.startsWith('steps.')),
    ['steps.v1.provisioner.script'],
  );
  t.ok(paths('steps.v2').includes('steps.v2.provisioner.script'));
});

await tap.test('a value is shown without its secrets, also that of a step', async (t) => {
  const cases: readonly (readonly [readonly (string | number)[], unknown, string])[] = [
    [['driver', 'image'], 'debian:12', '"debian:12"'],
    [['driver', 'password'], 's3cret', '(secret)'],
    [['steps', 'password', 'provisioner', 'script'], 'a.sh', '"a.sh"'],
    [['steps', 'v1', 'provisioner', 'token'], 's3cret', '(secret)'],
    [['verifier', 'checks', 0, 'value'], 's3cret', '(secret)'],
    [['verifier', 'checks', 0, 'key'], 'PATH', '"PATH"'],
    [['driver', 'ports', 0], 80, '80'],
  ];
  for (const [path, value, expected] of cases) t.equal(shownSetting(path, value), expected, path.join('.'));
});
