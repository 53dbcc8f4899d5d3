import { type AddressInfo, createServer, type Socket } from 'node:net';
import tap from 'tap';
import { probeSsh } from './probe.ts';

await tap.test(
  'a greeting may come in parts and after other lines; a flood of them is no sshd',
  async (t) => {
    const probe = async (greet: (socket: Socket) => void) => {
      const server = createServer((socket) => {
        socket.on('error', () => undefined);
        greet(socket);
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const result = await probeSsh('127.0.0.1', (server.address() as AddressInfo).port, 60_000);
      server.close();
      return result;
    };
    const parts = (socket: Socket): void => {
      socket.setNoDelay();
      socket.write('Authorised use only\r\nS', () => socket.write('SH-2.0-x\r\n'));
    };
    t.equal(await probe(parts), 'open');
    t.equal(await probe((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')), 'silent');
    t.equal(await probe((socket) => socket.write('x'.repeat(100_000))), 'silent');
  },
);
