import tap from 'tap';
import { linesOfRun } from './run-lines.ts';

const ID = 'a'.repeat(32);
const OTHER = 'b'.repeat(32);
const entry = (message: unknown, at: number, ids: object = {}) =>
  JSON.stringify({ MESSAGE: message, __MONOTONIC_TIMESTAMP: String(at), ...ids });

await tap.test(
  'lines of one run of a unit: by the id, and by the time where the id is missing',
  async (t) => {
    const output = [
      entry('the run before', 10, { _SYSTEMD_INVOCATION_ID: OTHER }),
      entry('the run before died at once', 20),
      entry('Started it', 30, { INVOCATION_ID: ID }),
      entry([110, 111], 31),
      entry('two\nlines', 32, { _SYSTEMD_INVOCATION_ID: ID }),
      entry('the run after', 33, { INVOCATION_ID: OTHER }),
      entry(null, 34, { _SYSTEMD_INVOCATION_ID: ID }),
      '-- No entries --',
    ].join('\n');
    t.strictSame(linesOfRun(output, { id: ID, since: 30 }), ['Started it', 'no', 'two', 'lines', '']);
    t.strictSame(
      linesOfRun(output, { id: ID, since: 0 }),
      ['Started it', 'two', 'lines', ''],
      'a time unknown',
    );
  },
);
