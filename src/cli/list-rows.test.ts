import tap from 'tap';
import { instanceNamed, loadFrom } from '../../test/corpus/kitchen-folder.ts';
import type { InstanceState } from '../state/instance-state.ts';
import { listLines, orphanRow, platformDoubts, rowOf } from './list-rows.ts';

const STATE: InstanceState = {
  v: 1,
  instance: 'a-debian-12',
  suite: 'a',
  platform: 'debian-12',
  driver: 'ec2',
  configHash: '',
  runId: 'r',
  machine: { instanceId: 'i-1' },
  services: {},
  uploaded: {},
  updatedAt: '',
};

await tap.test(
  'a row: names of plugins as the peer prints them, and how far the instance has come',
  async (t) => {
    const kitchen = await loadFrom(
      t,
      'driver: {name: ec2}\nplatforms: [{name: debian-12}]\nsuites: [{name: a}]\n',
    );
    const config = instanceNamed(kitchen, 'a-debian-12');
    const machine = { machine: true, orphan: false };
    const cases: readonly (readonly [
      Partial<InstanceState> | undefined,
      number | undefined,
      object,
      RegExp,
    ])[] = [
      [undefined, undefined, { machine: false, last_action: null }, /not created/],
      [{ machine: {} }, undefined, { machine: false }, /not created/],
      [{}, undefined, machine, /create failed/],
      [{ lastAction: 'converge' }, undefined, { ...machine, last_action: 'converge' }, /converge/],
      [{ lastAction: 'verify', step: 'v2' }, undefined, { last_step: 'v2' }, /verify v2/],
      [{ lastAction: 'create', attempting: 'converge' }, undefined, {}, /interrupted in converge/],
      [{ attempting: 'verify' }, 17, { in_use_by: 17 }, /verify \(pid 17\)/],
      [undefined, 17, { in_use_by: 17 }, /waiting \(pid 17\)/],
    ];
    for (const [state, pid, fields, progress] of cases) {
      const row = rowOf(config, state && { ...STATE, ...state }, pid === undefined ? undefined : { pid });
      t.match(row, { instance: 'a-debian-12', driver: 'Ec2', ...fields });
      t.match(listLines([row])[1], progress);
    }
  },
);

await tap.test('what is left of an instance names its driver and no other plugin', async (t) => {
  const lastError = { code: 'ec2.quota', kind: 'infrastructure', message: 'm' };
  const row = orphanRow('gone', { ...STATE, lastError });
  t.match(row, { instance: 'gone', driver: 'Ec2', transport: '', orphan: true, last_error: 'ec2.quota' });
  t.match(listLines([row])[1], /^gone +Ec2 +create failed +ec2\.quota$/);
  t.match(orphanRow('unreadable', undefined), { driver: '', machine: false });
});

await tap.test(
  'a platform that no image is known for is doubted once, where no image is named',
  async (t) => {
    const kitchen = await loadFrom(
      t,
      `platforms: [{name: debain-12}, {name: debian-12}]
suites: [{name: a}, {name: b}, {name: c, driver: {image: own}}]`,
    );
    t.match(platformDoubts(kitchen.instances), [/^kitchen\.yml:1:\d+: .*debain/]);
  },
);
