import tap from 'tap';
import { judgeGroup } from './judge.ts';
import { groupSpec } from './schema.ts';

const user = (name: string, gid: number) => ({ name, found: true, uid: 1, gid });
const accounts = {
  users: [user('app', 8), user('x', 9)],
  groups: [{ name: 'web', found: true, gid: 8, members: ['deploy', 'app'] }],
  unsure: new Map([['group gone', 'getent took longer than 10 s']]),
  passwords: new Map(),
  groupsOf: new Map(),
  sudo: new Map(),
  keys: new Map(),
};
const judge = (more: object) =>
  judgeGroup(groupSpec.parse({ group: 'web', ...more }), { accounts, via: 'exec' });

await tap.test('members are those listed and those whose primary group it is, each once', (t) => {
  t.match(judge({ members: { exactly: ['deploy', 'app'] } }), [{ outcome: 'pass' }, { outcome: 'pass' }]);
  t.match(judge({ members: 'x' })[1], { outcome: 'fail', observed: '["deploy","app"]' });
  t.match(judge({ group: 'gone', exists: false }), [{ outcome: 'error', observed: /getent took/ }]);
  t.match(judge({ group: 'wev' }), [{ outcome: 'fail', notes: ['there is a group web'] }]);
  for (const bad of [{ exists: false, gid: 8 }, { gid: 'web' }, { group: '' }])
    t.notOk(groupSpec.safeParse({ group: 'web', ...bad }).success, JSON.stringify(bad));
  t.end();
});
