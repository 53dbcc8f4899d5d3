import { defineCommand } from '../command.ts';

export interface ConvertArgs {
  readonly files?: readonly string[];
  readonly write?: string | undefined;
  readonly json: boolean;
}

export const convert = defineCommand<ConvertArgs>({
  command: 'convert <files..>',
  describe: 'write checks from goss files, InSpec controls and serverspec files',
  options: (yargs) =>
    yargs
      .positional('files', {
        type: 'string',
        array: true,
        describe: 'goss.yaml, *.rb, or folders with them',
      })
      .option('write', {
        type: 'string',
        requiresArg: true,
        describe: 'new file to write; default: standard output',
      })
      .option('json', {
        alias: 'j',
        type: 'boolean',
        default: false,
        describe: 'the checks, and what could not be converted, as JSON',
      }) as never,
  run: async (args, host) => {
    const { convertFiles } = await import('../convert-files.ts');
    return convertFiles(args, host);
  },
});
