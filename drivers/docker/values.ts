import { z } from 'zod';
import { variableName } from '../../src/core/variable-name.ts';
import { parsePort } from './ports.ts';
import { parseSize } from './size.ts';
import { shellWords } from './words.ts';

/** Kinds of values that the peers' configs write in more than one way. Each gives one form. */

const scalar = z.union([z.string(), z.number(), z.boolean()]).transform(String);

/** One value or a list of values; null is an empty list. */
export const list = z.union([
  scalar.transform((one) => [one]),
  z.array(scalar),
  z.null().transform((): string[] => []),
]);

/** A command line, split as a shell would, or argv. */
export const command = z.union([
  z.array(z.string()).min(1),
  z.string().transform((line, ctx) => {
    const words = shellWords(line);
    if (words !== undefined && words.length > 0) return words;
    ctx.addIssue({ code: 'custom', message: 'is not a command line: a quote is not closed, or it is empty' });
    return z.NEVER;
  }),
]);

/** `{KEY: value}` or a list of `KEY=value`. A null value is an empty one. */
export const environment = z.union([
  z.record(variableName, z.union([scalar, z.null().transform(() => '')])),
  z
    .array(z.string().regex(/^[^=\s]+=/, 'is not KEY=value'))
    .transform((pairs) =>
      Object.fromEntries(
        pairs.map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]),
      ),
    ),
]);

/** A list of `name:address`, or `{name: address}`. */
export const hosts = z.union([
  z.string().transform((one) => [one]),
  z.array(z.string().regex(/^[^:]+:.+/, 'is not name:address')),
  z
    .record(z.string(), z.string())
    .transform((map) => Object.entries(map).map(([name, to]) => `${name}:${to}`)),
]);

const onePort = z.union([z.number().int(), z.string()]).transform((spec, ctx) => {
  const bindings = parsePort(String(spec));
  if (bindings !== undefined) return bindings;
  ctx.addIssue({ code: 'custom', message: 'is not a port: write 80, 8080:80 or 0.0.0.0:8080:80' });
  return z.NEVER;
});

/** One port or a list of them, in the syntax of `docker run --publish`. */
export const port = z.union([z.array(onePort), onePort.transform((one) => [one])]);

/** Bytes, or a number with a unit. */
export const size = z.union([z.number().nonnegative(), z.string()]).transform((text, ctx) => {
  const bytes = parseSize(String(text));
  if (bytes !== undefined) return bytes;
  ctx.addIssue({ code: 'custom', message: 'is not a size: write bytes, 512m or 2g' });
  return z.NEVER;
});

/** `{path: options}` or a list of `path[:options]`. */
export const tmpfs = z.union([
  z.record(z.string().startsWith('/'), z.union([z.string(), z.null().transform(() => '')])),
  list.transform((paths) =>
    Object.fromEntries(
      paths.map((one) => {
        const [path = '', ...options] = one.split(':');
        return [path, options.join(':')];
      }),
    ),
  ),
]);
