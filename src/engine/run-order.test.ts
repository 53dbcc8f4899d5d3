import tap from 'tap';
import type { InstanceConfig } from '../core/kitchen.ts';
import type { ResolvedInstance } from '../plan/resolve.ts';
import { StateStore } from '../state/state-store.ts';
import { BaseSnapshots } from './bases.ts';
import { neededBases } from './plan-bases.ts';
import type { RunContext } from './run-context.ts';
import type { Command } from './run-instance.ts';
import { destroyItems, itemsInOrder } from './run-order.ts';
import { runLimited } from './scheduler.ts';

/** `name<base`, as many as there are; a base that is not listed is an instance that is not selected. */
function instances(...texts: readonly string[]): { name: string; resolved: ResolvedInstance }[] {
  return limited(undefined, ...texts);
}

/** With `concurrency` of their driver. */
function limited(
  limit: number | undefined,
  ...texts: readonly string[]
): { name: string; resolved: ResolvedInstance }[] {
  return texts.map((text) => {
    const [name = '', base] = text.split('<');
    const config = { from: base === undefined ? undefined : { suite: base, instance: base } };
    const resolved = {
      instance: { name, suite: name, platform: '' },
      config: config as InstanceConfig,
      steps: [],
      driver: { name: 'ec2', concurrency: (limit: number | undefined) => limit },
      driverConfig: limit,
    };
    return { name, resolved: resolved as unknown as ResolvedInstance };
  });
}

const TEST: Command = { verb: 'test', destroyPolicy: 'passing' };

async function needed(
  store: StateStore,
  command: Command,
  ...texts: readonly string[]
): Promise<readonly string[]> {
  const all = instances(...texts).map((one) => one.resolved);
  return (await neededBases(all, command, store)).map(({ name, gives }) => (gives ? `${name} gives` : name));
}

async function recorded(store: StateStore, instance: string): Promise<void> {
  const state = { v: 1, instance, suite: '', platform: '', driver: '', configHash: '', runId: '' } as const;
  const rest = { machine: {}, services: {}, uploaded: {}, updatedAt: '' };
  await store.write({ ...state, ...rest, lastAction: 'verify' });
}

await tap.test('which bases a run needs, and which of them give their snapshot themselves', async (t) => {
  const store = new StateStore(t.testdir());
  t.same(await needed(store, TEST, 'a', 'b<a', 'c<b', 'd'), ['a gives', 'b gives'], 'first bases first');
  t.same(await needed(store, TEST, 'c<b'), ['b'], 'one that is not selected does not');
  t.same(await needed(store, { ...TEST, verb: 'create' }, 'a', 'b<a'), ['a'], 'created is not converged');
  t.same(await needed(store, { ...TEST, verb: 'destroy' }, 'a', 'b<a'), []);
  await recorded(store, 'a');
  t.same(
    await needed(store, { ...TEST, verb: 'verify' }, 'a', 'b<a'),
    ['a'],
    'one that was changed since does not',
  );
  t.same(await needed(store, TEST, 'a', 'b<a'), ['a gives'], '`test` makes it anew');
  await recorded(store, 'b');
  t.same(
    await needed(store, { ...TEST, verb: 'verify' }, 'a', 'b<a'),
    [],
    'a machine that is there needs none',
  );
});

await tap.test('instances come after what they start from, also one at a time', async (t) => {
  const store = new StateStore(t.testdir());
  const bases = new BaseSnapshots(new Map());
  const order: string[] = [];
  const items = await itemsInOrder(
    { store } as RunContext,
    instances('c<b', 'd', 'b<a', 'a'),
    TEST,
    bases,
    async ({ instance: { name } }) => {
      order.push(name);
      bases.settle({ instance: name, outcome: 'passed', phases: [], slowest: [] });
    },
  );
  await runLimited(items, 1, (item) => item.start(), { gate: (item) => item.gate });
  t.same(order, ['a', 'b', 'c', 'd']);
});

await tap.test('destroy goes the other way', async (t) => {
  const order: string[] = [];
  const items = destroyItems(
    instances('a', 'b<a', 'c<b', 'd'),
    async ({ instance }) => void order.push(instance.name),
  );
  await runLimited(items, 1, (item) => item.start(), { gate: (item) => item.gate });
  t.same(order, ['c', 'b', 'a', 'd']);
});

await tap.test('no more at a time than the driver’s concurrency says', async (t) => {
  const store = new StateStore(t.testdir());
  let running = 0;
  let peak = 0;
  const run = async (): Promise<void> => {
    running += 1;
    peak = Math.max(peak, running);
    await new Promise((resolve) => setImmediate(resolve));
    running -= 1;
  };
  for (const items of [
    await itemsInOrder(
      { store } as RunContext,
      limited(2, 'a', 'b', 'c', 'd'),
      TEST,
      new BaseSnapshots(new Map()),
      run,
    ),
    destroyItems(limited(2, 'a', 'b', 'c', 'd'), run),
  ]) {
    peak = 0;
    await runLimited(items, 4, (item) => item.start(), { room: (item) => item.room });
    t.equal(peak, 2);
  }
});
