import { z } from 'zod';
import { duration } from '../../src/checks/duration.ts';
import { matcher, textMatcher } from '../../src/checks/matcher-schema.ts';

const word = z.union([z.string(), z.number().transform(String)]).meta({ takes: 'text' });

export const commandSpec = z.strictObject({
  command: z
    .union([z.string().trim().min(1, 'expected a command'), z.array(word).min(1, 'expected a command')])
    .describe('a text is run by sh -c on the instance; a list is run as it is'),
  exit: matcher(z.int()).optional().describe('exit status; default: 0'),
  stdout: textMatcher().optional().describe('what it printed; a list: contains each of these'),
  stderr: textMatcher().optional().describe('its error output'),
  duration: matcher(z.number()).optional().describe('milliseconds it took'),
  user: word.optional().describe('run as this user; default: root'),
  cwd: z.string().optional().describe('folder to run it in'),
  env: z
    .record(z.string(), z.union([word, z.boolean().transform(String)]).meta({ takes: 'text' }))
    .optional()
    .describe('variables to add'),
  stdin: z.string().optional().describe('text given to it'),
  timeout: duration().optional().describe('killed after this time; default: 30s'),
});

export type CommandSpec = z.infer<typeof commandSpec>;
