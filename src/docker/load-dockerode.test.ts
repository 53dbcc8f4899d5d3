import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { promisify } from 'node:util';
import tap from 'tap';
import { loadDockerode } from './load-dockerode.ts';

/** In a process of its own, in which nobody else has loaded anything. */
const SCRIPT = `
  import { createRequire } from 'node:module';
  const { loadDockerode } = await import(process.env.MODULE);
  const load = createRequire(process.env.MODULE);
  const has = (part) => Object.keys(load.cache).some((file) => file.includes(part));
  const Docker = loadDockerode();
  const isDocker = new Docker({ socketPath: '/nowhere' }) instanceof Docker;
  const before = [has('/@grpc/grpc-js/'), has('/ssh2/')];
  const modem = createRequire(createRequire(load.resolve('dockerode')).resolve('docker-modem'));
  const agent = modem('./ssh')({ host: 'nowhere.invalid' });
  console.log(JSON.stringify({ isDocker, before, ssh: has('/ssh2/'), agent: typeof agent.createConnection }));
`;

await tap.test('gRPC and ssh are loaded when they are called, and not before', async (t) => {
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', SCRIPT], {
    env: { MODULE: new URL('./load-dockerode.ts', import.meta.url).href },
  });
  t.same(JSON.parse(stdout), { isDocker: true, before: [false, false], ssh: true, agent: 'function' });
});

await tap.test('it is the one that everybody gets', (t) => {
  t.equal(loadDockerode(), createRequire(import.meta.url)('dockerode'));
  t.equal(loadDockerode(), loadDockerode());
  t.end();
});
