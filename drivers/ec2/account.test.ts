import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DescribeVpcsCommand } from '@aws-sdk/client-ec2';
import tap from 'tap';
import { openAccount, placeOf } from './account.ts';
import { Ec2Config } from './config.ts';

await tap.test('requests go through http_proxy, not those to this machine itself', async (t) => {
  const asked: string[] = [];
  const server = createServer((message, response) => {
    asked.push(message.url ?? '');
    response.writeHead(200, { 'content-type': 'text/xml' });
    response.end('<DescribeVpcsResponse><vpcSet/></DescribeVpcsResponse>');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const keys = { AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b' };
  const before = { ...process.env };
  Object.assign(process.env, keys);
  t.teardown(() => {
    // Test files share a process.
    for (const key of Object.keys(keys)) delete process.env[key];
    Object.assign(process.env, before);
  });
  const ask = async (endpoint: string) => {
    const config = Ec2Config.parse({ http_proxy: url, retry_limit: 0 });
    const account = await openAccount({ region: 'eu-west-1', endpoint }, config, {});
    await account.ask('DescribeVpcs', 'look', (ec2) => ec2.send(new DescribeVpcsCommand({})));
    account.ec2.destroy();
  };
  await ask('http://ec2.example.invalid');
  await ask(url);
  t.same(asked, ['http://ec2.example.invalid/', '/']);
});

await tap.test('where requests go: the kitchen before the environment', async (t) => {
  const env = {
    AWS_REGION: 'eu-west-1',
    AWS_PROFILE: 'env',
    AWS_ENDPOINT_URL: 'http://a',
    AWS_DEFAULT_REGION: 'x',
  };
  t.same(placeOf(Ec2Config.parse({}), env), { region: 'eu-west-1', profile: 'env', endpoint: 'http://a' });
  const own = { region: 'us-east-2', shared_credentials_profile: 'mine', endpoint: 'http://127.0.0.1:1' };
  t.same(placeOf(Ec2Config.parse(own), env), {
    region: 'us-east-2',
    profile: 'mine',
    endpoint: own.endpoint,
  });
  t.same(placeOf(Ec2Config.parse({}), {}), {});
});
