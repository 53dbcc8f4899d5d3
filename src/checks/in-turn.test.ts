import tap from 'tap';
import { inTurn } from './in-turn.ts';

await tap.test('what finishes early waits for those before it, and no longer', async (t) => {
  const told: string[] = [];
  const turns = inTurn<string, string>(['a', 'b', 'c', 'd'], (value) => told.push(value));
  turns.done('c', 'C');
  t.same(told, []);
  turns.done('a', 'A');
  t.same(told, ['A']);
  turns.done('b', 'B');
  t.same(told, ['A', 'B', 'C']);
  turns.done('d', 'D');
  t.same(told, ['A', 'B', 'C', 'D']);
});

await tap.test('when one never finishes the others are told at the end, once', async (t) => {
  const told: string[] = [];
  const turns = inTurn<string, string>(['a', 'b', 'c'], (value) => told.push(value));
  turns.done('c', 'C');
  turns.done('b', 'B');
  turns.flush();
  turns.flush();
  t.same(told, ['B', 'C']);
});
