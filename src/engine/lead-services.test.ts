import tap from 'tap';
import type { ServiceSpec } from '../core/service.ts';
import type { Snapshot } from '../core/snapshot.ts';
import { portsToLead, withoutTunnels } from './lead-services.ts';

const service = (ports: readonly number[]): ServiceSpec => ({
  image: 'i',
  environment: {},
  ports,
  command: undefined,
  wait: undefined,
  timeout: 60,
  url: undefined,
});

await tap.test('one loopback has each port once', (t) => {
  const led = portsToLead({ services: { db: service([5432]), cache: service([6379, 6380]) } });
  t.same(
    [...led],
    [
      [5432, 'db'],
      [6379, 'cache'],
      [6380, 'cache'],
    ],
  );
  t.throws(() => portsToLead({ services: { a: service([80]), b: service([80]) } }), {
    code: 'driver.service_ports',
    message: /a and b both have port 80/,
  });
  t.end();
});

await tap.test("the tunnel's own end is not seen, whatever else listens on the port is", (t) => {
  const listen = (localAddress: string, localPort: number, state = 'listen') => ({
    localAddress,
    localPort,
    state,
  });
  const all = [
    listen('127.0.0.1', 5432),
    listen('0.0.0.0', 5432),
    listen('127.0.0.1', 80),
    listen('127.0.0.1', 5432, 'established'),
  ];
  const snapshot = { sockets: all } as unknown as Snapshot;
  t.same(withoutTunnels(snapshot, new Map([[5432, 'db']])).sockets, all.slice(1));
  t.equal(withoutTunnels(snapshot, new Map()), snapshot);
  t.end();
});
