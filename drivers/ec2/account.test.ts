import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DescribeVpcsCommand } from '@aws-sdk/client-ec2';
import tap, { type Test } from 'tap';
import { testContext } from '../../test/contract/context.ts';
import { openAccount } from './account.ts';
import { Ec2Config } from './config.ts';
import { createEc2Driver } from './index.ts';
import { configAt, placeOf } from './place.ts';

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

/** What a create says of an endpoint that answers like this. */
async function saidOf(t: Test, answer: RequestListener, region = 'eu-west-1', settings: object = {}) {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const config = Ec2Config.parse({ retry_limit: 0, ...settings });
  const account = await openAccount({ region, endpoint: url }, config, {});
  Object.assign(account.ec2.config, {
    credentials: async () => ({ accessKeyId: 'a', secretAccessKey: 'b' }),
  });
  const look = account.ask('DescribeVpcs', 'look', (ec2) => ec2.send(new DescribeVpcsCommand({})));
  const error = await look.catch((thrown: unknown) => thrown);
  account.ec2.destroy();
  return error;
}

await tap.test('pages and noise are no answers of EC2, also those that are well-formed', async (t) => {
  const page = '<html xmlns="http://www.w3.org/1999/xhtml"><head/><body><p>sign in</p></body></html>';
  for (const [status, type, body] of [
    [200, 'text/html; charset=utf-8', page],
    [403, 'text/html', '<html><br>blocked'],
    [200, 'application/json', '{"a":1}'],
    [200, 'text/xml', '\u0000\u001b[31m'],
  ] as const) {
    const error = await saidOf(t, (_, response) =>
      response.writeHead(status, { 'content-type': type }).end(body),
    );
    t.match(
      error,
      { code: 'ec2.not_aws', kind: 'infrastructure', hint: /proxy/, message: /127\.0\.0\.1/ },
      type,
    );
    t.notMatch(JSON.stringify(error), /hidden field/);
  }
  t.match(await saidOf(t, (_, response) => response.writeHead(503).end()), {
    code: 'ec2.failed',
    details: [/HTTP status 503/],
  });
  const nothing = await saidOf(t, (_, response) => response.end(), 'eu central');
  t.match(nothing, { code: 'ec2.wrong_region', message: /"eu central" is not the name of a region/ });
});

await tap.test('an address that is none, or has a password in it, is an error of the settings', async (t) => {
  const config = Ec2Config.parse({});
  for (const endpoint of [
    'garbage',
    '127.0.0.1:99',
    'http://',
    'ftp://x/y',
    'http://u:secret9@127.0.0.1:1',
    ' ',
  ]) {
    const error = await openAccount({ endpoint }, config, {}).catch((thrown: unknown) => thrown);
    t.match(error, { code: 'ec2.bad_endpoint', kind: 'config' }, endpoint);
    t.notMatch((error as Error).message, /secret9/);
  }
});

await tap.test('an interrupt does not wait for an endpoint that never answers', async (t) => {
  const abort = new AbortController();
  const server = createServer(() => abort.abort(new Error('enough')));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => server.closeAllConnections());
  t.teardown(() => server.close());
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const env = { AWS_ENDPOINT_URL: endpoint, AWS_REGION: 'eu-west-1' };
  const driver = createEc2Driver({ env, cacheDir: t.testdir() });
  const before = { ...process.env };
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b' });
  t.teardown(() => {
    for (const key of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']) delete process.env[key];
    Object.assign(process.env, before);
  });
  const ctx = testContext(driver.config.parse({ retry_limit: 0 }), { project: 'p', signal: abort.signal });
  await t.rejects(driver.find(ctx), { message: 'enough' });
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
  const empty = { AWS_REGION: '', AWS_PROFILE: '', AWS_ENDPOINT_URL: '', AWS_DEFAULT_REGION: 'eu-west-3' };
  t.same(placeOf(Ec2Config.parse({}), empty), { region: 'eu-west-3' }, 'set to nothing is not set');
  const recorded = {
    region: 'eu-west-2',
    profile: 'mine',
    endpoint: 'http://127.0.0.1:1',
    instanceId: 'i-1',
  };
  t.match(configAt(recorded), { region: 'eu-west-2', profile: 'mine', endpoint: 'http://127.0.0.1:1' });
  t.equal(configAt({}), undefined);
  t.equal(configAt({ region: '../x' }), undefined, 'a state file that somebody has written in');
});
