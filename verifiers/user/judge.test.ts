import tap from 'tap';
import type { AccountFacts } from '../../src/core/system-facts.ts';
import { judgeUser } from './judge.ts';
import { userSpec } from './schema.ts';

const ACCOUNTS: AccountFacts = {
  users: [
    { name: 'app', found: true, uid: 7, gid: 8, home: '/srv', shell: '', comment: '' },
    {
      name: 'far',
      found: true,
      uid: 9000,
      gid: 9000,
      home: '/home/far',
      shell: '/bin/sh',
      comment: '',
      isRemote: true,
    },
  ],
  groups: [{ name: 'web', found: true, gid: 8, members: [] }],
  unsure: new Map([['passwd gone', 'getent took longer than 10 s']]),
  passwords: new Map([['app', { error: '/etc/shadow: Permission denied' }]]),
  groupsOf: new Map([['app', { error: 'id took longer than 10 s' }]]),
  sudo: new Map([['app', { value: ['(root) NOPASSWD: SETENV: ALL'] }]]),
  keys: new Map(),
};
const judge = (more: object) =>
  judgeUser(userSpec.parse({ user: 'app', ...more }), { accounts: ACCOUNTS, via: 'exec' });

await tap.test('what could not be read is an error, for positive and negative checks', (t) => {
  for (const more of [{ locked: false }, { locked: true }, { password: 'set' }])
    t.match(judge(more)[1], { outcome: 'error', observed: /could not look: \/etc\/shadow/ });
  t.match(judge({ groups: { none: 'sudo' } })[1], { outcome: 'error', observed: /10 s/ });
  t.match(judge({ keys: { absent: true } })[1], { outcome: 'error' });
  for (const exists of [true, false])
    t.match(judge({ user: 'gone', exists }), [{ outcome: 'error', observed: /getent took/ }]);
  t.end();
});

await tap.test('a user of a directory says so; a number without a group has no name', (t) => {
  t.match(judge({ user: 'far' }), [{ outcome: 'pass', source: /getent passwd/ }]);
  t.match(judge({ user: 'far', group: 'web' })[1], { outcome: 'fail', notes: [/9000 has no name/] });
  t.match(judge({ sudo: true })[1], { outcome: 'pass' });
  t.match(judge({ shell: '/bin/sh' })[1], { outcome: 'fail', observed: '""' });
  t.end();
});

await tap.test('contradictions and typos are refused', (t) => {
  for (const bad of [
    { exists: false, uid: 1 },
    { uid: 'x' },
    { locked: 'yes' },
    { group: [] },
    { shel: 'x' },
    { user: 'a b' },
    { user: '-x' },
  ])
    t.notOk(userSpec.safeParse({ user: 'app', ...bad }).success, JSON.stringify(bad));
  t.end();
});
