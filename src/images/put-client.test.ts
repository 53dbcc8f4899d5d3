import tap from 'tap';
import { parseClient } from './put-client.ts';

await tap.test('what a machine says of its client', (t) => {
  t.equal(parseClient('\n'), undefined);
  t.same(parseClient('/opt/chef/bin/chef-client|Chef Infra Client: 18.8.54|/opt/chef/embedded/bin/ruby\n'), {
    product: 'chef',
    version: '18.8.54',
    binary: '/opt/chef/bin/chef-client',
    digest: 'preinstalled 18.8.54',
    ruby: '/opt/chef/embedded/bin/ruby',
  });
  t.match(parseClient('/usr/bin/cinc-client|Cinc Client: 18.4.12|'), { product: 'cinc', version: '18.4.12' });
  const known = { product: 'chef', version: '18.8.54', binary: '/b', digest: 'sha256:1' } as const;
  t.same(parseClient(`/b|${JSON.stringify(known)}`), known);
  t.end();
});
