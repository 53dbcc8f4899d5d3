import type { InstanceConfig } from '../core/kitchen.ts';
import { baseInstances } from './bases.ts';
import { buildInstance, type Row } from './build-instance.ts';
import { type Cell, readCells, reportUnreached, withCells } from './cells.ts';
import type { Findings } from './findings.ts';
import { reportHookFilters } from './hook-filters.ts';
import { type Level, normalizeLevel } from './levels.ts';
import { mergeLevels } from './merge-levels.ts';
import { namedTwice } from './named-twice.ts';
import { type PlatformFilter, platformFilter } from './platform-filter.ts';
import { normalizeServices } from './service-spec.ts';
import { toLocation } from './source-file.ts';
import { levelOfStep, stepRows, withChecksOf } from './steps.ts';
import { isNull, locateIn, type MapNode, nodeAt } from './tree.ts';
import { reportUnusable } from './unusable-name.ts';

/** Suites × platforms in Test Kitchen's order (suite-major), filtered, named and merged. */
export function buildInstances(
  file: MapNode,
  findings: Findings,
  removed: ReadonlySet<string> = new Set(),
): readonly InstanceConfig[] {
  const common = withServices(normalizeLevel(file, 'common', findings), findings);
  const kitchen = file.entries.get('kitchen')?.value;
  const wide = kitchen?.kind === 'map' ? kitchen : undefined;
  const platforms = rowsOf(file, 'platforms', 'platform', findings);
  const suites = rowsOf(file, 'suites', 'suite', findings);
  const names = { suite: suites.map(nameOf), platform: platforms.map(nameOf), removed };
  const cells = readCells(file, names, findings);
  const selections = suites.map((suite) => {
    const on = selectPlatforms(suite, platforms, removed, findings);
    return { suite, on: on.filter(({ name }) => !isRemoved(suite.name, name, cells)) };
  });
  const baseOf = baseInstances(selections, findings);
  reportHookFilters(common.lifecycle, names.platform, removed, findings);
  for (const { name, level } of platforms) reportHookFilters(level.lifecycle, [name], removed, findings);
  for (const { suite, on } of selections) {
    reportHookFilters(suite.level.lifecycle, on.map(nameOf), removed, findings);
  }
  const siblings = {
    suites: [...new Set([...names.suite, ...removed])],
    platforms: [...new Set([...names.platform, ...removed])],
  };
  const instances: InstanceConfig[] = [];
  for (const { suite, on } of selections) {
    // Test Kitchen looks both up by name, so that of two with one name the first decides.
    const first = firstOf(suites, suite.name);
    const steps = stepRows(first, findings);
    for (const platform of on) {
      const platformLevel = firstOf(platforms, platform.name).level;
      const own = cells.filter((cell) => cell.isMeant(suite.name, platform.name));
      const merged = mergeLevels(withCells([common, platformLevel, first.level], own), wide, findings);
      const stepConfigs = steps.map((step) => {
        const level = levelOfStep(step, [common, platformLevel, first.level], findings);
        const tree = withChecksOf(
          step,
          mergeLevels(withCells([common, platformLevel, level], own), wide, findings),
        );
        return { name: step.name, config: buildInstance(suite, platform, tree, findings, { siblings }) };
      });
      const from = baseOf(suite.name, platform.name);
      instances.push(
        buildInstance(suite, platform, merged, findings, {
          siblings,
          ...(stepConfigs.length > 0 && { steps: stepConfigs }),
          ...(from && { from }),
        }),
      );
    }
  }
  reportUnreached(
    cells.filter((cell) => !cell.isRemoved),
    instances.map(({ instance }) => instance),
    names,
    findings,
  );
  reportCollisions(instances, findings);
  return instances;
}

function rowsOf(
  file: MapNode,
  key: 'platforms' | 'suites',
  kind: 'platform' | 'suite',
  findings: Findings,
): readonly Row[] {
  const list = file.entries.get(key);
  const items = list?.value.kind === 'seq' ? list.value.items : [];
  if (items.length === 0) {
    findings.warn(`no ${key} are given, so there are no instances`, toLocation(list?.keyPlace ?? file.place));
  }
  const rows: Row[] = [];
  for (const node of items) {
    const name = nodeAt(node, ['name']);
    if (node.kind !== 'map' || name?.kind !== 'scalar' || typeof name.value !== 'string') continue;
    const level = withServices(normalizeLevel(node, kind, findings), findings);
    reportDuplicate(rows, name.value, node, kind, findings);
    reportUnusable(name.value, node, kind, findings);
    rows.push({ name: name.value, node, level });
  }
  return rows;
}

function withServices(level: Level, findings: Findings): Level {
  return level.services.entries.size === 0
    ? level
    : { ...level, services: normalizeServices(level.services, findings) };
}

function nameOf({ name }: Row): string {
  return name;
}

function isRemoved(suite: string, platform: string, cells: readonly Cell[]): boolean {
  return cells.some((cell) => cell.isRemoved && cell.isMeant(suite, platform));
}

function firstOf(rows: readonly Row[], name: string): Row {
  return rows.find((row) => row.name === name) as Row;
}

function reportDuplicate(
  rows: readonly Row[],
  name: string,
  node: MapNode,
  kind: string,
  findings: Findings,
): void {
  const places = namedTwice(rows, name, node);
  if (!places) return;
  findings.tolerable({
    code: 'config.duplicate_instance',
    message: `two ${kind}s are named "${name}"; Test Kitchen would use the first one's settings for both`,
    ...places,
    hint: 'rename or remove one of them',
  });
}

function selectPlatforms(
  suite: Row,
  platforms: readonly Row[],
  removed: ReadonlySet<string>,
  findings: Findings,
): readonly Row[] {
  const includes = filtersOf(suite, 'includes', platforms, removed, findings);
  const excludes = filtersOf(suite, 'excludes', platforms, removed, findings);
  if (includes.length > 0 && excludes.length > 0) {
    findings.warn(
      `excludes of the suite "${suite.name}" has no effect beside includes`,
      toLocation(suite.node.entries.get('excludes')?.keyPlace),
    );
  }
  const selected = platforms.filter(({ name }) => {
    if (includes.length > 0) return includes.some((isMeant) => isMeant(name));
    return !excludes.some((isMeant) => isMeant(name));
  });
  if (selected.length === 0 && platforms.length > 0) {
    findings.warn(`the suite "${suite.name}" selects no platform`, locateIn(suite.node, ['name']));
  }
  return selected;
}

function filtersOf(
  suite: Row,
  key: 'includes' | 'excludes',
  platforms: readonly Row[],
  removed: ReadonlySet<string>,
  findings: Findings,
): readonly PlatformFilter[] {
  const node = suite.node.entries.get(key)?.value;
  const items = node?.kind === 'seq' ? node.items : node === undefined || isNull(node) ? [] : [node];
  const filters: PlatformFilter[] = [];
  for (const item of items) {
    if (item.kind !== 'scalar' || typeof item.value !== 'string') continue;
    const location = toLocation(item.place);
    try {
      const isMeant = platformFilter(item.value);
      filters.push(isMeant);
      if (!platforms.some(({ name }) => isMeant(name)) && !removed.has(item.value)) {
        findings.warn(`"${item.value}" in ${key} of the suite "${suite.name}" is no platform here`, location);
      }
    } catch (error) {
      findings.error({
        code: 'config.invalid_value',
        message: `${key} of the suite "${suite.name}" holds a broken regular expression: ${(error as Error).message}`,
        ...(location && { location }),
        got: item.value,
      });
    }
  }
  return filters;
}

function reportCollisions(instances: readonly InstanceConfig[], findings: Findings): void {
  const seen = new Map<string, InstanceConfig>();
  for (const config of instances) {
    const { name, suite, platform } = config.instance;
    const first = seen.get(name);
    if (!first) {
      seen.set(name, config);
      continue;
    }
    // A name given twice has been reported where it is given.
    if (first.instance.suite === suite && first.instance.platform === platform) continue;
    const location = config.locate(['suite']);
    const before = first.locate(['suite']);
    const other = `suite "${first.instance.suite}" on "${first.instance.platform}"`;
    findings.tolerable({
      code: 'config.duplicate_instance',
      message: `suite "${suite}" on "${platform}" and ${other} are both named ${name}, so they would share one state`,
      ...(location && { location }),
      details: before ? [`first: ${before.file}:${before.line}:${before.column}`] : [],
      hint: 'rename one of the suites or platforms',
    });
  }
}
