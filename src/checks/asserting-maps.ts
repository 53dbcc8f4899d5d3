import { z } from 'zod';
import { pathProblem } from './json-path.ts';
import type { Matcher } from './matcher.ts';
import { matcher } from './matcher-schema.ts';
import { xmlPathProblem } from './xml-path.ts';

const EMPTY = 'an empty map asserts nothing';

/** A map from names, such as those of headers, to what is asserted of each. */
export function mapOf<V extends z.ZodType>(
  value: V,
  key: z.ZodString = z.string(),
): z.ZodRecord<z.ZodString, V> {
  return z.record(key, value).refine((map) => Object.keys(map).length > 0, EMPTY);
}

/** A single path, as of the place in an answer. */
export const jsonPath: z.ZodType<string> = z
  .string()
  .min(1)
  .superRefine((path, context) => {
    const message = pathProblem(path);
    if (message !== undefined) context.addIssue({ code: 'custom', message, input: path });
  });

/** `json: {items[0].name: nut}` */
export const jsonPaths: z.ZodType<Record<string, Matcher>> = pathsOf(pathProblem);
/** `xml: {/config/server/@port: 80}` */
export const xmlPaths: z.ZodType<Record<string, Matcher>> = pathsOf(xmlPathProblem);

function pathsOf(problemOf: (path: string) => string | undefined): z.ZodType<Record<string, Matcher>> {
  return mapOf(matcher(z.unknown()), z.string().min(1)).superRefine((map, context) => {
    for (const path of Object.keys(map)) {
      const message = problemOf(path);
      if (message !== undefined) context.addIssue({ code: 'custom', path: [path], message, input: path });
    }
  });
}
