import { z } from 'zod';
import { jsonPaths } from '../../src/checks/asserting-maps.ts';
import { timeLimit } from '../../src/checks/duration.ts';
import { matcher, textMatcher } from '../../src/checks/matcher-schema.ts';
import { amount, exitStatus } from '../../src/checks/numbers.ts';
import { variableName } from '../../src/core/variable-name.ts';

const word = z.union([z.string(), z.number().transform(String)]).meta({ takes: 'text' });

export const commandSpec = z
  .strictObject({
    command: z
      .union([z.string().trim().min(1, 'expected a command'), z.array(word).min(1, 'expected a command')])
      .describe('a text, of one line or many, is run by a shell on the instance; a list is run as it is'),
    shell: z
      .union([z.string().trim().min(1), z.array(word).min(1)])
      .optional()
      .describe(
        "program, with options, that is given the text with -c: default sh; 'bash -euo pipefail', python3",
      ),
    exit: matcher(exitStatus).optional().describe('exit status; default: 0'),
    stdout: textMatcher().optional().describe('what it printed; a list: contains each of these'),
    json: jsonPaths.optional().describe('path in the JSON that it printed, such as items[0].name → matcher'),
    stderr: textMatcher().optional().describe('its error output'),
    duration: matcher(amount).optional().describe('milliseconds it took'),
    user: word.optional().describe('run as this user; default: root'),
    cwd: z.string().optional().describe('folder to run it in'),
    env: z
      .record(variableName, z.union([word, z.boolean().transform(String)]).meta({ takes: 'text' }))
      .optional()
      .describe('variables to add'),
    stdin: z.string().optional().describe('text given to it'),
    timeout: timeLimit().optional().describe('killed after this time; default: 30s'),
  })
  .refine((spec) => spec.shell === undefined || typeof spec.command === 'string', {
    message: "a list is run without a shell: write a text, or leave 'shell' out",
    path: ['shell'],
  });

export type CommandSpec = z.infer<typeof commandSpec>;
