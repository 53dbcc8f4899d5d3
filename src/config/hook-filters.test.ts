import tap from 'tap';
import { loadFrom } from '../../test/corpus/kitchen-folder.ts';

await tap.test(
  'a hook that is for no platform of its level is told; the peer skips it silently',
  async (t) => {
    const { warnings } = await loadFrom(
      t,
      `
lifecycle:
  pre_create: {local: a, includes: [debian-12, ubunut-24.04]}
  post_create: [{remote: a, includes: /fedora/}, {local: b, excludes: [debian-12]}, make]
platforms:
  - {name: debian-12, lifecycle: {pre_verify: {local: a, includes: [ubuntu-24.04]}}}
  - {name: ubuntu-24.04}
suites:
  - {name: a, includes: [debian-12], lifecycle: {pre_verify: {local: a, includes: /ubuntu/}}}
  - {name: b, lifecycle: {pre_verify: {local: a, includes: /ubuntu/, excludes: /deb(/}}}
`,
    );
    t.match(
      warnings.map(({ message, location }) => `${location?.line} ${message}`),
      [
        '3 "ubunut-24.04" in includes of the hook pre_create is no platform that it is for',
        '4 "/fedora/" in includes of the hook post_create is no platform that it is for',
        '6 "ubuntu-24.04" in includes of the hook pre_verify is no platform that it is for',
        '9 "/ubuntu/" in includes of the hook pre_verify is no platform that it is for',
      ],
    );
    t.equal(warnings.length, 4);
  },
);

await tap.test('excludes beside includes has no effect, and that is told', async (t) => {
  const { warnings } = await loadFrom(
    t,
    'platforms: [{name: a}, {name: b}]\nsuites: [{name: s, includes: [a], excludes: [b]}]',
  );
  t.match(warnings, [
    { message: 'excludes of the suite "s" has no effect beside includes', location: { line: 2 } },
  ]);
});
