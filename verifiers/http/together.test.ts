import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import tap from 'tap';
import type { Repeat } from '../../src/core/check.ts';
import type { Probe } from '../../src/core/verifier.ts';
import { LocalConnection } from '../../test/local-connection.ts';
import { portVerifier } from '../port/index.ts';
import { httpVerifier } from './index.ts';
import { together } from './together.ts';

const local = new LocalConnection('/', { PATH: '/usr/local/bin:/usr/bin:/bin' });
const { signal } = new AbortController();

await tap.test(
  'commands that are asked for together are one, each with its own input and results',
  async (t) => {
    let count = 0;
    const execute = together((argv, options) => {
      count += 1;
      return local.execute(argv, options);
    }, 3);
    const script = 'cat; echo "$1" >&2; exit $1';
    const found = await Promise.all(
      Array.from({ length: 10 }, (_, n) =>
        execute(['sh', '-c', script, 'sh', `${n}`], { stdin: `in '${n}'\nü\0`, timeoutMs: 120_000 }),
      ),
    );
    t.same(
      found.map(({ exitCode, stdout, stderr }) => [exitCode, stdout, stderr]),
      Array.from({ length: 10 }, (_, n) => [n, `in '${n}'\nü\0`, `${n}\n`]),
    );
    t.equal(count, 1);
    t.match(await execute(['no-such-program']), { exitCode: 127 });
    await t.rejects(together(() => Promise.reject(new Error('lost')), 1)(['true']), { message: 'lost' });
  },
);

await tap.test(
  'where no port is led here, requests from the host are made on the instance, in few commands',
  async (t) => {
    let most = 0;
    let now = 0;
    const server = createServer((request, response) => {
      now += 1;
      most = Math.max(most, now);
      setTimeout(() => {
        now -= 1;
        response.end(`${request.headers.host} ${request.url}`);
      }, 20);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    t.teardown(() => server.close());
    const { port } = server.address() as AddressInfo;
    const commands: string[] = [];
    const connection = {
      asksInside: true,
      execute: (...given: Parameters<typeof local.execute>) => {
        commands.push(given[0].join(' '));
        return local.execute(...given);
      },
    };
    const probe = (repeat?: Partial<Repeat>) =>
      ({
        connection,
        snapshot: { sockets: [] },
        signal,
        address: () => undefined,
        repeat,
      }) as unknown as Probe;
    const look = async (item: object, repeat?: Partial<Repeat>) => {
      const spec = httpVerifier.spec.parse(item);
      return httpVerifier.judge(spec, await httpVerifier.observe(spec, probe(repeat)));
    };
    const repeat = { times: 40, concurrency: 4, connection: 'new', token: false } as const;
    const url = `http://localhost:${port}/items?q=\${token}`;
    t.match(await look({ http: url, body: { contains: '${token}' } }, repeat), [{ outcome: 'pass' }]);
    t.equal(commands.length, 1);
    t.ok(most > 1 && most <= 4, `at most four at a time: ${most}`);
    const named = { http: url, host: 'shop.example', body: { contains: 'shop.example /items' } };
    t.match(await look(named), [{ outcome: 'pass', source: /inside the instance/ }, { outcome: 'pass' }]);
    t.match(await look({ http: 'http://localhost:1/', error: 'refused' }), [{ outcome: 'pass' }]);
    await t.rejects(look({ http: url }, { ...repeat, connection: 'reuse' }), {
      message: /reuse needs a way/,
    });

    const reach = { port, reachable: { from: 'host' } };
    const facts = await portVerifier.observe(portVerifier.spec.parse(reach), probe());
    t.match(facts, { reach: { outcome: 'connected' }, isAskedInside: true });
  },
);
