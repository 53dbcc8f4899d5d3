import tap from 'tap';
import { withSettings } from './index.ts';
import { SshSettings } from './settings.ts';

const endpoint = { kind: 'ssh', host: 'h', port: 22, username: 'admin', keyFile: '/run/key' } as const;

await tap.test(
  'an explicit root is root: kitchen-ec2 takes it for the default and replaces it',
  async (t) => {
    t.equal(withSettings(endpoint, SshSettings.parse({ username: 'root' })).username, 'root');
    t.same(withSettings(endpoint, SshSettings.parse({})), endpoint);
  },
);
