import tap from 'tap';
import { withoutSecrets } from './converge.ts';

await tap.test('a failure that repeats the data bag secret does not show it', async (t) => {
  const failure = {
    outcome: 'failed',
    total: 2,
    resources: [{ resource: 'execute[echo s3cr3t-key]' }],
    error: {
      message: 'echo s3cr3t-key failed',
      details: ['stdout: s3cr3t-key'],
      location: { file: 'a', line: 2 },
    },
  };
  const shown = withoutSecrets(failure, ['s3cr3t-key']);
  t.notMatch(JSON.stringify(shown), /s3cr3t-key/);
  t.match(shown, { outcome: 'failed', total: 2, error: { location: { file: 'a', line: 2 } } });
});
