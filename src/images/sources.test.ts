import tap from 'tap';
import { debianMirrors, parseDeb822, parseSourcesList } from './sources.ts';

const ONE_LINE = `
# deb http://commented/debian bookworm main
deb [arch=amd64 signed-by=/k.gpg] http://mirror.corp/debian/ bookworm main contrib # ours
deb-src http://mirror.corp/debian bookworm main
deb http://mirror.corp/debian-security bookworm-security main
`;

const DEB822 = `Types: deb deb-src
# a comment
URIs: http://a.example/debian
Suites: bookworm bookworm-updates
Components: main
 contrib
Signed-By: /k.gpg

Types: deb
URIs: https://packages.example/node
Suites: nodistro
Components: main

Enabled: no
Types: deb
URIs: http://off.example/debian
Suites: bookworm
Components: main
`;

await tap.test('the one-line format is read with options and comments', async (t) => {
  t.strictSame(parseSourcesList(ONE_LINE), [
    { uri: 'http://mirror.corp/debian', suite: 'bookworm', components: ['main', 'contrib'] },
    { uri: 'http://mirror.corp/debian-security', suite: 'bookworm-security', components: ['main'] },
  ]);
});

await tap.test('stanzas are read with continuation lines, disabled ones are not', async (t) => {
  t.strictSame(
    parseDeb822(DEB822).map((one) => `${one.uri} ${one.suite} ${one.components.join('+')}`),
    [
      'http://a.example/debian bookworm main+contrib',
      'http://a.example/debian bookworm-updates main+contrib',
      'https://packages.example/node nodistro main',
    ],
  );
});

await tap.test('the host’s Debian mirror is used, other archives are not', async (t) => {
  t.strictSame(debianMirrors(parseSourcesList(ONE_LINE)), {
    main: 'http://mirror.corp/debian',
    security: 'http://mirror.corp/debian-security',
  });
  t.equal(debianMirrors(parseDeb822(DEB822))?.main, 'http://a.example/debian');
  t.equal(debianMirrors(parseSourcesList('deb http://mirror.corp/ubuntu noble main')), undefined);
});
