import { findFiles } from '../config/find-files.ts';
import { createFindings } from '../config/findings.ts';
import { readKitchen as readLayers } from '../config/load.ts';
import { fromPlain, type MapNode, type Node, scalar, toPlain } from '../config/tree.ts';
import { type ErrorRecord, GalleyError, GalleyErrors, toErrorRecord } from '../core/errors.ts';
import type { InstanceConfig } from '../core/kitchen.ts';
import { createRedact } from '../core/redactor.ts';
import type { GlobalOptions } from './command.ts';
import type { DiagnoseArgs } from './commands/diagnose.ts';
import { diagnosisOf, mapNode } from './diagnosis.ts';
import { EXIT_CODES } from './exit-codes.ts';
import type { Host } from './host.ts';
import { readKitchenToShow, stateStore } from './kitchen.ts';
import { knownSecrets } from './known-secrets.ts';
import { maskTree } from './mask-tree.ts';
import { pluginName } from './plugin-name.ts';
import { select } from './selection.ts';
import { version } from './version.ts';

type Args = DiagnoseArgs & GlobalOptions;

/**
 * Writes the diagnosis in the shape of the peer's. A kitchen that cannot be loaded is no reason not to show its files:
 * the problems then stand where the instances would, and the exit code is theirs.
 */
export async function writeDiagnosis(args: Args, host: Host): Promise<number> {
  const wantsLoader = args.all || args.loader;
  const wantsInstances = args.all || !args.noInstances;
  let instances: readonly InstanceConfig[] = [];
  let problem: ErrorRecord | undefined;
  try {
    const kitchen = await readKitchenToShow(host, args);
    instances = await select(kitchen, args, host);
  } catch (error) {
    if (!(error instanceof GalleyError) || error.kind !== 'config' || !wantsLoader) throw error;
    problem = toErrorRecord(error);
  }
  const tree = mapNode({
    timestamp: scalar(new Date().toISOString()),
    galley_version: scalar(version()),
    ...((args.all || args.plugins) && { plugins: pluginsOf(instances) }),
    ...(wantsLoader && { loader: await loaderOf(args, host) }),
    ...(wantsInstances && {
      instances: problem
        ? fromPlain({ error: problem }, undefined)
        : mapNode(Object.fromEntries(await diagnoses(instances, host))),
    }),
  });
  const shown = args.showSecrets ? tree : maskTree(tree);
  // What a key calls secret may also stand inside a command.
  const redact = createRedact(args.showSecrets ? [] : knownSecrets(instances));
  if (args.json) host.stdout.write(`${JSON.stringify(redact(toPlain(shown)), null, 2)}\n`);
  else {
    const { treeYaml } = await import('./tree-yaml.ts');
    host.stdout.write(redact(treeYaml(shown)));
  }
  return problem ? EXIT_CODES[problem.kind] : 0;
}

async function diagnoses(
  instances: readonly InstanceConfig[],
  host: Host,
): Promise<readonly (readonly [string, MapNode])[]> {
  const store = stateStore({ root: host.cwd });
  return Promise.all(
    instances.map(
      async (config) =>
        [config.instance.name, diagnosisOf(config, await store.peek(config.instance.name))] as const,
    ),
  );
}

const DEFAULTS = { driver: 'docker', provisioner: 'chef_infra', transport: 'docker', verifier: 'checks' };

/** The plugins that the instances name, and whether this Galley has them. */
function pluginsOf(instances: readonly InstanceConfig[]): Node {
  const found: Record<string, Record<string, unknown>> = {};
  for (const section of ['driver', 'provisioner', 'transport', 'verifier'] as const) {
    const names = instances.map((config) => config[section].name ?? DEFAULTS[section]);
    const described = [...new Set(names)].map((name) => [
      pluginName(name),
      { class: `galley/${section}/${name}`, version: version(), api_version: 1 },
    ]);
    found[section] = Object.fromEntries(described);
  }
  return fromPlain(found, undefined);
}

async function loaderOf(args: Args, host: Host): Promise<MapNode> {
  const options = {
    cwd: host.cwd,
    env: host.env,
    compat: true,
    ...(args.config !== undefined && { file: args.config }),
  };
  const facts = { process_erb: scalar(true), process_local: scalar(true), process_global: scalar(true) };
  try {
    const { file, layers } = await readLayers(options);
    const paths = findFiles(host.cwd, host.env, options, createFindings(true));
    const layer = (path: string | undefined): Node => {
      const found = layers.find((one) => one.file === path);
      return found ? mapNode({ filename: scalar(found.file), raw_data: found.root }) : scalar(null);
    };
    return mapNode({
      ...facts,
      global_config: layer(paths.global),
      project_config: layer(paths.project ?? layers[0]?.file),
      local_config: layer(paths.local),
      combined_config: mapNode({ filename: scalar(null), raw_data: file }),
    });
  } catch (error) {
    const problems = error instanceof GalleyErrors ? error.errors : [error];
    return mapNode({ ...facts, error: fromPlain(problems.map(toErrorRecord), undefined) });
  }
}
