import { Readable } from 'node:stream';
import tap from 'tap';
import { countedStream } from './counted-stream.ts';

await tap.test('bytes go through as they are and are told of step by step', async (t) => {
  const parts = [1, 2, 3, 4].map((value) => Buffer.alloc(6, value));
  const told: number[] = [];
  const read: Buffer[] = [];
  for await (const chunk of countedStream(Readable.from(parts), 10, (bytes) => told.push(bytes)))
    read.push(chunk as Buffer);
  t.same(Buffer.concat(read), Buffer.concat(parts));
  t.same(told, [12, 24]);
});

await tap.test('a source that breaks breaks what is read', async (t) => {
  const source = new Readable({ read() {} });
  const counted = countedStream(source, 10, () => undefined);
  source.push('half');
  source.destroy(new Error('the engine went away'));
  await t.rejects(counted.toArray(), /the engine went away/);
});
