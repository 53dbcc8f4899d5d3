import pc from 'picocolors';
import { isSecretName, redactText } from '../../checks/redact.ts';
import { GalleyError, type SourceLocation } from '../../core/errors.ts';
import type { InstanceConfig, PathSegment } from '../../core/kitchen.ts';
import { createRedact } from '../../core/redactor.ts';
import { formatLocation } from '../../reporters/format/error.ts';
import { cut, printable, table } from '../../reporters/format/text.ts';
import { defineCommand } from '../command.ts';
import { instanceNeeded } from '../instance-needed.ts';
import { readKitchenToShow } from '../kitchen.ts';
import { knownSecrets } from '../known-secrets.ts';
import { filterOptions, nothingLeft, type Selection, select } from '../selection.ts';

interface ExplainArgs extends Selection {
  readonly instance?: string | undefined;
  readonly key?: string | undefined;
}

const SECTIONS = ['driver', 'transport', 'provisioner', 'verifier', 'lifecycle', 'services', 'tags'] as const;

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
      const leaves = allLeaves(config, args.key).filter(({ path }) => isBelow(path.join('.'), args.key));
      if (leaves.length === 0) throw noSuchKey(config, args.key ?? '');
      host.stdout.write(`${colors.bold(config.instance.name)}\n`);
      const rows = leaves.map(({ path, value, place }) => {
        return [
          `  ${path.join('.')}`,
          cut(redact(show(path[0] === 'steps' ? path.slice(2) : path, value)), args.verbose ? 10_000 : 70),
          place ? formatLocation(place) : 'default',
        ];
      });
      for (const line of table(rows)) host.stdout.write(`${line}\n`);
    }
    return 0;
  },
});

interface Value {
  readonly path: readonly PathSegment[];
  readonly value: unknown;
}

interface Leaf extends Value {
  readonly place: SourceLocation | undefined;
}

/** What a step may have of its own. */
const STEP_SECTIONS: ReadonlySet<string> = new Set(['provisioner', 'verifier', 'lifecycle']);

/** Those of the instance, then of each step `steps.NAME.…`: what is other than the suite's, all when asked for a step. */
function allLeaves(config: InstanceConfig, key: string | undefined): readonly Leaf[] {
  const own = leavesOf(config);
  const base = config.from
    ? [{ path: ['from'], value: config.from.suite, place: config.locate(['from']) }]
    : [];
  const known = new Set(own.map((leaf) => JSON.stringify(leaf)));
  const steps = (config.steps ?? []).flatMap((step) => {
    const prefix = ['steps', step.name];
    const isAskedFor = key !== undefined && isBelow(key, prefix.join('.'));
    return leavesOf(step.config)
      .filter(({ path }) => STEP_SECTIONS.has(String(path[0])))
      .filter((leaf) => isAskedFor || !known.has(JSON.stringify(leaf)))
      .map((leaf) => ({ ...leaf, path: [...prefix, ...leaf.path] }));
  });
  return [...base, ...own, ...steps];
}

function leavesOf(config: InstanceConfig): readonly Leaf[] {
  return valuesOf(config).map((leaf) => ({ ...leaf, place: config.locate(leaf.path) }));
}

function valuesOf(config: InstanceConfig): readonly Value[] {
  return SECTIONS.flatMap((section) => {
    if (section === 'lifecycle' || section === 'services' || section === 'tags')
      return below([section], config[section]);
    const { name, settings } = config[section];
    const named = name === undefined ? [] : [{ path: [section, 'name'], value: name }];
    return [...named, ...below([section], settings)];
  });
}

function below(path: readonly PathSegment[], value: unknown): readonly Value[] {
  if (value === undefined) return [];
  if (typeof value !== 'object' || value === null) return [{ path, value }];
  const entries: readonly (readonly [PathSegment, unknown])[] = Array.isArray(value)
    ? value.map((item, index) => [index, item] as const)
    : Object.entries(value);
  if (entries.length === 0) return path.length > 1 ? [{ path, value }] : [];
  return entries.flatMap(([key, item]) => below([...path, key], item));
}

function isBelow(path: string, key: string | undefined): boolean {
  return key === undefined || path === key || path.startsWith(`${key}.`);
}

function show(path: readonly PathSegment[], value: unknown): string {
  // `key:` of an env check holds the name of a variable, not its value.
  const named = path.filter((segment) => segment !== 'key');
  if (typeof value === 'string' && named.some((segment) => isSecretName(String(segment)))) return '(secret)';
  if (typeof value === 'string' && isEnvValue(path)) return '(secret)';
  return printable(JSON.stringify(typeof value === 'string' ? redactText(value) : value));
}

/** Attributes of an env check whose values verify never shows either. */
function isEnvValue(path: readonly PathSegment[]): boolean {
  return (
    path[0] === 'verifier' && path[1] === 'checks' && ['value', 'each', 'unitValue'].includes(String(path[3]))
  );
}

function noSuchKey(config: InstanceConfig, key: string): GalleyError {
  return new GalleyError({
    code: 'usage.no_such_key',
    kind: 'usage',
    message: `${config.instance.name} has no setting '${key}'`,
    expected: `a key below ${[...SECTIONS, ...(config.steps ? ['steps'] : [])].join(', ')}`,
    hint: `galley explain ${config.instance.name} lists all`,
  });
}
