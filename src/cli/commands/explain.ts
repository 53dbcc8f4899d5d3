import pc from 'picocolors';
import { GalleyError } from '../../core/errors.ts';
import type { InstanceConfig } from '../../core/kitchen.ts';
import { createRedact } from '../../core/redactor.ts';
import { formatLocation } from '../../reporters/format/error.ts';
import { cut, table } from '../../reporters/format/text.ts';
import { defineCommand } from '../command.ts';
import { instanceNeeded } from '../instance-needed.ts';
import { readKitchenToShow } from '../kitchen.ts';
import { knownSecrets } from '../known-secrets.ts';
import { filterOptions, nothingLeft, type Selection, select } from '../selection.ts';
import { SECTIONS, settingsOf, shownSetting } from '../settings-of.ts';

interface ExplainArgs extends Selection {
  readonly instance?: string | undefined;
  readonly key?: string | undefined;
}

export const explain = defineCommand<ExplainArgs>({
  command: 'explain [instance] [key]',
  describe: 'show each merged setting of an instance and the file:line it came from',
  options: (yargs) =>
    filterOptions(yargs)
      .positional('instance', {
        type: 'string',
        describe: 'instance name or regular expression; needed when there are several',
      })
      .positional('key', {
        type: 'string',
        describe: 'only settings at or below this dotted key, e.g. provisioner.attributes',
      }) as never,
  run: async (args, host) => {
    const kitchen = await readKitchenToShow(host, args);
    const colors = pc.createColors(host.stdout.color);
    const instances = args.instance === undefined ? [] : [args.instance];
    const chosen = await select(kitchen, { ...args, instances }, host);
    if (args.instance === undefined && chosen.length > 1) throw instanceNeeded('explain', chosen);
    const nothing = nothingLeft(args, chosen);
    if (nothing !== undefined) host.stderr.write(`${nothing}\n`);
    for (const config of chosen) {
      const redact = createRedact(knownSecrets([config]));
      const leaves = settingsOf(config, args.key);
      if (leaves.length === 0) throw noSuchKey(config, args.key ?? '');
      host.stdout.write(`${colors.bold(config.instance.name)}\n`);
      const rows = leaves.map(({ path, value, place }) => {
        return [
          `  ${path.join('.')}`,
          cut(redact(shownSetting(path, value)), args.verbose ? 10_000 : 70),
          place ? formatLocation(place) : 'default',
        ];
      });
      for (const line of table(rows)) host.stdout.write(`${line}\n`);
    }
    return 0;
  },
});

function noSuchKey(config: InstanceConfig, key: string): GalleyError {
  return new GalleyError({
    code: 'usage.no_such_key',
    kind: 'usage',
    message: `${config.instance.name} has no setting '${key}'`,
    expected: `a key below ${[...SECTIONS, ...(config.steps ? ['steps'] : [])].join(', ')}`,
    hint: `galley explain ${config.instance.name} lists all`,
  });
}
