import { defineCommand } from '../command.ts';
import { type Selection, selectionOptions } from '../selection.ts';

export interface DiagnoseArgs extends Selection {
  readonly all: boolean;
  readonly loader: boolean;
  readonly plugins: boolean;
  readonly noInstances: boolean;
  readonly showSecrets: boolean;
  readonly json: boolean;
}

const flag = { type: 'boolean', default: false } as const;

export const diagnose = defineCommand<DiagnoseArgs>({
  command: 'diagnose [instances..]',
  describe: 'show what was read and merged, as YAML, for bug reports',
  options: (yargs) =>
    selectionOptions(yargs)
      .option('all', { ...flag, describe: 'files, plugins and instances' })
      .option('loader', { ...flag, describe: 'the files as they were read, and their merge' })
      .option('plugins', { ...flag, describe: 'the plugins in use' })
      .option('no-instances', { ...flag, describe: 'leave the instances out' })
      .option('show-secrets', { ...flag, describe: 'do not mask passwords, tokens and keys' })
      .option('json', { ...flag, alias: 'j', describe: 'JSON instead of YAML' }) as never,
  run: async (args, host) => {
    const { writeDiagnosis } = await import('../write-diagnosis.ts');
    return writeDiagnosis(args, host);
  },
});
