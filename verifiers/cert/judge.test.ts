import { X509Certificate } from 'node:crypto';
import tap from 'tap';
import { selfSigned } from '../../test/self-signed.ts';
import { chainProblem, factOf } from './certificate.ts';
import { judgeCert } from './judge.ts';
import type { CertFacts } from './observe.ts';
import { certificatesOf, PRIVATE_KEY, pemBlocks } from './read.ts';
import { certSpec, placeOf } from './schema.ts';

const leaf = new X509Certificate(selfSigned.cert);
const fact = factOf(leaf);
const judge = (raw: object, more: Partial<CertFacts> = {}) =>
  judgeCert(certSpec.parse({ cert: '/x.pem', ...raw }), {
    cert: fact,
    now: fact.notBefore + 100,
    key: undefined,
    trust: undefined,
    isForHostname: undefined,
    source: '/x.pem',
    ...more,
  });

await tap.test('what a certificate tells', (t) => {
  t.match(fact, {
    subject: 'CN=localhost',
    cn: 'localhost',
    san: ['localhost', '127.0.0.1'],
    keyType: 'ec',
    keyBits: 256,
    isSelfSigned: true,
  });
  t.match(judge({ san: { exactly: ['localhost', '127.0.0.1'] }, selfSigned: true }), [
    {},
    { outcome: 'pass' },
    { outcome: 'pass' },
    { outcome: 'pass' },
  ]);
  t.end();
});

await tap.test('time is that of the instance; an expired certificate is never green by accident', (t) => {
  const late = { now: fact.notAfter + 86_400 * 2 };
  t.match(judge({ cn: 'localhost' }, late).at(-1), {
    property: 'valid',
    outcome: 'fail',
    notes: [/clock says/],
  });
  t.match(judge({ daysLeft: { gte: 0 } }, late)[1], { outcome: 'fail', observed: '-2' });
  t.match(judge({ valid: true }, { now: fact.notBefore - 10 })[1], { outcome: 'fail' });
  t.match(judge({ exists: true }, late)[0], { observed: /expired 2 days ago/ });
  t.end();
});

await tap.test('a chain is trusted only up to an authority that may sign and is in time', (t) => {
  const now = fact.notBefore + 100;
  t.equal(chainProblem(leaf, [], [leaf], now), undefined);
  t.match(chainProblem(leaf, [], [], now), /signed by itself/);
  t.match(chainProblem(leaf, [], [leaf], fact.notAfter + 1), /has expired/);
  t.match(chainProblem(leaf, [], [leaf], fact.notBefore - 1), /not valid yet/);
  t.end();
});

await tap.test(
  'a key or chain that could not be read is an error, and shows nothing of the key',
  async (t) => {
    t.match(
      judge({ keyMatches: '/k' }, { key: { error: '/k holds no private key that can be read' } }).at(-1),
      { outcome: 'error' },
    );
    t.match(judge({ keyMatches: '/k' }, { key: { value: 'differs' } }).at(-1), {
      outcome: 'fail',
      observed: 'it is another key',
    });
    for (const trusted of [true, false])
      t.match(judge({ trusted }, { trust: { error: 'no bundle' } }).at(-1), { outcome: 'error' });
    t.match(judge({ trusted: false }, { trust: { value: '' } }).at(-1), {
      outcome: 'fail',
      observed: 'trusted',
    });
    t.equal(pemBlocks(`x\n${selfSigned.key}\n${selfSigned.cert}`, PRIVATE_KEY).length, 1);
    t.equal(
      (await certificatesOf(Buffer.from(`${selfSigned.key}\n${selfSigned.cert}\n${selfSigned.cert}`))).length,
      2,
    );
    t.equal((await certificatesOf(leaf.raw)).length, 1);
    await t.rejects(certificatesOf(Buffer.from('hello')), /no certificate in it/);
    await t.rejects(
      certificatesOf(Buffer.from('-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----')),
    );
  },
);

await tap.test('places, and keys that do not go together', (t) => {
  t.same(placeOf('https://a.test/'), { kind: 'tls', host: 'a.test', port: 443 });
  t.same(placeOf('[::1]:8443'), { kind: 'tls', host: '::1', port: 8443 });
  t.same(placeOf('/a/b'), { kind: 'file', path: '/a/b' });
  for (const bad of ['a', 'http://a:80', 'a:0', 'etc/x.pem']) t.equal(placeOf(bad), undefined, bad);
  for (const bad of [
    { from: 'host' },
    { servername: 'x' },
    { exists: false, cn: 'x' },
    { ca: '/x' },
    { cert: 'a:1', exists: false },
    { san: [] },
    { keyMatches: 'x' },
  ])
    t.notOk(certSpec.safeParse({ cert: '/x.pem', ...bad }).success, JSON.stringify(bad));
  t.end();
});
