import { relative, resolve } from 'node:path';
import { defineCommand } from '../command.ts';
import { kitchenSchemaText, writeSchema } from '../kitchen-schema.ts';

interface SchemaArgs {
  readonly output?: string | undefined;
}

export const schema = defineCommand<SchemaArgs>({
  command: 'schema',
  describe: 'print the JSON Schema of kitchen files, for editors',
  options: (yargs) =>
    yargs.option('output', {
      alias: 'o',
      type: 'string',
      requiresArg: true,
      describe: 'write it to this file instead',
    }) as never,
  run: async ({ output }, host) => {
    const text = await kitchenSchemaText(host);
    if (output === undefined) {
      host.stdout.write(text);
      return 0;
    }
    const file = resolve(host.cwd, output);
    await writeSchema(file, text);
    host.stdout.write(`wrote ${relative(host.cwd, file)}\n`);
    return 0;
  },
});
