import tap from 'tap';
import { loadFrom } from '../../test/corpus/kitchen-folder.ts';
import { resolveInstances } from '../plan/resolve.ts';
import { createPlugins } from '../plugins.ts';
import { cookbookName, newKitchen, withIgnored } from './new-kitchen.ts';

const plugins = createPlugins({ env: {}, cacheDir: '/nowhere' });

await tap.test('what init writes is valid, with a cookbook and without', async (t) => {
  for (const cookbook of ['web', undefined]) {
    const { instances, warnings } = await loadFrom(t, newKitchen(cookbook, 'kitchen.schema.json'));
    t.same(warnings, []);
    const [one, ...others] = resolveInstances(instances, plugins, new Set(['converge', 'verify']));
    t.same(others, []);
    t.equal(one?.instance.name, 'default-debian-12');
    t.equal(one?.checks.length, 1);
    t.same(one?.config.provisioner.settings['run_list'], cookbook && ['recipe[web::default]']);
  }
});

await tap.test('its first check looks at something, and the examples beside it are valid too', async (t) => {
  const text = newKitchen('web', 'kitchen.schema.json');
  const types = async (kitchen: string) => {
    const { instances } = await loadFrom(t, kitchen);
    const [one] = resolveInstances(instances, plugins, new Set(['verify']));
    return one?.checks.map((check) => check.type);
  };
  t.same(await types(text), ['idempotent']);
  t.same(await types(text.replaceAll(/# (?=- |  status)/g, '')), ['idempotent', 'http', 'service', 'port']);
  t.notMatch(text, /docs\//, 'its user has no such folder');
});

await tap.test('the name of the cookbook is read without running metadata.rb', async (t) => {
  t.equal(cookbookName("# name 'no'\nname 'web-app'\nversion '1'", undefined), 'web-app');
  t.equal(cookbookName('name("web")', undefined), 'web');
  t.equal(cookbookName(undefined, '{"name": "web"}'), 'web');
  t.equal(cookbookName('name File.basename(__dir__)', 'broken'), undefined);
});

await tap.test('.gitignore gets its line once', async (t) => {
  t.equal(withIgnored(undefined), '.galley/\n');
  t.equal(withIgnored('a'), 'a\n.galley/\n');
  t.equal(withIgnored('a\r\n.galley\r\n'), undefined);
  t.equal(withIgnored('/.galley/\n'), undefined);
});
