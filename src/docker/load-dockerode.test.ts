import { createRequire } from 'node:module';
import tap from 'tap';
import { loadDockerode } from './load-dockerode.ts';

await tap.test('gRPC and ssh are loaded when they are called, and not before', (t) => {
  const load = createRequire(import.meta.url);
  const has = (part: string): boolean => Object.keys(load.cache).some((file) => file.includes(part));
  const Docker = loadDockerode();
  t.ok(new Docker({ socketPath: '/nowhere' }) instanceof Docker);
  t.notOk(has('/@grpc/grpc-js/'), 'no gRPC');
  t.notOk(has('/ssh2/'), 'no ssh');
  const modem = createRequire(createRequire(load.resolve('dockerode')).resolve('docker-modem'));
  const agent = (modem('./ssh') as (options: object) => unknown)({ host: 'nowhere.invalid' });
  t.ok(has('/ssh2/'), 'ssh is there when it is asked for');
  t.type((agent as { createConnection: unknown }).createConnection, 'function', 'and is the real one');
  t.equal(loadDockerode(), Docker);
  t.end();
});
