import pc from 'picocolors';
import { STAGES } from '../../core/instance.ts';
import { formatLocation } from '../../reporters/format/error.ts';
import { defineCommand } from '../command.ts';
import { readKitchen } from '../kitchen.ts';

export const validate = defineCommand({
  command: 'validate',
  describe: 'check the kitchen file, its plugins’ settings and its checks without making anything',
  options: (yargs) => yargs,
  run: async (args, host) => {
    const kitchen = await readKitchen(host, args);
    const [{ createPlugins }, { resolveInstances }] = await Promise.all([
      import('../../plugins.ts'),
      import('../../plan/resolve.ts'),
    ]);
    resolveInstances(kitchen.instances, createPlugins(host), new Set(STAGES));
    const colors = pc.createColors(host.stdout.color);
    for (const { message, location } of kitchen.warnings) {
      host.stdout.write(
        `${colors.yellow(`! ${location ? `${formatLocation(location)}: ` : ''}${message}`)}\n`,
      );
    }
    const count = kitchen.instances.length;
    host.stdout.write(
      `${colors.green('valid')}: ${count} instance${count === 1 ? '' : 's'} in ${kitchen.files.join(', ')}\n`,
    );
    return 0;
  },
});
