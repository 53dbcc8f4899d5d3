import { execFileSync } from 'node:child_process';
import { chmod, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import tap from 'tap';
import { LocalConnection } from '../../test/local-connection.ts';
import { httpVerifier } from '../../verifiers/http/index.ts';
import type { HttpFacts } from '../../verifiers/http/observe.ts';
import type { SocketFact } from '../core/snapshot.ts';
import type { Connection } from '../core/transport.ts';
import { controlFromHost, controlFromInstance } from './control-probe.ts';

const { signal } = new AbortController();
/** A new one each time: what was found through one is kept for a second. */
const here = () => new LocalConnection('/', process.env);

await tap.test('connections can be made from here and from inside', async (t) => {
  t.equal(await controlFromHost(signal), undefined);
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => server.close());
  const { port } = server.address() as { port: number };
  const socket = { state: 'listen', protocol: 'tcp', localAddress: '127.0.0.1', localPort: port };
  t.equal(await controlFromInstance(here(), [socket as SocketFact], signal), undefined);
  t.equal(await controlFromInstance(here(), [], signal), undefined, 'a closed port refuses');
  const gone = { ...socket, localPort: 1 } as SocketFact;
  t.match(await controlFromInstance(here(), [gone], signal), /no connection to its own open port 1 /);
  const both = [gone, socket as SocketFact];
  t.equal(await controlFromInstance(here(), both, signal), undefined, 'one that hangs is no proof');
});

await tap.test(
  'without perl bash connects, and a port that refuses is told from one that hangs',
  async (t) => {
    const dir = t.testdir();
    for (const tool of ['bash', 'timeout', 'env'])
      await symlink(
        execFileSync('/bin/sh', ['-c', `command -v ${tool}`])
          .toString()
          .trim(),
        join(dir, tool),
      );
    const bash = () => new LocalConnection('/', { ...process.env, PATH: dir });
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    t.teardown(() => server.close());
    const { port } = server.address() as { port: number };
    const socket = {
      state: 'listen',
      protocol: 'tcp',
      localAddress: '0.0.0.0',
      localPort: port,
    } as SocketFact;
    t.equal(await controlFromInstance(bash(), [socket], signal), undefined);
    t.equal(await controlFromInstance(bash(), [], signal), undefined, 'a closed port refuses');
    await rm(join(dir, 'timeout'));
    await writeFile(join(dir, 'timeout'), '#!/bin/sh\nexit 124\n', { mode: 0o755 });
    t.match(await controlFromInstance(bash(), [], signal), /does not refuse \(exit 2\)/);
  },
);

await tap.test('a prober that cannot connect at all proves nothing', async (t) => {
  const blind = { execute: async () => ({ exitCode: 3 }) } as unknown as Connection;
  const control = await controlFromInstance(blind, [], signal);
  t.match(control, /even a closed port does not refuse \(exit 3\)/);
  const spec = httpVerifier.spec.parse({ http: '/', from: 'instance', error: 'timeout' });
  const outcome = { kind: 'none', error: 'timeout', text: '', totalMs: 1 } as const;
  const exchange = { n: 1, tokens: { token: 'a', number: '1' }, url: '', redirects: [], outcome };
  const facts = { exchanges: [exchange], repeat: undefined, isListening: undefined, processes: [] };
  t.match(httpVerifier.judge(spec, facts as unknown as HttpFacts), [{ outcome: 'pass' }]);
  t.match(httpVerifier.judge(spec, { ...facts, control } as unknown as HttpFacts), [
    { outcome: 'error', observed: /could not look: inside the instance even/ },
  ]);
});

await tap.test(
  "a connection that took 120 µs is one, although curl's word for it ends in a zero",
  async (t) => {
    const dir = t.testdir({ curl: '#!/bin/sh\nprintf \'%s\' "$TOOK"\nexit 28\n' });
    await chmod(join(dir, 'curl'), 0o755);
    const socket = {
      state: 'listen',
      protocol: 'tcp',
      localAddress: '127.0.0.1',
      localPort: 1,
    } as SocketFact;
    const through = (took: string) => new LocalConnection('/', { ...process.env, PATH: dir, TOOK: took });
    t.equal(await controlFromInstance(through('0.000120'), [socket], signal), undefined);
    t.match(
      await controlFromInstance(through('0.000000'), [socket], signal),
      /no connection to its own open port/,
    );
  },
);
