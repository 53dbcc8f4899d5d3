import { once } from 'node:events';
import tap from 'tap';
import { watchInterrupts } from './interrupts.ts';

await tap.test(
  'each of the signals that end programs cancels the work, with a code of its own',
  async (t) => {
    for (const [name, code] of [
      ['SIGINT', 130],
      ['SIGTERM', 143],
      ['SIGHUP', 129],
    ] as const) {
      const counts: number[] = [];
      using interrupts = watchInterrupts((count) => counts.push(count));
      t.equal(interrupts.exitCode(), undefined);
      const alive = setInterval(() => {}, 1000);
      const cancelled = once(interrupts.signal, 'abort');
      process.kill(process.pid, name);
      await cancelled;
      clearInterval(alive);
      t.strictSame({ name, counts, exitCode: interrupts.exitCode() }, { name, counts: [1], exitCode: code });
      t.notOk(interrupts.hardSignal.aborted, 'what is under way is cleaned up');
    }
  },
);
