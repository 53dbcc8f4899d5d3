import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import ssh2 from 'ssh2';
import tap from 'tap';
import { judgeLicence } from './licence.ts';
import { judgeAgent } from './ssh.ts';
import { judgeKey, keyFacts } from './ssh-key.ts';

const { generateKeyPairSync } = ssh2.utils;

await tap.test('a key is judged by what ssh would do with it', async (t) => {
  const plain = generateKeyPairSync('ecdsa', { bits: 256 });
  const locked = generateKeyPairSync('ecdsa', {
    bits: 256,
    passphrase: 'pl4nted',
    cipher: 'aes256-ctr',
    rounds: 1,
  });
  const dir = t.testdir({
    good: plain.private,
    open: plain.private,
    locked: locked.private,
    'good.pub': plain.public,
    junk: 'not a key',
  });
  for (const name of ['good', 'locked', 'good.pub', 'junk']) chmodSync(join(dir, name), 0o600);
  chmodSync(join(dir, 'open'), 0o644);
  const judged = async (name: string, agentHasKeys = false) =>
    judgeKey(await keyFacts(join(dir, name), agentHasKeys));
  t.match(await judged('good'), { status: 'ok' });
  t.match(await judged('open'), {
    status: 'fail',
    message: /mode 0644/,
    fix: `chmod 600 ${join(dir, 'open')}`,
  });
  t.match(await judged('locked'), { status: 'warn', message: /passphrase/, fix: /ssh-add/ });
  t.match(await judged('locked', true), { status: 'ok' });
  t.match(await judged('good.pub'), {
    status: 'fail',
    message: /public key/,
    fix: new RegExp(`${join(dir, 'good')}$`),
  });
  t.match(await judged('junk'), { status: 'fail', fix: /ssh-keygen -y/ });
  t.match(await judged('none'), { status: 'fail', message: /does not exist/ });
  t.match(await judged('.'), { status: 'fail' }, 'a folder');
  const facts = {
    path: '/k',
    exists: true,
    isReadable: false,
    mode: 0o600,
    kind: 'unknown',
    agentHasKeys: false,
  } as const;
  t.match(judgeKey(facts), { status: 'fail', message: /cannot be read/ });
});

await tap.test('an agent matters as far as there are no key files', async (t) => {
  const judged = (keys: number | undefined, hasFiles: boolean, socket: string | undefined = '/s') =>
    judgeAgent({ socket, keys }, hasFiles).status;
  t.same([judged(2, false), judged(0, true), judged(0, false)], ['ok', 'ok', 'warn']);
  t.same([judged(undefined, true), judged(undefined, false)], ['warn', 'fail'], 'it does not answer');
  t.equal(judgeAgent({ socket: undefined, keys: undefined }, true).status, 'ok');
  t.equal(judgeAgent({ socket: undefined, keys: undefined }, false).status, 'warn');
});

await tap.test('Chef’s licence needs an answer that chef-client takes; Cinc needs none', async (t) => {
  const judged = (settings: readonly (string | undefined)[], variable?: string) =>
    judgeLicence({ product: 'chef', settings, variable });
  t.match(judged([undefined]), { status: 'warn', fix: /chef_license: accept/ });
  t.match(judged(['accept', undefined]), { status: 'warn' });
  t.match(judged(['accept']), { status: 'ok', message: /chef_license/ });
  t.match(judged([undefined], 'accept-silent'), { status: 'ok', message: /CHEF_LICENSE/ });
  t.match(judged(['yes']), { status: 'fail', message: /'yes'/, fix: /accept-no-persist/ });
  t.match(judgeLicence({ product: 'cinc', settings: [], variable: 'yes' }), { status: 'ok' });
});
