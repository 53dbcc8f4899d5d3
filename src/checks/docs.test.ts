import tap from 'tap';
import { z } from 'zod';
import type { Verifier } from '../core/verifier.ts';
import { checksReference } from './docs.ts';
import { duration } from './duration.ts';
import { matcher, textMatcher } from './matcher-schema.ts';

await tap.test('the reference lists every attribute with what it takes, made from the schemas', async (t) => {
  const spec = z
    .strictObject({
      thing: z.union([z.string(), z.array(z.string())]).describe('which | what'),
      kind: matcher(z.enum(['a', 'b'])).optional(),
      text: textMatcher().optional().describe('its text'),
      time: z.strictObject({ total: matcher(z.number()).optional() }).optional(),
      each: z.record(z.string(), matcher(z.unknown())).optional(),
      timeout: duration().optional().describe('how long'),
    })
    .refine(() => true);
  const verifier = {
    name: 'thing',
    description: 'a thing',
    spec,
    repeatable: true,
    alone: true,
  } as unknown as Verifier;
  const text = checksReference([verifier]);
  for (const line of [
    '### thing',
    'A thing. It takes `repeat` and runs alone, in the order of the list.',
    '| `thing` | text or list of text | which \\| what |',
    '| `kind` | matcher of text: a, b |  |',
    '| `text` | matcher of long text | its text |',
    '| `time.total` | matcher of number |  |',
    '| `each` | map of matcher of any value |  |',
    '| `timeout` | duration | how long |',
    '| number | `equal` `oneOf` `not` `all` `any` `present` `absent` `gt` `gte` `lt` `lte` `between` |',
  ]) {
    t.ok(text.split('\n').includes(line), line);
  }
  t.match(text, /\| `eventually` \| duration, or map of within, every, stable \|/);
});
