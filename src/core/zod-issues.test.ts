import tap from 'tap';
import { z } from 'zod';
import { zodIssuesToErrors } from './zod-issues.ts';

await tap.test('the words that a schema gives with its pattern are shown, not the pattern', (t) => {
  const schema = z.strictObject({
    a: z.string().regex(/^\//, 'expected an absolute path'),
    b: z.string().regex(/^x/),
  });
  const value = { a: 'x', b: 'y' };
  const { error } = schema.safeParse(value);
  const context = { schema, value, label: 'thing', pathPrefix: [], locate: () => undefined };
  t.match(zodIssuesToErrors(error?.issues ?? [], context), [
    { message: 'a of thing must be an absolute path', expected: 'an absolute path' },
    { expected: 'text like /^x/' },
  ]);
  t.end();
});
