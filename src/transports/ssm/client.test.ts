import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import tap, { type Test } from 'tap';
import { openBucket } from './bucket.ts';
import { type Agent, openAgent } from './client.ts';
import { toSsmError } from './errors.ts';
import { execute } from './execute.ts';
import { SsmSettings } from './settings.ts';

// What the local endpoint cannot be made to answer.

/** Keys that sign for nobody, as the SDK finds them. */
function withKeys(t: Test): void {
  const before = { ...process.env };
  const keys = { AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b' };
  Object.assign(process.env, keys);
  t.teardown(() => {
    // Test files share a process.
    for (const key of Object.keys(keys)) delete process.env[key];
    Object.assign(process.env, before);
  });
}

async function serve(t: Test, answer: RequestListener): Promise<string> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

await tap.test('a command whose agent has gone is given up, and so is one that never ends', async (t) => {
  withKeys(t);
  let agent = 'Online';
  const endpoint = await serve(t, (message, response) => {
    const operation = String(message.headers['x-amz-target']).split('.').at(-1);
    const answers: Readonly<Record<string, object>> = {
      SendCommand: { Command: { CommandId: '11111111-1111-1111-1111-111111111111' } },
      GetCommandInvocation: { Status: 'InProgress' },
      DescribeInstanceInformation: { InstanceInformationList: [{ InstanceId: 'i-1', PingStatus: agent }] },
    };
    message.resume();
    response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' });
    response.end(JSON.stringify(answers[operation ?? '']));
  });
  const open = (pace: { aliveMs: number; longestMs: number }) => {
    const place = { instanceId: 'i-1', region: 'eu-west-1', profile: undefined };
    return openAgent({ env: {} }, place, SsmSettings.parse({ endpoint }), () => undefined, pace);
  };
  using wedged = await open({ aliveMs: 1, longestMs: 1 });
  await t.rejects(wedged.run('true'), { code: 'ssm.not_run', message: /no answer \(InProgress\)/ });
  agent = 'ConnectionLost';
  using lost = await open({ aliveMs: 1, longestMs: 600_000 });
  await t.rejects(lost.run('true'), { code: 'ssm.agent_absent', message: /i-1 \(ConnectionLost\)/ });
});

await tap.test(
  'objects that cannot be removed are told of, once, with the action that is missing',
  async (t) => {
    const kept = new Map<string, Buffer>();
    const endpoint = await serve(t, (message, response) => {
      const chunks: Buffer[] = [];
      message.on('data', (chunk: Buffer) => chunks.push(chunk));
      message.once('end', () => {
        const path = new URL(message.url ?? '/', 'http://x').pathname;
        if (message.method === 'PUT') kept.set(path, Buffer.concat(chunks));
        const isDenied = message.method === 'DELETE';
        response.writeHead(isDenied ? 403 : 200, { 'content-type': 'application/xml' });
        if (isDenied)
          response.end('<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>');
        else response.end(message.method === 'GET' ? 'long text' : '');
      });
    });
    const told: string[] = [];
    using bucket = await openBucket({
      name: 'some-bucket',
      prefix: 'galley',
      client: {
        region: 'eu-west-1',
        endpoint,
        forcePathStyle: true,
        credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
      },
      ask: (_, send) => send(),
      onNotice: (text) => told.push(text),
    });
    t.equal(await bucket.takeText('galley/one', ['galley/two']), 'long text', 'it is of use all the same');
    const url = await bucket.lend(Buffer.from('content'), async (lent) => lent);
    t.match(url, /X-Amz-Signature=/);
    t.equal(kept.size, 1);
    t.equal(told.length, 1, told.join('\n'));
    t.match(told[0], /s3:\/\/some-bucket\/galley stays there: .*Denied.*\(allow s3:DeleteObject\)/);
  },
);

await tap.test('what is written after the end of a command is not read for ever', async (t) => {
  let size = 0;
  // Each look finds more, as of a daemon that has inherited the output.
  const run = async (): Promise<string> => {
    size += 5;
    return `galley 3 ${size} 0\n${Buffer.from('more\n').toString('base64')}\n\n`;
  };
  const agent = { instanceId: 'i-1', run } as unknown as Agent;
  const at = { agent, folder: '/var/tmp/x', finished: [], onNotice: () => undefined };
  t.match(await execute(at, { argv: ['start-it'] }), { exitCode: 3, stdout: 'more\n' });
});

await tap.test('what AWS refuses has a code, the action, and no word twice', (t) => {
  const said = (name: string, message: string, operation = 'SendCommand') =>
    toSsmError(Object.assign(new Error(message), { name }), operation, 'i-1');
  const kms = 'User: x is not authorized to perform: kms:GenerateDataKey on resource: y';
  const cases = [
    [
      said('InvalidSignatureException', 'Signature expired: 2026… is now earlier than'),
      'clock_skew',
      /clock/,
    ],
    [said('ExpiredTokenException', 'The security token is expired'), 'credentials', /for ssm:SendCommand/],
    [said('AccessDenied', kms, 's3:PutObject'), 'denied', /may not kms:GenerateDataKey/],
    [said('AccessDeniedException', 'no'), 'denied', /may not ssm:SendCommand/],
    [said('NoSuchBucket', 'no', 's3:GetObject'), 'no_bucket', /no such bucket/],
    [said('Error', 'connect ECONNREFUSED 127.0.0.1:1'), 'unreachable', /ssm:SendCommand for i-1/],
    [said('InternalError', 'x', 's3:GetObject'), 'request_failed', /^s3:GetObject for i-1 failed/],
  ] as const;
  for (const [error, code, message] of cases)
    t.match(error, { code: `ssm.${code}`, kind: 'infrastructure', message, hint: /./ }, code);
  t.end();
});
