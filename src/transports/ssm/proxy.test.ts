import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import tap from 'tap';
import { openAgent } from './client.ts';
import { SsmSettings } from './settings.ts';

await tap.test('requests go through http_proxy, whatever the environment says', async (t) => {
  const asked: (string | undefined)[] = [];
  const proxy = createServer();
  proxy.on('connect', (request, socket) => {
    asked.push(request.url);
    socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
  });
  await new Promise<void>((resolve) => void proxy.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  t.teardown(() => new Promise((resolve) => void proxy.close(resolve)));
  const key = { AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b', AWS_EC2_METADATA_DISABLED: 'true' };
  const before = Object.fromEntries(Object.keys(key).map((name) => [name, process.env[name]]));
  Object.assign(process.env, key);
  t.teardown(() => {
    for (const [name, value] of Object.entries(before))
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
  });
  const settings = SsmSettings.parse({ http_proxy: url, retry_limit: 1 });
  const env = { ...key, HTTPS_PROXY: 'http://127.0.0.1:9' };
  const place = { instanceId: 'i-1', region: 'eu-central-1', profile: undefined };
  using agent = await openAgent({ env }, place, settings, () => undefined);
  t.match(await agent.ping().catch((error: unknown) => error), { kind: 'infrastructure' });
  t.same([...new Set(asked)], ['ssm.eu-central-1.amazonaws.com:443']);
});

await tap.test('a proxy is an address', async (t) => {
  t.notOk(SsmSettings.safeParse({ http_proxy: 'proxy.example:3128' }).success);
});
