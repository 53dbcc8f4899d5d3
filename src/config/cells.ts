import { suggestion } from '../core/did-you-mean.ts';
import type { Findings } from './findings.ts';
import { SUITE_PATHS } from './keys.ts';
import { CHEF_KEYS, type Level, normalizeLevel } from './levels.ts';
import { type Path, readMarks, reportSettings, textsOf, withAppended, withoutPaths } from './list-marks.ts';
import { concatenated, merge } from './merge.ts';
import { platformFilter } from './platform-filter.ts';
import { normalizeServices } from './service-spec.ts';
import { toLocation } from './source-file.ts';
import { EMPTY_MAP, locateIn, type MapNode, type Node, nodeAt, withEntry } from './tree.ts';

/** Names of the suites and platforms of a kitchen, and of those that an overlay removed. */
export interface KitchenNames {
  readonly suite: readonly string[];
  readonly platform: readonly string[];
  readonly removed: ReadonlySet<string>;
}

/** Further settings for some cells of suites × platforms: an item of `cells:`. */
export interface Cell {
  readonly node: MapNode;
  readonly level: Level;
  /** Paths in a level. */
  readonly replace: readonly Path[];
  readonly append: readonly Path[];
  /** The instances are not made. */
  readonly isRemoved: boolean;
  isMeant(suite: string, platform: string): boolean;
}

type NameFilter = (name: string) => boolean;

const SECTIONS = ['driver', 'provisioner', 'verifier', 'transport', 'lifecycle', 'services'] as const;
/** Lists that are put after those of the other levels anyway. */
const CONCATENATED = ['run_list', 'lifecycle', 'tags'];

/** Reads `cells:`. A name or an expression that no suite or platform has is a finding. */
export function readCells(file: MapNode, names: KitchenNames, findings: Findings): readonly Cell[] {
  const list = file.entries.get('cells')?.value;
  const items = list?.kind === 'seq' ? list.items : [];
  return items.flatMap((node) => (node.kind === 'map' ? [readCell(node, names, findings)] : []));
}

function readCell(node: MapNode, names: KitchenNames, findings: Findings): Cell {
  const suite = filterOf(node, 'suite', names, findings);
  const platform = filterOf(node, 'platform', names, findings);
  if (!suite && !platform) {
    const location = locateIn(node, []);
    findings.error({
      code: 'config.missing_key',
      message: 'this cell names neither a suite nor a platform',
      ...(location && { location }),
      expected: 'suite, platform or both: names, or expressions as /…/',
      hint: 'what is for all instances stands at the top of the file',
    });
  }
  const remove = nodeAt(node, ['remove']);
  const isRemoved = remove?.kind === 'scalar' && remove.value === true;
  if (isRemoved) reportSettings(node, 'this cell', ['suite', 'platform'], findings);
  const { replace, append } = readMarks(node, 'this cell', findings);
  const level = normalizeLevel(node, 'suite', findings);
  const { services } = level;
  return {
    node,
    level:
      services.entries.size === 0 ? level : { ...level, services: normalizeServices(services, findings) },
    replace: replace.map(inLevel),
    append: append.map(inLevel).filter((path) => !path.some((key) => CONCATENATED.includes(key))),
    isRemoved,
    isMeant: (inSuite, onPlatform) => (suite?.(inSuite) ?? true) && (platform?.(onPlatform) ?? true),
  };
}

/** Where a key of a cell is in normal form. */
function inLevel(path: Path): Path {
  const moved: readonly string[] = [...CHEF_KEYS, ...SUITE_PATHS];
  return moved.includes(path[0] ?? '') ? ['provisioner', ...path] : path;
}

/** Undefined when the cell does not say. */
function filterOf(
  node: MapNode,
  key: 'suite' | 'platform',
  names: KitchenNames,
  findings: Findings,
): NameFilter | undefined {
  const given = node.entries.get(key);
  if (!given) return undefined;
  const filters = textsOf(given.value).flatMap(({ text, node: one }): NameFilter[] => {
    try {
      const filter = platformFilter(text);
      if (!names[key].some(filter) && !names.removed.has(text))
        reportUnknown(text, one, key, names, findings);
      return [filter];
    } catch (error) {
      const location = toLocation(one.place);
      findings.error({
        code: 'config.invalid_value',
        message: `${key} of this cell holds a broken regular expression: ${(error as Error).message}`,
        ...(location && { location }),
        got: text,
      });
      return [];
    }
  });
  return (name) => filters.some((filter) => filter(name));
}

function reportUnknown(
  text: string,
  node: Node,
  key: 'suite' | 'platform',
  names: KitchenNames,
  findings: Findings,
): void {
  const location = toLocation(node.place);
  const hint = suggestion(text, names[key]);
  findings.error({
    code: `config.unknown_${key}`,
    message: `cells: there is no ${key} "${text}"`,
    ...(location && { location }),
    ...(hint !== undefined && { hint }),
  });
}

/** Cells that no instance is in, because of `includes` and `excludes`, are told. */
export function reportUnreached(
  cells: readonly Cell[],
  made: readonly { readonly suite: string; readonly platform: string }[],
  names: KitchenNames,
  findings: Findings,
): void {
  for (const cell of cells) {
    if (made.some(({ suite, platform }) => cell.isMeant(suite, platform))) continue;
    const isPossible = names.suite.some((suite) => names.platform.some((one) => cell.isMeant(suite, one)));
    if (isPossible) findings.warn('no instance is in this cell', locateIn(cell.node, []));
  }
}

/** The levels of an instance with those of the cells it is in, in the order of the file. */
export function withCells(levels: readonly Level[], cells: readonly Cell[]): readonly Level[] {
  return cells.reduce((before, cell) => {
    const left = before.map((level) => without(level, cell.replace));
    return [...left, appended(left, cell)];
  }, levels);
}

function without(level: Level, paths: readonly Path[]): Level {
  return paths.reduce<Level>((made, [key, ...rest]) => {
    if (key === 'tags') return { ...made, tags: undefined };
    const section = SECTIONS.find((one) => one === key);
    if (section === undefined) return made;
    return { ...made, [section]: rest.length === 0 ? EMPTY_MAP : withoutPaths(made[section], [rest]) };
  }, level);
}

function appended(before: readonly Level[], cell: Cell): Level {
  const earlier = (section: (typeof SECTIONS)[number]): MapNode =>
    before.reduce<MapNode>((merged, level) => merge(merged, level[section]), EMPTY_MAP);
  let made = cell.level;
  for (const section of SECTIONS) {
    const paths = cell.append.filter(([key]) => key === section).map(([, ...rest]) => rest);
    if (paths.length > 0) made = { ...made, [section]: withAppended(earlier(section), made[section], paths) };
  }
  const checks = cell.node.entries.get('checks');
  if (!checks) return made;
  const given = nodeAt(made.verifier, ['checks']) ?? nodeAt(earlier('verifier'), ['checks']);
  const value = concatenated([given, checks.value]);
  return { ...made, verifier: withEntry(made.verifier, 'checks', { ...checks, value }) };
}
