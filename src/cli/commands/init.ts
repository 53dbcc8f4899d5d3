import { readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { findFiles } from '../../config/find-files.ts';
import { createFindings } from '../../config/findings.ts';
import { GALLEY_PLACES } from '../../config/galley-places.ts';
import { GalleyError } from '../../core/errors.ts';
import { defineCommand } from '../command.ts';
import type { Host } from '../host.ts';
import { placeSchema } from '../kitchen-schema.ts';
import { cookbookName, newKitchen, withIgnored } from '../new-kitchen.ts';
import { writeNew } from '../write-new.ts';

interface InitArgs {
  readonly checksFrom?: string | undefined;
  readonly write?: string | undefined;
}

export const init = defineCommand<InitArgs>({
  command: 'init',
  describe: 'write a first kitchen.yml for the cookbook in this folder, or checks from a machine',
  options: (yargs) =>
    yargs
      .option('checks-from', {
        type: 'string',
        requiresArg: true,
        describe: 'write checks of what this converged instance is like now',
      })
      .option('write', {
        type: 'string',
        requiresArg: true,
        describe: 'with --checks-from: new file to write; default: standard output',
      }) as never,
  run: async (args, host) => {
    const { checksFrom: instance, write } = args;
    if (instance !== undefined) {
      const { checksFrom } = await import('../checks-from.ts');
      return checksFrom({ ...args, checksFrom: instance }, host);
    }
    if (write !== undefined) throw writesNothing();
    await assertNoKitchen(host);
    const cookbook = cookbookName(await text(host, 'metadata.rb'), await text(host, 'metadata.json'));
    await writeNew(join(host.cwd, 'kitchen.yml'), newKitchen(cookbook, await placeSchema(host)), exists);
    const of =
      cookbook === undefined ? 'no cookbook found, so the shell provisioner' : `cookbook ${cookbook}`;
    host.stdout.write(`wrote kitchen.yml (${of})\n`);
    const ignored = withIgnored(await text(host, '.gitignore'));
    if (ignored !== undefined) {
      await writeFile(join(host.cwd, '.gitignore'), ignored);
      host.stdout.write('added .galley/ to .gitignore\n');
    }
    host.stdout.write('next: galley test\n');
    return 0;
  },
});

function text(host: Host, name: string): Promise<string | undefined> {
  return readFile(join(host.cwd, name), 'utf8').catch(() => undefined);
}

/** Whatever a kitchen is read from counts: kitchen.yml, .kitchen.yml, KITCHEN_YAML and the additional places. */
async function assertNoKitchen(host: Host): Promise<void> {
  const { project } = findFiles(host.cwd, host.env, {}, createFindings(true));
  if (project !== undefined) throw exists(basename(project));
  for (const place of GALLEY_PLACES.filter((one) => one !== 'package.json')) {
    if ((await text(host, place)) !== undefined) throw exists(place);
  }
}

function writesNothing(): GalleyError {
  return new GalleyError({
    code: 'usage.write_without_source',
    kind: 'usage',
    message: '--write is for checks, and init alone writes kitchen.yml',
    hint: 'galley init --checks-from INSTANCE --write FILE',
  });
}

function exists(file: string): GalleyError {
  return new GalleyError({
    code: 'usage.kitchen_exists',
    kind: 'usage',
    message: `there is a ${file} already; init never overwrites it`,
    hint: 'galley list shows its instances; remove it to start over',
  });
}
