import tap from 'tap';
import { longestFirst, runLimited } from './scheduler.ts';

await tap.test('the longest known instance starts first, unknown ones before all', async (t) => {
  const items = ['a', 'b', 'c', 'd'].map((name) => ({ name }));
  const order = longestFirst(items, { a: 3, b: 9 }).map((i) => i.name);
  t.same(order, ['c', 'd', 'b', 'a']);
});

await tap.test('never more than the limit run at once, and all run', async (t) => {
  let running = 0;
  let peak = 0;
  const done: number[] = [];
  await runLimited([1, 2, 3, 4, 5], 2, async (n) => {
    running += 1;
    peak = Math.max(peak, running);
    await new Promise((resolve) => setTimeout(resolve, 5));
    running -= 1;
    done.push(n);
  });
  t.equal(peak, 2);
  t.same(
    done.toSorted((a, b) => a - b),
    [1, 2, 3, 4, 5],
  );
});

await tap.test(
  'an item with a gate is passed over until it opens, and holds no place meanwhile',
  async (t) => {
    let open: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (open = resolve));
    const order: string[] = [];
    const work = async (item: string): Promise<void> => {
      order.push(item);
      if (item === 'base') open();
    };
    await runLimited(['waits', 'other', 'base', 'last'], 1, work, {
      gate: (item) => (item === 'waits' ? gate : undefined),
    });
    t.same(order, ['other', 'base', 'waits', 'last']);
  },
);

await tap.test('a group has a limit of its own, beside which others go on', async (t) => {
  const limits: Readonly<Record<string, number>> = { ec2: 2, docker: 1 };
  const running: Record<string, number> = { ec2: 0, docker: 0 };
  const peaks: Record<string, number> = { ec2: 0, docker: 0 };
  const order: string[] = [];
  const ends: (() => void)[] = [];
  const items = ['ec2', 'ec2', 'ec2', 'ec2', 'docker', 'docker'];
  const all = runLimited(
    items,
    6,
    async (group) => {
      order.push(group);
      running[group] = (running[group] ?? 0) + 1;
      peaks[group] = Math.max(peaks[group] ?? 0, running[group]);
      await new Promise<void>((resolve) => ends.push(resolve));
      running[group] -= 1;
    },
    { room: (group) => ({ group, atMost: limits[group] ?? 1 }) },
  );
  t.same(order, ['ec2', 'ec2', 'docker'], 'those without room are passed over');
  while (order.length < items.length || ends.length > 0) {
    ends.shift()?.();
    await new Promise((resolve) => setImmediate(resolve));
  }
  await all;
  t.same(peaks, limits);
});
