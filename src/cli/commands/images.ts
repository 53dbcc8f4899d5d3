import { GalleyError } from '../../core/errors.ts';
import { table } from '../../reporters/format/text.ts';
import { defineCommand } from '../command.ts';
import type { Host } from '../host.ts';

interface ImagesArgs {
  readonly action: 'build' | 'list' | 'prune';
  readonly names?: readonly string[] | undefined;
  readonly json: boolean;
  readonly force: boolean;
  readonly dryRun: boolean;
}

export const images = defineCommand<ImagesArgs>({
  command: 'images <action> [names..]',
  describe: 'build, list or prune the images that Galley makes when no registry answers',
  options: (yargs) =>
    yargs
      .positional('action', {
        choices: ['build', 'list', 'prune'] as const,
        demandOption: true,
        describe: 'what to do',
      })
      .positional('names', {
        type: 'string',
        array: true,
        describe: 'images to build, e.g. debian-12 client postgres',
      })
      .option('json', { alias: 'j', type: 'boolean', default: false, describe: 'list as JSON' })
      .option('dry-run', {
        type: 'boolean',
        default: false,
        describe: 'prune: only show what would be removed',
      })
      .option('force', { type: 'boolean', default: false, describe: 'build even what is there' }) as never,
  run: (args, host) => {
    if (args.action !== 'build' && args.names?.length) throw namesNotTaken(args.action, args.names);
    return ACTIONS[args.action](args, host);
  },
});

const ACTIONS = { build, list, prune } as const;

function namesNotTaken(action: string, names: readonly string[]): GalleyError {
  return new GalleyError({
    code: 'usage.command_line',
    kind: 'usage',
    message: `galley images ${action} takes no names`,
    got: names.join(' '),
    hint: `galley images ${action} is for all images that Galley has made`,
  });
}

async function prune(args: ImagesArgs, host: Host): Promise<number> {
  const [{ connectEngine }, { pruneImages }] = await Promise.all([
    import('../../docker/connect.ts'),
    import('../../images/prune.ts'),
  ]);
  const pruned = await pruneImages(await connectEngine(host.env), { dryRun: args.dryRun });
  if (args.json) host.stdout.write(`${JSON.stringify(pruned, null, 2)}\n`);
  else if (pruned.length === 0) host.stdout.write('nothing is outdated\n');
  else {
    const rows = pruned.map(({ kind, name, outcome }) => [
      outcome === 'found' ? 'would remove' : outcome === 'in use' ? 'kept, in use' : outcome,
      kind,
      name,
    ]);
    for (const line of table(rows)) host.stdout.write(`${line}\n`);
  }
  return 0;
}

async function list(args: ImagesArgs, host: Host): Promise<number> {
  const [{ connectEngine }, { listImages }] = await Promise.all([
    import('../../docker/connect.ts'),
    import('../../images/list.ts'),
  ]);
  const found = await listImages(await connectEngine(host.env));
  if (args.json) {
    host.stdout.write(`${JSON.stringify(found, null, 2)}\n`);
    return 0;
  }
  const rows = found.map((image) => [
    image.name,
    image.kind,
    image.version,
    `${Math.round(image.sizeBytes / 1e6)} MB`,
    image.current ? image.origin : `${image.origin}, outdated`,
    image.created.slice(0, 10),
    image.digest.slice(0, 19),
  ]);
  if (rows.length === 0) {
    host.stdout.write('no images yet: galley images build makes them, or the first create\n');
    return 0;
  }
  const header = ['Image', 'Kind', 'Version', 'Size', 'Origin', 'Created', 'Digest'];
  for (const line of table([header, ...rows], new Set([3]))) host.stdout.write(`${line}\n`);
  return 0;
}

async function build(args: ImagesArgs, host: Host): Promise<number> {
  const [{ connectEngine }, { buildAll }] = await Promise.all([
    import('../../docker/connect.ts'),
    import('../../images/build-all.ts'),
  ]);
  const built = await buildAll(await connectEngine(host.env), args.names ?? [], {
    cacheDir: host.cacheDir,
    force: args.force,
    onProgress: calmly((text) => host.stdout.write(`${text}\n`)),
  });
  for (const image of built) host.stdout.write(`${image.ref}  ${image.source}  ${image.digest}\n`);
  return 0;
}

/** One line about each image every few seconds: 144 gems need not be 144 lines. */
function calmly(write: (line: string) => void): (text: string, name: string) => void {
  const last = new Map<string, number>();
  return (text, name) => {
    const now = performance.now();
    if (now - (last.get(name) ?? Number.NEGATIVE_INFINITY) < 3000) return;
    last.set(name, now);
    write(`[${name}] ${text}`);
  };
}
