import tap from 'tap';
import { type Field, file, missing, ran, read } from '../../../../test/system-rows.ts';
import type { SystemFacts } from '../../../core/system-facts.ts';

const PASSWD = file('/etc/passwd', 'root:x:0:0:root:/root:/bin/sh\napp::7:7:::\nnis-line\n+::::::\n');
const GROUP = file('/etc/group', 'root:x:0:\napp:x:7:\nweb:x:8:app,x\n');

await tap.test('accounts: local, remote, unreadable', (t) => {
  const { facts, errors } = read(
    PASSWD,
    GROUP,
    ['w', 'root', 'locked', null],
    ['w', 'app', 'absent', null],
    ['w', 'ldap', 'absent', '/etc/shadow: Permission denied'],
    ran('passwd ldap', 'ldap:*:9000:9000:From afar:/home/ldap:/bin/bash\n'),
    ran('passwd nope', '', 2),
    missing('id app'),
    ran('id ldap', 'ldap admins\n'),
    ran(
      'sudo root',
      'Matching Defaults entries for root on x:\n    env_reset\n\nUser root may run the following commands on x:\n    (ALL :  ALL) ALL\n',
    ),
    ran('sudo app', 'User app is not allowed to run sudo on x.\n'),
    ran('sudo nope', 'sudo: unknown user nope\n', 1),
    missing('sudo gone'),
    ran(
      'keys app',
      'absent /home/app/.ssh/authorized_keys2\nfile /home/app/.ssh/authorized_keys\n# us\nssh-rsa AAAA me\n\n',
    ),
    ran('keys nope', '', 3),
  );
  t.same(errors, {});
  const { accounts } = facts;
  t.same(
    accounts?.users.map((one) => [one.name, one.uid, one.isRemote === true]),
    [
      ['root', 0, false],
      ['app', 7, false],
      ['ldap', 9000, true],
    ],
  );
  t.same(accounts?.passwords.get('root'), { value: 'locked' });
  t.same(
    accounts?.passwords.get('app'),
    { value: 'none' },
    'an empty field of /etc/passwd is an empty password',
  );
  t.match(accounts?.passwords.get('ldap'), { error: /Permission denied/ });
  t.same(accounts?.groupsOf.get('app'), { value: ['app', 'web'] }, 'without id, from the files');
  t.same(accounts?.groupsOf.get('ldap'), { value: ['ldap', 'admins'] });
  t.same(accounts?.sudo.get('root'), { value: ['(ALL : ALL) ALL'] });
  t.same(accounts?.sudo.get('app'), { value: [] });
  t.match(accounts?.sudo.get('nope'), { error: /unknown user/ });
  t.same(accounts?.sudo.get('gone'), { value: [] });
  t.same(accounts?.keys.get('app'), {
    value: {
      lines: ['ssh-rsa AAAA me'],
      files: ['/home/app/.ssh/authorized_keys2 (absent)', '/home/app/.ssh/authorized_keys'],
    },
  });
  t.match(accounts?.keys.get('nope'), { error: /no home/ });
  t.same([...(accounts?.unsure ?? [])], []);
  const ldap = file('/etc/nsswitch.conf', 'passwd: files [NOTFOUND=continue] sss\ngroup:  files systemd\n');
  const rows = [missing('passwd far'), missing('passwd app'), missing('group far')];
  t.same(
    [...(read(PASSWD, GROUP, ldap, ...rows).facts.accounts?.unsure ?? [])],
    [['passwd far', 'getent is not on the instance and nsswitch.conf names sss']],
  );
  t.match(
    [...(read(PASSWD, GROUP, ['c', 'group far', 'timeout', null, -1]).facts.accounts?.unsure ?? [])],
    [['group far', /longer than 10 s/]],
  );
  t.match(read(PASSWD, ['g', '/etc/group', '/etc/group', 1, null, 0, 'Permission denied']).errors, {
    accounts: '/etc/group: Permission denied',
  });
  t.end();
});

const packages = (key: string, text: string, ...more: Field[][]): SystemFacts['packages'] =>
  read(ran(`packages ${key}`, text), ...more).facts.packages;
const SYSTEM = '["system",""]';

await tap.test('packages of dpkg, rpm and apk', (t) => {
  const dpkg = packages(
    SYSTEM,
    'manager dpkg\na\tamd64\thold\tinstalled\t1:2-3\nb\tall\tdeinstall\tconfig-files\t1\nc\tall\tunknown\tnot-installed\t\nd\tall\tinstall\ttriggers-pending\t4\n',
  )?.tables[0];
  t.match(dpkg, {
    manager: 'dpkg',
    installed: [
      { name: 'a', version: '1:2-3', held: true },
      { name: 'd', held: false },
    ],
    leftovers: [{ name: 'b', state: 'config-files' }],
  });
  const rpm = packages(
    SYSTEM,
    'manager rpm\nlock 0:nginx-1.20\nlock nginx-1:1.20.1-1.el9.*\nnginx\tx86_64\tinstall\tinstalled\t1:1.20.1-1.el9\nnginx-core\tx86_64\tinstall\tinstalled\t1:1.20.1-1.el9\n',
  )?.tables[0];
  t.match(rpm?.installed, [{ name: 'nginx', version: '1:1.20.1-1.el9', held: true }, { held: false }]);
  const apk = packages(
    SYSTEM,
    'manager apk\nlock nginx=1.24.0-r6\nlock musl\nP:nginx\nV:1.24.0-r6\nA:x86_64\nP:musl\nV:1\n',
  );
  t.match(apk?.tables[0]?.installed, [
    { name: 'nginx', version: '1.24.0-r6', architecture: 'x86_64', held: true },
    { name: 'musl', held: false },
  ]);
  t.match(packages(SYSTEM, 'manager none: neither dpkg\n')?.tables[0], {
    error: 'neither dpkg',
    installed: [],
  });
  t.match(read(['c', `packages ${SYSTEM}`, 'timeout', null, -1]).facts.packages?.tables[0], {
    error: /longer than 10 s/,
  });
  t.end();
});

await tap.test('packages of gem, pip and npm are read from their folders', (t) => {
  const gem = packages(
    '["gem",""]',
    'dir /g\nspec nokogiri-1.13.10-x86_64-linux.gemspec\nspec rspec-core-3.0.0.rc1.gemspec\n',
  );
  t.match(gem?.tables[0]?.installed, [
    { name: 'nokogiri', version: '1.13.10' },
    { name: 'rspec-core', version: '3.0.0.rc1' },
  ]);
  const pip = packages(
    '["pip","/v"]',
    'dir /v\nspec PyYAML-6.0.egg-info\nspec zope.interface-5.5-py3.11.egg-info\nspec Flask_SQLAlchemy-3.1.1.dist-info\n',
  );
  t.match(pip?.tables[0]?.installed, [
    { name: 'pyyaml', version: '6.0' },
    { name: 'zope-interface', version: '5.5' },
    { name: 'flask-sqlalchemy', version: '3.1.1' },
  ]);
  const npm = packages(
    '["npm","/w"]',
    'dir /w/node_modules\njson {"name":"a","version":"1.0.0"}\njson {broken\nname a/package.json\nname @s/b/package.json\n',
  );
  t.match(npm?.tables[0]?.installed, [
    { name: 'a', version: '1.0.0' },
    { name: '@s/b', version: '' },
  ]);
  t.match(packages('["npm","/w"]', '')?.tables[0], { error: 'no folder of Node modules in /w' });
  t.end();
});

const POLICY = `manager dpkg
cron:
  Installed: 3.0pl1-162
  Candidate: 3.0pl1-163
  Version table:
     3.0pl1-163 500
        500 http://mirror/debian sid/main amd64 Packages
 *** 3.0pl1-162 500
        500 http://mirror/debian bookworm/main amd64 Packages
        100 /var/lib/dpkg/status
     3.0pl1-100 -1
        -1 http://old/debian buster/main amd64 Packages
`;

await tap.test('the repository of the installed version, and changed files', (t) => {
  const repo = (text: string, code = 0): unknown =>
    packages(SYSTEM, 'manager dpkg\n', ran('repo x', text, code))?.repos.get('x');
  t.same(repo(POLICY), { value: ['http://mirror/debian bookworm/main amd64'] });
  t.same(repo(POLICY.replace(/.*bookworm.*\n/, '')), { value: [] }, 'from no repository that is known');
  t.match(repo('manager dpkg\nx:\n  Version table:\n *** 1 100\n        100 /var/lib/dpkg/status\n'), {
    error: /lists/,
  });
  t.same(repo('apt-cache is missing\n', 9), { error: 'apt-cache is missing' });
  t.same(repo('manager rpm\nappstream\n'), { value: ['appstream'] });
  const changed = (text: string, code = 0): unknown =>
    packages(SYSTEM, 'manager dpkg\n', ran('verify x', text, code))?.changed.get('x');
  t.same(
    changed(`manager dpkg
path-exclude /usr/share/doc/*
path-include /usr/share/doc/*/copyright
sums /var/lib/dpkg/info/x.md5sums
missing     /usr/share/doc/x/README
missing     /usr/share/doc/x/copyright
missing   c /etc/x
??5??????   /usr/bin/x y
`),
    {
      value: [
        { path: '/usr/share/doc/x/copyright', isConfig: false, isMissing: true },
        { path: '/etc/x', isConfig: true, isMissing: true },
        { path: '/usr/bin/x y', isConfig: false, isMissing: false },
      ],
    },
  );
  t.same(changed('manager rpm\nS.5......  c /etc/hello.conf\n.......T.    /opt/b\nmissing     /opt/c\n'), {
    value: [
      { path: '/etc/hello.conf', isConfig: true, isMissing: false },
      { path: '/opt/c', isConfig: false, isMissing: true },
    ],
  });
  t.match(changed('manager dpkg\n'), { error: /no digests/ });
  t.match(changed('manager rpm\npackage x is not installed\n', 1), { error: /not installed/ });
  t.end();
});
