import tap from 'tap';
import { isLocalhost, isLoopback } from './loopback.ts';

await tap.test('loopback addresses, also mapped into IPv6', async (t) => {
  for (const one of ['127.0.0.1', '127.1.2.3', '127.1', '::1', '::ffff:127.0.0.1'])
    t.ok(isLoopback(one), one);
  for (const one of ['0.0.0.0', '::', '10.0.0.127', '::ffff:10.0.0.1', '127.example.com', 'localhost', ''])
    t.notOk(isLoopback(one), one);
});

await tap.test('a host is this machine by name, by address and in brackets', async (t) => {
  for (const one of ['localhost', '127.0.0.1', '::1', '[::1]']) t.ok(isLocalhost(one), one);
  for (const one of ['localhost.example.com', 'db', '[::2]']) t.notOk(isLocalhost(one), one);
});
