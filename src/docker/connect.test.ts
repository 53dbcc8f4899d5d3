import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import tap from 'tap';
import { GalleyError } from '../core/errors.ts';
import { connectEngine, connectTo } from './connect.ts';

const failureOf = async (work: Promise<unknown>): Promise<GalleyError> => {
  try {
    await work;
  } catch (error) {
    if (error instanceof GalleyError) return error;
    throw error;
  }
  throw new Error('it should have failed');
};

await tap.test(
  'a closed port is unreachable, and the message names the address and the reason',
  async (t) => {
    const error = await failureOf(connectEngine({ DOCKER_HOST: 'tcp://127.0.0.1:1' }));
    t.match(error, { code: 'docker.unreachable', kind: 'infrastructure' });
    t.match(error.message, /tcp:\/\/127\.0\.0\.1:1/);
    t.match(error.details, [/DOCKER_HOST.*connection refused/]);
    t.match(error.hint, /DOCKER_HOST/);
  },
);

await tap.test(
  'a password in the address is not shown, and a certificate that is missing is named',
  async (t) => {
    const error = await failureOf(connectEngine({ DOCKER_HOST: 'http://me:pl4nted@127.0.0.1:1' }));
    t.match(error.message, 'http://me:…@127.0.0.1:1');
    t.notMatch(JSON.stringify([error.message, error.details, error.hint]), 'pl4nted');
    const DOCKER_CERT_PATH = t.testdir();
    const tls = await failureOf(
      connectEngine({ DOCKER_HOST: 'tcp://127.0.0.1:1', DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH }),
    );
    t.match(tls.details, [/ca\.pem \(DOCKER_CERT_PATH\) cannot be read/]);
  },
);

await tap.test('a recorded address whose socket is gone is unreachable', async (t) => {
  const error = await failureOf(connectTo(`unix://${join(tmpdir(), 'galley-test-docker-none.sock')}`, {}));
  t.match(error, { code: 'docker.unreachable', details: [/not running or not installed/] });
});

await tap.test('a context that does not exist is named', async (t) => {
  const error = await failureOf(connectEngine({ DOCKER_CONTEXT: 'nowhere', DOCKER_CONFIG: t.testdir() }));
  t.match(error.details, [/context nowhere.*no such context/]);
});

await tap.test(
  'a socket that may not be opened is a question of permission, not of reachability',
  async (t) => {
    // A socket's path may have 107 characters, tap's folders are longer.
    const folder = mkdtempSync(join(tmpdir(), 'galley-test-docker-'));
    t.teardown(() => rmSync(folder, { recursive: true }));
    chmodSync(folder, 0o755);
    const socket = join(folder, 'd.sock');
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(socket, resolve));
    t.teardown(() => server.close());
    chmodSync(socket, 0o000);
    const isRoot = process.geteuid?.() === 0;
    if (isRoot) process.seteuid?.(65534);
    try {
      const error = await failureOf(connectEngine({ DOCKER_HOST: `unix://${socket}` }));
      t.match(error, { code: 'docker.permission', kind: 'infrastructure' });
      t.match(error.hint, /usermod -aG docker/);
    } finally {
      if (isRoot) process.seteuid?.(0);
    }
  },
);

await tap.test('an engine that accepts and never answers is given up', async (t) => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => server.close());
  const { port } = server.address() as { port: number };
  const error = await failureOf(connectEngine({ DOCKER_HOST: `tcp://127.0.0.1:${port}` }, undefined, 200));
  t.match(error.details, [/no answer within 0.2 s/]);
});
