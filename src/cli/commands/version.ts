import { defineCommand } from '../command.ts';
import { version } from '../version.ts';

export const versionCommand = defineCommand({
  command: 'version',
  describe: 'show the version of Galley and of the Node that runs it',
  options: (yargs) => yargs,
  run: async (_args, host) => {
    host.stdout.write(`galley ${version()} (Node ${process.versions.node})\n`);
    return 0;
  },
});
