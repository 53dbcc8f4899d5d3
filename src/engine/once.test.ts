import { setTimeout as sleep } from 'node:timers/promises';
import tap from 'tap';
import type { GalleyEvent } from '../core/events.ts';
import { createOnce, onceFor } from './once.ts';

await tap.test('work is done once, and who waited for whom is said', async (t) => {
  const events: GalleyEvent[] = [];
  const once = createOnce();
  let made = 0;
  const make = async (): Promise<string> => {
    made += 1;
    await sleep(120);
    return 'image';
  };
  const one = (instance: string) => onceFor(once, instance, (event) => events.push(event));
  const key = 'image debian:12\nunix:///var/run/docker.sock';
  t.same(await Promise.all([one('a')(key, make), one('b')(key, make)]), ['image', 'image']);
  await one('c')(key, make);
  t.equal(made, 1);
  t.match(events, [{ type: 'wait', instance: 'b', what: 'image debian:12', holder: 'a' }]);
  t.equal(events.length, 1, 'who made it and who came later did not wait');
});
