import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import tap from 'tap';
import { candidates } from './addresses.ts';

await tap.test(
  'DOCKER_HOST is the only candidate, with the scheme the docker CLI would assume',
  async (t) => {
    t.match(candidates({ DOCKER_HOST: '10.0.0.1:2375' }, 0), [{ address: 'tcp://10.0.0.1:2375' }]);
    t.match(candidates({ DOCKER_HOST: '/run/x.sock' }, 0), [{ address: 'unix:///run/x.sock' }]);
    t.equal(candidates({ DOCKER_HOST: 'ssh://me@host', DOCKER_CONTEXT: 'other' }, 0).length, 1);
  },
);

await tap.test('certificates are used only when TLS is asked for', async (t) => {
  const env = { DOCKER_HOST: 'tcp://h:2376', DOCKER_CERT_PATH: '/certs' };
  t.strictSame(candidates(env, 0)[0]?.certPath, undefined);
  t.match(candidates({ ...env, DOCKER_TLS_VERIFY: '1' }, 0), [{ tls: true, certPath: '/certs' }]);
});

await tap.test('the current context of config.json comes before the default socket', async (t) => {
  const folder = t.testdir({ 'config.json': '{"currentContext":"remote"}' });
  const meta = join(folder, 'contexts/meta', createHash('sha256').update('remote').digest('hex'));
  mkdirSync(meta, { recursive: true });
  writeFileSync(join(meta, 'meta.json'), '{"Name":"remote","Endpoints":{"docker":{"Host":"ssh://me@box"}}}');
  t.strictSame(candidates({ DOCKER_CONFIG: folder }, 0), [
    { address: 'ssh://me@box', origin: 'context remote' },
  ]);
  t.match(candidates({ DOCKER_CONFIG: folder, DOCKER_CONTEXT: 'default' }, 0)[0], {
    address: 'unix:///var/run/docker.sock',
  });
});

await tap.test('the default socket comes first, then sockets of rootless engines that exist', async (t) => {
  const home = t.testdir({ run: { 'docker.sock': '' } });
  const env = { HOME: join(home, 'none'), XDG_RUNTIME_DIR: join(home, 'run') };
  t.strictSame(
    candidates(env, 1000).map((one) => one.address),
    ['unix:///var/run/docker.sock', `unix://${join(home, 'run/docker.sock')}`],
  );
});
