import tap from 'tap';
import type { Companion, Surroundings } from '../../src/core/surroundings.ts';
import { type CheckRow, checkTable } from '../check-table.ts';
import { type LiveInstance, liveInstance, until } from '../live-instance.ts';

/** A name server in Python's standard library: a zone, a name it fails for, one it never answers, one that needs TCP. */
const NAME_SERVER = String.raw`
import socket, struct, threading
def name(n): return b''.join(bytes([len(l)]) + l.encode() for l in n.split('.') if l) + b'\0'
def txt(t): return bytes([len(t)]) + t.encode()
A, NS, CNAME, SOA, PTR, MX, TXT, AAAA, SRV, CAA = 1, 2, 5, 6, 12, 15, 16, 28, 33, 257
def soa(): return name('ns.test') + name('mail.test') + struct.pack('>5I', 7, 1, 2, 3, 4)
ZONE = {
  ('db.test', A): [socket.inet_aton('10.1.2.3'), socket.inet_aton('10.1.2.4')],
  ('db.test', AAAA): [socket.inet_pton(socket.AF_INET6, 'fd00::5')],
  ('self.test', A): [socket.inet_aton('127.0.0.1')],
  ('www.test', CNAME): [name('db.test')],
  ('test', MX): [struct.pack('>H', 10) + name('mail.test')],
  ('test', NS): [name('ns.test')],
  ('test', SOA): [soa()],
  ('test', TXT): [txt('v=spf1 ') + txt('-all')],
  ('test', CAA): [b'\0' + txt('issue') + b'ca.test'],
  ('_pg._tcp.test', SRV): [struct.pack('>3H', 0, 5, 5432) + name('db.test')],
  ('3.2.1.10.in-addr.arpa', PTR): [name('db.test')],
  ('big.test', TXT): [txt('x' * 200) for _ in range(20)],
}
def answer(q, tcp):
  at, labels = 12, []
  while q[at]:
    labels.append(q[at + 1:at + 1 + q[at]].decode()); at += 1 + q[at]
  n, t = '.'.join(labels).lower(), struct.unpack('>H', q[at + 1:at + 3])[0]
  if n == 'silent.test': return None
  code = 2 if n == 'broken.test' else 5 if n == 'refused.test' else 0
  rr = [(n, t, d) for d in ZONE.get((n, t), [])]
  if not rr and (n, CNAME) in ZONE:
    rr = [(n, CNAME, ZONE[(n, CNAME)][0])] + [('db.test', t, d) for d in ZONE.get(('db.test', t), [])]
  if not rr and not code and not any(k[0] == n for k in ZONE): code = 3
  cut = len(rr) > 10 and not tcp
  body = b'' if cut else b''.join((b'\xc0\x0c' if a == n else name(a)) + struct.pack('>HHIH', b, 1, 300, len(d)) + d for a, b, d in rr)
  return q[:2] + struct.pack('>5H', 0x8180 | code | (0x200 if cut else 0), 1, 0 if cut else len(rr), 0, 0) + q[12:at + 5] + body
def over_tcp():
  s = socket.socket(); s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1); s.bind(('127.0.0.1', 53)); s.listen(5)
  while True:
    c, _ = s.accept(); n = struct.unpack('>H', c.recv(2))[0]; r = answer(c.recv(n), True)
    if r: c.sendall(struct.pack('>H', len(r)) + r)
    c.close()
threading.Thread(target=over_tcp, daemon=True).start()
u = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); u.bind(('127.0.0.1', 53))
open('/run/dns-ready', 'w').close()
while True:
  q, a = u.recvfrom(4096); r = answer(q, False)
  if r: u.sendto(r, a)
`;

/** A TCP listener, one whose queue is full (it lets everybody wait), a UDP echo, a UDP socket that says nothing. */
const LISTENERS = `
import socket, threading
kept = []
def tcp():
  s = socket.socket(); s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1); s.bind(('0.0.0.0', 9000)); s.listen(20)
  while True: kept.append(s.accept()[0])
def udp():
  u = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); u.bind(('127.0.0.1', 9001))
  while True:
    d, a = u.recvfrom(100); u.sendto(d, a)
full = socket.socket(); full.bind(('127.0.0.1', 9004)); full.listen(0)
for _ in range(4):
  c = socket.socket(); c.setblocking(False); c.connect_ex(('127.0.0.1', 9004)); kept.append(c)
quiet = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); quiet.bind(('127.0.0.1', 9002))
for work in (tcp, udp): threading.Thread(target=work).start()
open('/run/listeners-ready', 'w').close()
`;

/** An authority, a certificate signed by it, one that has expired, one for itself; keys of two kinds. */
const CERTIFICATES = `
mkdir -p /srv/tls; cd /srv/tls
openssl req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.pem -days 900 -subj '/O=Test/CN=Test CA' 2>/dev/null
openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout app.key -out app.csr -subj '/O=Test/CN=app.test' 2>/dev/null
printf 'subjectAltName=DNS:app.test,DNS:*.app.test,IP:127.0.0.1' > san
openssl x509 -req -in app.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 100 -extfile san -out app.pem 2>/dev/null
openssl x509 -req -in app.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 0 -extfile san -out old.pem 2>/dev/null
openssl req -x509 -newkey rsa:2048 -nodes -keyout self.key -out self.pem -days 10 -subj '/CN=self' 2>/dev/null
openssl x509 -in app.pem -outform DER -out app.der
openssl rsa -in self.key -aes128 -passout pass:x1x2 -out locked.key 2>/dev/null
cat app.pem ca.pem > chain.pem; echo nothing > empty.pem
systemd-run -q --unit tls --working-directory=/srv/tls openssl s_server -www -accept 8443 -cert app.pem -key app.key -cert_chain chain.pem`;

async function prepare(live: LiveInstance): Promise<void> {
  await live.write('/srv/dns.py', NAME_SERVER);
  await live.write('/srv/listeners.py', LISTENERS);
  await live.sh(CERTIFICATES);
  await live.sh(`systemd-run -q --unit dns python3 /srv/dns.py; systemd-run -q --unit listeners python3 /srv/listeners.py
    echo 'nameserver 127.0.0.1' > /etc/resolv.conf; echo '10.9.9.9 hosts.test' >> /etc/hosts`);
  await until('all servers are ready', async () => {
    const seen = await live.sh('ls /run; cat /proc/net/tcp /proc/net/tcp6');
    return seen.includes('dns-ready') && seen.includes('listeners-ready') && seen.includes(':20FB');
  });
}

const ADDR: readonly CheckRow[] = [
  [{ addr: 'localhost:9000', latency: { lt: 3000 } }, 'pass', /0\.|[\d.]+/],
  [{ addr: 'self.test:9000' }, 'pass', /127\.0\.0\.1/],
  [{ addr: '[127.0.0.1]:9000', reachable: true }, 'pass'],
  [{ addr: 'localhost:9000', latency: { lt: 0 } }, 'fail'],
  [{ addr: 'localhost:9000', reachable: false }, 'fail', /connected/],
  [{ addr: 'localhost:9999' }, 'fail', /refused[^]*whether it listens/],
  [{ addr: 'localhost:9999', reachable: false }, 'pass', /refused/],
  [{ addr: 'localhost:9999', error: 'refused' }, 'pass'],
  [{ addr: 'localhost:9999', error: 'timeout' }, 'fail', /"refused"/],
  [{ addr: 'localhost:9000', error: { not: 'none' } }, 'fail', /"none"/],
  [{ addr: 'nope.test:80' }, 'fail', /does not resolve/],
  [{ addr: 'nope.test:80', error: 'unresolved' }, 'pass'],
  [{ addr: 'nope.test:80', reachable: false }, 'error', /says nothing about the address/],
  [{ addr: 'broken.test:80', error: 'unresolved' }, 'error', /nobody could say/],
  [{ addr: '127.0.0.1:9004', error: 'timeout', timeout: '300ms' }, 'pass'],
  [{ addr: '127.0.0.1:9004', reachable: false, timeout: '300ms' }, 'error', /dead network[^]*as control/],
  [{ addr: '127.0.0.1:9004', reachable: false, timeout: '300ms', control: 'localhost:9000' }, 'pass'],
  [
    { addr: '127.0.0.1:9004', reachable: false, timeout: '300ms', control: 'localhost:9999' },
    'error',
    /the control/,
  ],
  [{ addr: 'udp://127.0.0.1:9001', send: 'ping' }, 'pass', /answered/],
  [{ addr: 'udp://127.0.0.1:9003' }, 'fail', /refused/],
  [{ addr: 'udp://127.0.0.1:9003', reachable: false }, 'pass'],
  [{ addr: 'udp://127.0.0.1:9002', timeout: '200ms' }, 'error', /proves nothing[^]*give send/],
  [{ addr: 'udp://127.0.0.1:9002', timeout: '200ms', reachable: false }, 'error', /proves nothing/],
  [{ addr: 'localhost:9000', from: 'host' }, 'pass', /published as/],
  [{ addr: 'localhost:9001', from: 'host' }, 'error', /not published/],
  [{ addr: 'localhost:9000', from: 'db' }, 'pass', /tried from db/],
  [{ addr: 'localhost:9999', from: 'db', reachable: false }, 'pass'],
];

const DNS: readonly CheckRow[] = [
  [{ dns: 'db.test', addresses: ['10.1.2.3', '10.1.2.4'] }, 'pass'],
  [{ dns: 'hosts.test', addresses: { exactly: ['10.9.9.9'] }, latency: { lt: 5000 } }, 'pass'],
  [{ dns: 'db.test', addresses: { none: '10.1.2.4' } }, 'fail'],
  [{ dns: 'db.test', latency: { lt: 0 } }, 'fail'],
  [{ dns: 'db.test', resolves: false }, 'fail', /10\.1\.2\.3/],
  [{ dns: 'nope.test' }, 'fail', /does not resolve/],
  [{ dns: 'nope.test', resolves: false }, 'pass'],
  [{ dns: 'broken.test', resolves: false }, 'error', /nobody could say/],
  [{ dns: 'db.test', type: 'A', records: { exactly: ['10.1.2.3', '10.1.2.4'] }, ttl: 300 }, 'pass', /300/],
  [{ dns: 'db.test', type: 'AAAA', server: '127.0.0.1:53', records: 'fd00::5' }, 'pass'],
  [{ dns: 'www.test', type: 'A', aliases: 'db.test', latency: { lt: 5000 } }, 'pass'],
  [{ dns: 'test', type: 'MX', records: '10 mail.test' }, 'pass'],
  [{ dns: 'test', type: 'NS', records: 'ns.test' }, 'pass'],
  [{ dns: 'test', type: 'SOA', records: 'ns.test mail.test 7 1 2 3 4' }, 'pass'],
  [{ dns: 'test', type: 'TXT', records: 'v=spf1 -all' }, 'pass'],
  [{ dns: 'test', type: 'CAA', records: '0 issue "ca.test"' }, 'pass'],
  [{ dns: '_pg._tcp.test', type: 'SRV', records: '0 5 5432 db.test' }, 'pass'],
  [{ dns: '10.1.2.3', type: 'PTR', records: 'db.test' }, 'pass'],
  [{ dns: 'www.test', type: 'CNAME', records: 'db.test' }, 'pass'],
  [{ dns: 'big.test', type: 'TXT', records: { length: 20 } }, 'pass'],
  [{ dns: 'test', type: 'MX', records: '20 mail.test' }, 'fail', /10 mail\.test/],
  [{ dns: 'db.test', type: 'A', ttl: { lt: 60 } }, 'fail', /300/],
  [{ dns: 'www.test', type: 'A', aliases: 'other.test' }, 'fail'],
  [{ dns: 'nope.test', type: 'A' }, 'fail', /NXDOMAIN/],
  [{ dns: 'nope.test', type: 'A', resolves: false }, 'pass'],
  [{ dns: 'db.test', type: 'MX', resolves: false }, 'pass'],
  [{ dns: 'db.test', type: 'MX' }, 'fail', /it has no MX record/],
  [{ dns: 'broken.test', type: 'A', resolves: false }, 'error', /SERVFAIL/],
  [{ dns: 'refused.test', type: 'A', resolves: false }, 'error', /REFUSED/],
  [{ dns: 'silent.test', type: 'A', resolves: false, timeout: '300ms' }, 'error', /no answer in time/],
  [{ dns: 'db.test', type: 'A', server: '127.0.0.1:54', resolves: false }, 'error', /could not be asked/],
  [
    { dns: 'localhost', from: 'host', addresses: { any: '/^(127\\.0\\.0\\.1|::1)$/' } },
    'pass',
    /this machine/,
  ],
  [{ dns: 'db.test', from: 'db', addresses: '10.1.2.3' }, 'pass', /in db/],
];

const CERT: readonly CheckRow[] = [
  [{ cert: '/srv/tls/app.pem' }, 'pass'],
  [
    {
      cert: '/srv/tls/app.pem',
      subject: 'CN=app.test, O=Test',
      cn: 'app.test',
      issuer: { contains: 'Test CA' },
      san: { exactly: ['app.test', '*.app.test', '127.0.0.1'] },
      hostname: 'www.app.test',
      daysLeft: { between: [98, 100] },
      valid: true,
      keyMatches: '/srv/tls/app.key',
      keyType: 'ec',
      keyBits: 256,
      selfSigned: false,
      trusted: true,
      ca: '/srv/tls/ca.pem',
      serial: { length: { gt: 10 } },
      fingerprint: '/^[0-9A-F:]{95}$/',
    },
    'pass',
  ],
  [{ cert: '/srv/tls/app.der', cn: 'app.test' }, 'pass'],
  [
    { cert: '/srv/tls/self.pem', selfSigned: true, trusted: false, keyBits: 2048 },
    'pass',
    /signed by itself/,
  ],
  [{ cert: '/srv/tls/none.pem', exists: false }, 'pass'],
  [{ cert: '/srv/tls/none.pem' }, 'fail', /does not exist/],
  [{ cert: '/srv/tls/app.pem', exists: false }, 'fail', /app\.test/],
  [{ cert: '/srv/tls/app.pem', subject: 'CN=x' }, 'fail', /CN=app\.test, O=Test/],
  [{ cert: '/srv/tls/app.pem', cn: 'x' }, 'fail'],
  [{ cert: '/srv/tls/app.pem', issuer: { contains: 'Other' } }, 'fail', /Test CA/],
  [{ cert: '/srv/tls/app.pem', san: 'other.test' }, 'fail'],
  [{ cert: '/srv/tls/app.pem', hostname: 'a.b.app.test' }, 'fail', /it is for app\.test/],
  [{ cert: '/srv/tls/app.pem', hostname: '127.0.0.1' }, 'pass'],
  [{ cert: '/srv/tls/app.pem', daysLeft: { gte: 365 } }, 'fail', /valid from/],
  [{ cert: '/srv/tls/app.pem', valid: false }, 'fail'],
  [{ cert: '/srv/tls/old.pem', cn: 'app.test' }, 'fail', /false[^]*clock says/],
  [{ cert: '/srv/tls/old.pem', valid: false, daysLeft: { lt: 0 } }, 'pass'],
  [{ cert: '/srv/tls/old.pem', trusted: true, ca: '/srv/tls/ca.pem', valid: false }, 'fail', /has expired/],
  [{ cert: '/srv/tls/app.pem', keyMatches: '/srv/tls/self.key' }, 'fail', /another key/],
  [{ cert: '/srv/tls/app.pem', keyMatches: '/srv/tls/none.key' }, 'error', /does not exist/],
  [{ cert: '/srv/tls/app.pem', keyMatches: '/srv/tls/locked.key' }, 'error', /passphrase/],
  [{ cert: '/srv/tls/app.pem', keyMatches: '/srv/tls/app.pem' }, 'error', /no private key/],
  [{ cert: '/srv/tls/app.pem', keyType: 'rsa' }, 'fail'],
  [{ cert: '/srv/tls/app.pem', keyBits: { gte: 2048 } }, 'fail', /256/],
  [{ cert: '/srv/tls/app.pem', selfSigned: true }, 'fail', /issuer/],
  [{ cert: '/srv/tls/app.pem', trusted: true }, 'fail', /issuer is missing/],
  [{ cert: '/srv/tls/chain.pem', trusted: true }, 'fail', /not among the authorities/],
  [{ cert: '/srv/tls/app.pem', trusted: false }, 'pass'],
  [{ cert: '/srv/tls/app.pem', trusted: false, ca: '/srv/tls/ca.pem' }, 'fail', /^trusted/],
  [{ cert: '/srv/tls/app.pem', trusted: false, ca: '/srv/tls/none' }, 'error', /does not exist/],
  [{ cert: '/srv/tls/app.pem', serial: '00' }, 'fail'],
  [{ cert: '/srv/tls/app.pem', fingerprint: '00' }, 'fail'],
  [{ cert: '/srv/tls/empty.pem' }, 'error', /no certificate in it/],
  [{ cert: '/srv/tls' }, 'error', /no file/],
  [
    { cert: 'https://localhost:8443', cn: 'app.test', trusted: true, ca: '/srv/tls/ca.pem' },
    'pass',
    /TLS from here/,
  ],
  [
    { cert: 'localhost:8443', from: 'instance', san: 'app.test', servername: 'app.test' },
    'pass',
    /by openssl/,
  ],
  [{ cert: 'localhost:9000', from: 'instance', timeout: '1s' }, 'error', /no TLS/],
  [{ cert: 'localhost:9999', from: 'instance' }, 'error', /refused/],
  [{ cert: 'localhost:9000', timeout: '500ms' }, 'error', /no TLS answer/],
];

await tap.test('addresses, names and certificates of a real machine', { timeout: 120_000 }, async (t) => {
  const live = await liveInstance(t, 'network', { hostPorts: [9000, 8443], needsClient: true });
  await prepare(live);
  // A companion is a container that can run commands: here it is the same one.
  const db = { execute: (...given: Parameters<Companion['execute']>) => live.connection.execute(...given) };
  const around = { instance: 'network', companions: new Map([['db', db]]) } as unknown as Surroundings;
  await checkTable(t, live, [...ADDR, ...DNS, ...CERT], around);

  await live.sh('mv /usr/bin/perl /usr/bin/perl.hidden; mv /usr/bin/openssl /usr/bin/openssl.hidden');
  // What an answer means was shown above; here it is the other program that asks.
  const asks = /big|silent|server|^\{"dns":"[a-z.]+"(,"(addresses|resolves)|\})/;
  const ruby = [...ADDR, ...DNS.filter(([item]) => asks.test(JSON.stringify(item)))].filter(
    ([item]) => !('from' in item),
  );
  await checkTable(t, live, ruby, around);
  await checkTable(t, live, [
    [{ cert: 'localhost:8443', from: 'instance', cn: 'app.test' }, 'pass', /by ruby/],
    [{ addr: 'localhost:9000' }, 'pass', /ruby, via exec/],
  ]);
});

await tap.test('where neither perl nor ruby is, bash tries, else nobody', { timeout: 60_000 }, async (t) => {
  const live = await liveInstance(t, 'nobody', { config: { pid_one_command: 'sleep infinity' } });
  await live.write('/srv/listeners.py', LISTENERS);
  await live.sh('setsid python3 /srv/listeners.py >/dev/null 2>&1 & mv /usr/bin/perl /usr/bin/perl.hidden');
  await until('it listens', async () => (await live.sh('ls /run')).includes('listeners-ready'));
  await checkTable(t, live, [
    [{ addr: '127.0.0.1:9000' }, 'pass', /bash, via exec/],
    [{ addr: '127.0.0.1:9999' }, 'fail', /refused/],
    [{ addr: '127.0.0.1:9999', reachable: false }, 'pass'],
    [{ addr: '127.0.0.1:9004', error: 'timeout', timeout: '1s' }, 'pass'],
    [{ addr: '127.0.0.1:9000', latency: { lt: 5000 } }, 'error', /does not measure/],
    [{ addr: 'udp://127.0.0.1:9001', send: 'x' }, 'error', /cannot do this/],
    [{ dns: 'localhost', addresses: { any: '/^(127\\.0\\.0\\.1|::1)$/' } }, 'pass'],
  ]);
  await live.sh('mv /usr/bin/bash /usr/bin/bash.hidden');
  await checkTable(t, live, [
    [{ addr: '127.0.0.1:9999', reachable: false }, 'error', /no perl, ruby, bash or nc/],
    [{ dns: 'nope.test', resolves: false }, 'error', /no perl, ruby, bash or nc/],
  ]);
});
