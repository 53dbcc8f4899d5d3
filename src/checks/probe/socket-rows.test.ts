import tap from 'tap';
import { inetSocket, unixSocket } from './socket-rows.ts';

const row = (
  kind: string,
  local: string,
  remote: string,
  state: string,
  endian: 'little' | 'big' = 'little',
) => inetSocket(kind, local, remote, state, 33, 77, endian);

await tap.test('reads addresses of /proc/net in the byte order of the machine', (t) => {
  t.match(row('tcp', '0100007F:1F90', '00000000:0000', '0A'), {
    protocol: 'tcp',
    family: 'ipv4',
    state: 'listen',
    tcpState: 'listen',
    localAddress: '127.0.0.1',
    localPort: 8080,
    uid: 33,
    inode: 77,
  });
  t.match(row('tcp', '7F000001:1F90', '00000000:0000', '0A', 'big'), {
    localAddress: '127.0.0.1',
    localPort: 8080,
  });
  t.match(
    row('tcp6', '00000000000000000000000001000000:0050', '00000000000000000000000000000000:0000', '0A'),
    { localAddress: '::1', localPort: 80 },
  );
  t.match(
    row('tcp6', '00000000000000000000000000000000:0050', '00000000000000000000000000000000:0000', '0A'),
    { localAddress: '::' },
  );
  t.match(
    row('tcp6', '0000000000000000FFFF00000100000A:0050', 'B80D01200000000000000000010000FF:C350', '08'),
    {
      localAddress: '::ffff:10.0.0.1',
      remoteAddress: '2001:db8::ff00:1',
      remotePort: 50000,
      state: 'other',
      tcpState: 'close-wait',
    },
  );
  t.end();
});

await tap.test('a bound UDP socket counts as listening, a connected one does not', (t) => {
  t.equal(row('udp', '00000000:0035', '00000000:0000', '07').state, 'listen');
  t.equal(row('udp', '00000000:0035', '0100007F:0035', '01').state, 'established');
  t.equal(row('tcp', '00000000:0035', '00000000:0000', '07').state, 'other');
  t.end();
});

await tap.test('unix sockets: listeners by SO_ACCEPTCON, datagram sockets by type', (t) => {
  t.equal(unixSocket('00010000', '0001', '01', 5, '/run/a.sock').state, 'listen');
  t.equal(unixSocket('00000000', '0001', '03', 5, '/run/a.sock').state, 'established');
  t.equal(unixSocket('00000000', '0002', '01', 5, '/run/log').state, 'listen');
  t.equal(unixSocket('00000000', '0001', '01', 5, '/run/a.sock').state, 'other');
  t.end();
});

await tap.test('refuses what is not an address', (t) => {
  t.throws(() => row('tcp', 'zz:1F90', '00000000:0000', '0A'), /not an address/);
  t.throws(() => row('tcp', '0100007F', '00000000:0000', '0A'), /not an address/);
  t.end();
});
