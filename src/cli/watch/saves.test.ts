import { setTimeout as sleep } from 'node:timers/promises';
import tap from 'tap';
import { Saves } from './saves.ts';

const { signal } = new AbortController();

await tap.test('several saves in a row are one batch, each file once', async (t) => {
  const saves = new Saves(30);
  const next = saves.next(signal);
  saves.add('/a');
  await sleep(1);
  saves.add('/b');
  saves.add('/a');
  t.same(await next, ['/a', '/b']);
});

await tap.test('what is saved while nobody asks is one batch later, and no second one', async (t) => {
  const saves = new Saves(1);
  for (let n = 0; n < 5; n += 1) saves.add('/a');
  saves.add('/b');
  t.same(await saves.next(signal), ['/a', '/b']);
  const controller = new AbortController();
  const further = saves.next(controller.signal);
  await sleep(10);
  controller.abort();
  t.equal(await further, undefined);
});

await tap.test('an abort ends the wait, at once and while it is being waited for quiet', async (t) => {
  t.equal(await new Saves(60_000).next(AbortSignal.abort()), undefined);
  const saves = new Saves(60_000);
  saves.add('/a');
  const controller = new AbortController();
  const next = saves.next(controller.signal);
  controller.abort();
  t.equal(await next, undefined);
});
