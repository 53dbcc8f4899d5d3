import { z } from 'zod';
import { mapOf } from '../../src/checks/asserting-maps.ts';
import { timeLimit } from '../../src/checks/duration.ts';
import { matcher } from '../../src/checks/matcher-schema.ts';
import { amount, count } from '../../src/checks/numbers.ts';
import { ENGINES } from './engines.ts';
import { problemOf } from './statement.ts';

const SQL_ERRORS = ['refused', 'unreachable', 'auth', 'database', 'sql', 'timeout'] as const;
export type SqlErrorKind = (typeof SQL_ERRORS)[number];

const word = z.union([z.string(), z.number().transform(String)]).meta({ takes: 'text' });
const parameter = z
  .union([
    z.string().refine((text) => !text.includes('\0'), 'a text with a zero byte'),
    z.number(),
    z.boolean(),
    z.null(),
  ])
  .meta({ takes: 'text, number, true, false or null' });

const answer = {
  rows: z
    .union([matcher(count), z.array(mapOf(matcher(z.unknown()))).min(1, 'an empty list asserts nothing')])
    .optional()
    .describe('number of rows; or a list of maps column → matcher, each of which holds for some row'),
  value: matcher(z.unknown()).optional().describe('the one value of a query with one row and one column'),
  columns: matcher(z.array(z.string())).optional().describe('names of the columns, in order'),
  duration: matcher(amount).optional().describe('milliseconds that the query took'),
};

export const sqlSpec = z
  .strictObject({
    sql: z.string().trim().min(1).describe('one statement; :name stands for a parameter'),
    in: z
      .string()
      .trim()
      .min(1)
      .optional()
      .describe(
        'companion service whose own client asks, or instance; default: the only companion with a database',
      ),
    engine: z
      .enum(ENGINES)
      .optional()
      .describe('default: what the companion is; on the instance the client that is there'),
    params: z.record(z.string(), parameter).optional().describe('values of the parameters'),
    database: word.optional().describe("default: the companion's; of sqlite: path of the file"),
    user: word.optional().describe("default: the companion's"),
    password: word.optional().describe("default: the companion's; never shown, never on a command line"),
    host: word.optional().describe('default: the companion; on the instance its local socket'),
    port: z.int().min(1).max(65_535).optional().describe("default: the companion's"),
    timeout: timeLimit().optional().describe('default: 10s'),
    error: matcher(z.enum([...SQL_ERRORS, 'none']))
      .optional()
      .describe('why there is no answer, e.g. auth; none: there is one, whatever it says'),
    ...answer,
  })
  .superRefine((spec, context) => {
    const refuse = (path: string, message: string): void =>
      context.addIssue({ code: 'custom', path: [path], message });
    if (spec.error !== undefined && Object.keys(answer).some((key) => key in spec))
      refuse(
        'error',
        `'error' means that no answer is expected: it cannot stand beside ${Object.keys(answer).join(', ')}`,
      );
    if (spec.error === undefined && !Object.keys(answer).some((key) => key in spec))
      refuse(
        'sql',
        `nothing is expected of the answer: add ${Object.keys(answer).join(', ')} or error; 'error: none' where it is enough that the statement works`,
      );
    const problem = problemOf(spec.sql, Object.keys(spec.params ?? {}), spec.engine);
    if (problem) refuse(problem.at, problem.message);
    if (spec.engine === 'sqlite' && spec.database === undefined)
      refuse('engine', "sqlite needs 'database', the path of the file");
  });

export type SqlSpec = z.infer<typeof sqlSpec>;
