import tap from 'tap';
import type { EventEnvelope } from '../core/events.ts';
import { EventBus } from './event-bus.ts';

await tap.test('events are numbered and stamped in order for every reporter', async (t) => {
  const seen: EventEnvelope[] = [];
  const bus = new EventBus('run-1', [{ name: 'a', onEvent: (e) => seen.push(e) }]);
  bus.emit({ type: 'progress', text: 'one' });
  bus.emit({ type: 'progress', text: 'two' });
  t.match(seen, [
    { v: 1, runId: 'run-1', seq: 1, text: 'one' },
    { v: 1, runId: 'run-1', seq: 2, text: 'two' },
  ]);
  t.same(await bus.close(), []);
});

await tap.test('a reporter that throws is dropped and reported; the others go on', async (t) => {
  const seen: number[] = [];
  const broken = {
    name: 'broken',
    onEvent: () => {
      throw new Error('disk gone');
    },
  };
  const bus = new EventBus('r', [broken, { name: 'good', onEvent: (e) => seen.push(e.seq) }]);
  bus.emit({ type: 'progress', text: 'one' });
  bus.emit({ type: 'progress', text: 'two' });
  t.same(seen, [1, 2]);
  t.match(await bus.close(), [{ reporter: 'broken', error: { message: 'disk gone' } }]);
});
