import { existsSync, lstatSync } from 'node:fs';
import path from 'node:path';
import { GalleyError } from '../core/errors.ts';
import type { Kitchen } from '../core/kitchen.ts';
import { slug } from '../core/slug.ts';
import { type Env, type FileChoice, findFiles } from './find-files.ts';
import { createFindings } from './findings.ts';
import { GALLEY_PLACES } from './galley-places.ts';
import { buildInstances } from './instances.ts';
import { mergeFiles } from './merge-files.ts';
import { type Layer, type ReadContext, readLayer } from './read-layer.ts';
import { readReports } from './reports.ts';
import { loadServiceRules } from './service-spec.ts';
import { EMPTY_MAP, type MapNode, mentionsKey, nodeAt } from './tree.ts';
import { validateFile } from './validate.ts';

export interface LoadOptions extends FileChoice {
  /** Absolute folder of the kitchen, normally the working directory. */
  readonly cwd: string;
  /** Environment variables: those that name files, and those that ERB in the files reads. */
  readonly env: Env;
  /** What Test Kitchen lets pass without a word becomes a warning instead of an error. */
  readonly compat?: boolean;
}

/**
 * Reads the kitchen of a folder: finds the files, merges global < project < local and common < platform < suite,
 * checks everything. Throws `GalleyErrors` with all findings (`GalleyError` when there is one), never anything else
 * for what a user can write.
 */
export async function loadKitchen(options: LoadOptions): Promise<Kitchen> {
  const { file, layers, removed, findings } = await readKitchen(options);
  await validateFile(file, new Set(layers.flatMap((layer) => [...layer.anchorKeys])), findings);
  if (mentionsKey(file, 'services')) await loadServiceRules();
  const instances = buildInstances(file, findings, removed);
  const reports = readReports(file, findings);
  findings.throwIfAny();
  const keepLogs = nodeAt(file, ['kitchen', 'keep_logs']);
  return {
    root: options.cwd,
    get project() {
      return projectName(options.cwd);
    },
    files: layers.map((layer) => layer.file),
    instances,
    ...(keepLogs?.kind === 'scalar' && typeof keepLogs.value === 'number' && { keepLogs: keepLogs.value }),
    ...(reports.length > 0 && { reports }),
    warnings: findings.warnings,
  };
}

/** The layers of a kitchen and their merge, before anything is checked. Layers: project first, then local, global. */
export async function readKitchen(options: LoadOptions) {
  const findings = createFindings(options.compat ?? false);
  const context: ReadContext = { root: options.cwd, env: options.env, findings };
  const found = findFiles(options.cwd, options.env, options, findings);
  const global = found.global && (await readLayer(found.global, context));
  const project = found.project ? await readLayer(found.project, context) : await otherPlaces(context);
  const local = found.local && (await readLayer(found.local, context));
  const layers = [project, local, global].filter((layer) => typeof layer === 'object');
  const removed = new Set<string>();
  const file = [global, project, local].reduce<MapNode>(
    (earlier, layer) => (layer ? mergeFiles(earlier, layer.root, removed, findings) : earlier),
    EMPTY_MAP,
  );
  return { file: file.place ? file : { ...file, place: project.root.place }, layers, removed, findings };
}

/** The additional places; only when there is no kitchen.yml, and only loaded when one of them exists. */
async function otherPlaces(context: ReadContext): Promise<Layer> {
  if (GALLEY_PLACES.some((name) => existsSync(path.join(context.root, name)))) {
    const { readGalleyConfig } = await import('./galley-config.ts');
    const layer = await readGalleyConfig(context);
    if (layer) return layer;
  }
  throw notFound(context.root);
}

function notFound(root: string): GalleyError {
  const misnamed = ['kitchen.yaml', '.kitchen.yaml'].find((name) => existsSync(path.join(root, name)));
  const dead = ['kitchen.yml', '.kitchen.yml'].find((name) =>
    lstatSync(path.join(root, name), { throwIfNoEntry: false })?.isSymbolicLink(),
  );
  const above = existsSync(path.join(path.dirname(root), 'kitchen.yml')) ? path.dirname(root) : undefined;
  const hint = dead
    ? `${dead} is a link that leads to no file: mend it`
    : misnamed
      ? `rename ${misnamed} to ${misnamed.replace('.yaml', '.yml')}, or set KITCHEN_YAML=${misnamed}`
      : above
        ? `there is one in ${above}: run galley there`
        : 'run "galley init", go to the folder of the cookbook, or set KITCHEN_YAML';
  return new GalleyError({
    code: 'config.no_kitchen',
    kind: 'config',
    message: `no kitchen.yml in ${root}`,
    details: [`looked for kitchen.yml, .kitchen.yml, ${GALLEY_PLACES.join(', ')} (key "galley") in ${root}`],
    hint,
  });
}

/** Folder name and a short hash of its path: the same on each call, safe in labels and container names. */
export function projectName(root: string): string {
  const base = slug(path.basename(root), Number.POSITIVE_INFINITY).slice(0, 30);
  // Not imported above: `list` needs no name, and loading it takes a tenth of the time of a list.
  const hash = process
    .getBuiltinModule('node:crypto')
    .createHash('sha256')
    .update(path.resolve(root))
    .digest('hex')
    .slice(0, 8);
  return `${base === '' ? 'kitchen' : base}-${hash}`;
}
