import { GalleyError } from '../../core/errors.ts';
import { painted } from '../../reporters/format/text.ts';
import { lockHolder } from '../../state/lock.ts';
import { defineCommand } from '../command.ts';
import { readKitchenToShow, stateStore } from '../kitchen.ts';
import { listLines, orphanRow, platformDoubts, rowOf } from '../list-rows.ts';
import { orphanNames } from '../orphans.ts';
import { readExisting } from '../read-existing.ts';
import { nothingLeft, type Selection, select, selectionOptions } from '../selection.ts';

export interface ListArgs extends Selection {
  readonly orphans: boolean;
  readonly bare: boolean;
  readonly json: boolean;
}

export const list = defineCommand<ListArgs>({
  command: 'list [instances..]',
  aliases: ['status'],
  describe: 'show the instances and how far each has come',
  options: (yargs) =>
    selectionOptions(yargs)
      .option('orphans', {
        type: 'boolean',
        default: false,
        describe: 'only what exists but is no longer in the kitchen file',
      })
      .option('bare', { alias: 'b', type: 'boolean', default: false, describe: 'names only' })
      .option('json', { alias: 'j', type: 'boolean', default: false, describe: 'as JSON' }) as never,
  run: async (args, host) => {
    // Orphans are what a kitchen does not have, so for them it must be readable.
    const { kitchen, brokenCode } = args.orphans
      ? { kitchen: await readKitchenToShow(host, args), brokenCode: 0 }
      : await readExisting(host, args);
    const store = stateStore(kitchen);
    const notices: string[] = [];
    // One bad file must not hide the other instances.
    const read = (name: string) =>
      store.readable(name).catch((error: unknown) => {
        if (!(error instanceof GalleyError)) throw error;
        notices.push(`${error.message}: ${error.hint}`);
        return undefined;
      });
    const files = await store.files();
    const orphans = files.size === 0 ? [] : await orphanNames(store, kitchen);
    const selected = args.orphans ? [] : await select(kitchen, args, host);
    const rows = args.orphans
      ? await Promise.all(orphans.map(async (name) => orphanRow(name, await read(name))))
      : await Promise.all(
          selected.map(async (config) => {
            const { name } = config.instance;
            const state = files.has(`${name}.json`) ? await read(name) : undefined;
            const holder = files.has(`${name}.lock`) ? await lockHolder(store.dir, name) : undefined;
            return rowOf(config, state, holder);
          }),
        );
    const nothing = args.orphans ? undefined : nothingLeft(args, selected);
    if (nothing !== undefined && kitchen.instances.length > 0) notices.push(nothing);
    notices.push(...platformDoubts(selected));
    if (!args.orphans && orphans.length > 0) {
      const rest =
        orphans.length === 1
          ? 'instance was created or tried, and is'
          : 'instances were created or tried, and are';
      notices.push(`${orphans.length} ${rest} no longer in the kitchen file: galley list --orphans`);
    }
    for (const notice of notices)
      host.stderr.write(`${painted('yellow', `! ${notice}`, host.stderr.color)}\n`);
    if (args.bare) host.stdout.write(rows.map((r) => `${r.instance}\n`).join(''));
    else if (args.json) host.stdout.write(`${JSON.stringify(rows, null, 2)}\n`);
    else {
      const [head = '', ...body] = listLines(rows);
      const lines = [painted('dim', head, host.stdout.color), ...body];
      host.stdout.write(lines.map((line) => `${line}\n`).join(''));
    }
    return brokenCode ?? 0;
  },
});
