import tap from 'tap';
import type { Companion, Surroundings } from '../../src/core/surroundings.ts';
import { checkTable } from '../check-table.ts';
import { type LiveInstance, liveInstance, until } from '../live-instance.ts';
import { HTTP, HTTP_APP, HTTP_START } from '../rows/http.ts';
import { ADDR, BY_BASH, BY_NOBODY, BY_RUBY, CERT, DNS } from '../rows/network.ts';

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
s = socket.socket(); s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1); s.bind(('127.0.0.1', 53)); s.listen(5)
def serve(c):
  with c:
    head = c.recv(2)
    # The control of another check connects to any open port and says nothing.
    if len(head) < 2: return
    r = answer(c.recv(struct.unpack('>H', head)[0]), True)
    if r: c.sendall(struct.pack('>H', len(r)) + r)
def over_tcp():
  while True: threading.Thread(target=serve, args=(s.accept()[0],), daemon=True).start()
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
s = socket.socket(); s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1); s.bind(('0.0.0.0', 9000)); s.listen(20)
u = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); u.bind(('127.0.0.1', 9001))
def tcp():
  while True: kept.append(s.accept()[0])
def udp():
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
  await live.write('/srv/app.py', HTTP_APP);
  await live.sh(CERTIFICATES);
  await live.sh(HTTP_START);
  await live.sh(`systemd-run -q --unit dns python3 /srv/dns.py; systemd-run -q --unit listeners python3 /srv/listeners.py
    echo 'nameserver 127.0.0.1' > /etc/resolv.conf; echo '10.9.9.9 hosts.test' >> /etc/hosts`);
  await until('all servers are ready', async () => {
    const seen = await live.sh('ls /run; cat /proc/net/tcp /proc/net/tcp6');
    // TLS, HTTP and its stats: those that listen (0A).
    const listens = ['20FB', '1F91', '23E7'].every((port) => new RegExp(`:${port} \\S+ 0A `).test(seen));
    return listens && seen.includes('dns-ready') && seen.includes('listeners-ready');
  });
}

await tap.test('addresses, names and certificates of a real machine', async (t) => {
  const live = await liveInstance(t, 'network', { hostPorts: [9000, 8443, 8081], needsClient: true });
  await prepare(live);
  // A companion is a container that can run commands: here it is the same one.
  const db = { execute: (...given: Parameters<Companion['execute']>) => live.connection.execute(...given) };
  const around = { instance: 'network', companions: new Map([['db', db]]) } as unknown as Surroundings;
  await checkTable(t, live, [...ADDR, ...DNS, ...CERT, ...HTTP], around);

  await live.sh('mv /usr/bin/perl /usr/bin/perl.hidden; mv /usr/bin/openssl /usr/bin/openssl.hidden');
  // What an answer means was shown above; here it is the other program that asks.
  const asks = /big|silent|server|^\{"dns":"[a-z.]+"(,"(addresses|resolves)|\})/;
  const ruby = [...ADDR, ...DNS.filter(([item]) => asks.test(JSON.stringify(item)))].filter(
    ([item]) => !('from' in item),
  );
  await checkTable(t, live, ruby, around);
  await checkTable(t, live, BY_RUBY);
});

await tap.test('where neither perl nor ruby is, bash tries, else nobody', async (t) => {
  const live = await liveInstance(t, 'nobody', { config: { pid_one_command: 'sleep infinity' } });
  await live.write('/srv/listeners.py', LISTENERS);
  await live.sh('setsid python3 /srv/listeners.py >/dev/null 2>&1 & mv /usr/bin/perl /usr/bin/perl.hidden');
  await until('it listens', async () => (await live.sh('ls /run')).includes('listeners-ready'));
  await checkTable(t, live, BY_BASH);
  await live.sh('mv /usr/bin/bash /usr/bin/bash.hidden');
  await checkTable(t, live, BY_NOBODY);
});
