import type { Row } from './build-instance.ts';
import type { Findings } from './findings.ts';
import { type Level, normalizeLevel } from './levels.ts';
import { concatenated, merge } from './merge.ts';
import { namedTwice } from './named-twice.ts';
import { isNull, type MapNode, mapOf, nodeAt, scalar, withEntry, withoutKeys } from './tree.ts';
import { reportUnusable } from './unusable-name.ts';

/** Settings that say where cookbooks come from; a step that gives one of them replaces all. */
const SOURCES = ['cookbook_paths', 'policyfile_path', 'policyfile', 'berksfile_path'] as const;

/** The `steps` of a suite in normal form; names that repeat or cannot be used are findings. */
export function stepRows(suite: Row, findings: Findings): readonly Row[] {
  const list = suite.node.entries.get('steps')?.value;
  const rows: Row[] = [];
  for (const node of list?.kind === 'seq' ? list.items : []) {
    const name = nodeAt(node, ['name']);
    if (node.kind !== 'map' || name?.kind !== 'scalar' || typeof name.value !== 'string') continue;
    reportUnusable(name.value, node, 'step', findings);
    reportRepeated(rows, name.value, node, suite.name, findings);
    rows.push({
      name: name.value,
      node,
      level: withCookbooks(node, normalizeLevel(node, 'suite', findings)),
    });
  }
  return rows;
}

/**
 * The level that takes the suite's place for one step: the step's settings over the suite's. Its run list replaces
 * the suite's (the platform's still comes first), its hooks are put after the suite's. `levels`: common, platform,
 * suite.
 */
export function levelOfStep(step: Row, levels: readonly [Level, Level, Level], findings: Findings): Level {
  const suite = levels[2];
  const own = step.level;
  const lifecycle = [...own.lifecycle.entries].reduce(
    (hooks, [name, entry]) =>
      withEntry(hooks, name, {
        ...entry,
        value: concatenated([hooks.entries.get(name)?.value, entry.value]),
      }),
    suite.lifecycle,
  );
  return {
    ...suite,
    provisioner: merge(suite.provisioner, withOnlyOwnSource(own.provisioner, levels), findings),
    verifier: merge(suite.verifier, withoutKeys(own.verifier, ['checks']), findings),
    lifecycle,
  };
}

/** The merged settings of a step with its checks: those of the suite, which hold after every step, then its own. */
export function withChecksOf(step: Row, tree: MapNode): MapNode {
  const lists = [
    nodeAt(tree, ['verifier', 'checks']),
    nodeAt(step.level.verifier, ['checks']),
    step.node.entries.get('checks')?.value,
  ].filter((list) => list !== undefined);
  const verifier = tree.entries.get('verifier');
  if (lists.length === 0 || verifier?.value.kind !== 'map') return tree;
  const entries = [step.node, step.level.verifier, verifier.value].map((map) => map.entries.get('checks'));
  const keyPlace = entries.find((entry) => entry !== undefined)?.keyPlace;
  // What is no list stays as it is, to be refused where it is written.
  const odd = lists.find((list) => list.kind !== 'seq' && !isNull(list));
  const value = withEntry(verifier.value, 'checks', { keyPlace, value: odd ?? concatenated(lists) });
  return withEntry(tree, 'verifier', { ...verifier, value });
}

/** `cookbooks:` is short for one of two settings of the Chef provisioner. */
function withCookbooks(step: MapNode, level: Level): Level {
  const entry = step.entries.get('cookbooks');
  if (!entry || (entry.value.kind === 'scalar' && entry.value.value === null)) return level;
  const key = entry.value.kind === 'map' ? 'cookbook_overrides' : 'cookbook_paths';
  return { ...level, provisioner: merge(level.provisioner, mapOf(key, entry)) };
}

/** Without the other sources of cookbooks, which Test Kitchen's order would put before the one that the step names. */
function withOnlyOwnSource(own: MapNode, levels: readonly Level[]): MapNode {
  if (!SOURCES.some((key) => own.entries.has(key))) return own;
  const others = SOURCES.filter(
    (key) => !own.entries.has(key) && levels.some(({ provisioner }) => provisioner.entries.has(key)),
  );
  return others.reduce(
    (all, key) => withEntry(all, key, { keyPlace: own.place, value: scalar(null, own.place) }),
    own,
  );
}

function reportRepeated(
  rows: readonly Row[],
  name: string,
  node: MapNode,
  suite: string,
  findings: Findings,
): void {
  const places = namedTwice(rows, name, node);
  if (!places) return;
  findings.error({
    code: 'config.duplicate_step',
    message: `two steps of the suite "${suite}" are named "${name}"`,
    ...places,
    hint: 'rename one of them: state, reports and --step tell steps apart by their names',
  });
}
