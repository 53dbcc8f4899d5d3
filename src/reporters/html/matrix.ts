import { isBad } from '../../core/check.ts';
import { plural } from '../../core/plural.ts';
import { formatDuration } from '../format/duration.ts';
import { cut } from '../format/text.ts';
import { type Case, casesOf, labelOf } from '../model/cases.ts';
import type { InstanceReport, RunReport } from '../model/run-report.ts';
import { html, type Markup, NOTHING } from './markup.ts';
import type { Anchors } from './problems.ts';
import { LEGEND, outcomeWord, sign, toneOf } from './words.ts';

interface Row {
  readonly instance: InstanceReport;
  readonly cases: ReadonlyMap<string, Case>;
  /** Names of its checks, in their order. */
  readonly columns: readonly string[];
}

const PHASES = ['create', 'converge', 'setup', 'verify', 'destroy'] as const;

/** Instances × checks. Instances with the same checks share a table, so that no table is mostly empty. */
export function matrix(
  report: RunReport,
  cases: ReadonlyMap<InstanceReport, readonly Case[]>,
  anchors: Anchors,
): Markup {
  const rows = report.instances.map((instance): Row => {
    const checks = (cases.get(instance) ?? casesOf(instance)).filter((one) => one.check);
    const byName = new Map(checks.map((one) => [columnOf(one), one]));
    return { instance, cases: byName, columns: [...byName.keys()] };
  });
  const tables = grouped(rows).map((group, i) => table(group, i + 1, anchors));
  const legend = LEGEND.map(
    ([outcome, word]) => html`<span><span class="c ${outcome}">${sign(outcome)}</span>${word}</span> `,
  );
  return html`<section aria-labelledby="matrix"><h2 id="matrix">Instances × checks</h2>
<p class="controls"><label>Instance <input type="search" id="filter" placeholder="part of a name" autocomplete="off"></label>
<label><input type="checkbox" id="bad"> only with problems</label> <output id="shown"></output></p>
<p class="legend">${legend}</p>
${tables}</section>
`;
}

function columnOf(one: Case): string {
  return labelOf(one);
}

/** Rows by their set of checks; one that did not get as far as its checks stands with those named most like it. */
function grouped(rows: readonly Row[]): readonly (readonly Row[])[] {
  const groups = Map.groupBy(
    rows.filter((row) => row.columns.length > 0),
    (row) => row.columns.toSorted((a, b) => (a < b ? -1 : 1)).join('\n'),
  );
  const without: Row[] = [];
  for (const row of rows.filter((one) => one.columns.length === 0)) {
    const near = [...groups.values()].toSorted((a, b) => likeness(b, row) - likeness(a, row))[0];
    if (near && likeness(near, row) >= 3) near.push(row);
    else without.push(row);
  }
  const all = [...groups.values()];
  return without.length > 0 ? [...all, without] : all;
}

/** Length of the longest beginning that the row's name shares with one of the group. */
function likeness(group: readonly Row[], row: Row): number {
  return Math.max(...group.map((one) => sharedLength(one.instance.name, row.instance.name)));
}

function sharedLength(a: string, b: string): number {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length += 1;
  return length;
}

function table(group: readonly Row[], number: number, anchors: Anchors): Markup {
  const columns = group.find((row) => row.columns.length > 0)?.columns ?? [];
  const phases = PHASES.filter((p) => group.some((row) => row.instance.phases.some((x) => x.action === p)));
  const heads = columns.map(
    (name) => html`<th scope="col" class="v" title="${name}"><span>${cut(name, 44)}</span></th>`,
  );
  const instances = plural(group.length, 'instance');
  const caption =
    columns.length === 0
      ? `${instances} without results of checks`
      : `${instances}, ${plural(columns.length, 'check')}`;
  return html`<div class="scroll" role="region" aria-label="matrix ${number}" tabindex="0"><table class="matrix"><caption>${caption}</caption>
<thead><tr><th scope="col">instance</th>${heads}${phases.map((p) => html`<th scope="col" class="v"><span>${p}</span></th>`)}</tr></thead>
<tbody>${group.map((row) => bodyRow(row, phases, columns, anchors))}</tbody></table></div>
`;
}

function bodyRow(row: Row, phases: readonly string[], columns: readonly string[], anchors: Anchors): Markup {
  const { instance } = row;
  const isProblem = instance.outcome !== 'passed' || [...row.cases.values()].some(isBad);
  const cells = columns.map((name) => cell(row.cases.get(name), anchors));
  return html`<tr data-name="${instance.name}"${isProblem ? html` data-bad` : NOTHING}><th scope="row"><span class="dot ${toneOf(instance.outcome)}" role="img" aria-label="${outcomeWord(instance.outcome)}"></span>${instance.name}</th>${cells}${phases.map((p) => phaseCell(instance, p, anchors))}</tr>
`;
}

/** Time of the phase; what did not pass links to its message. */
function phaseCell(instance: InstanceReport, action: string, anchors: Anchors): Markup {
  const phases = instance.phases.filter((p) => p.action === action);
  const last = phases.at(-1);
  if (!last) return html`<td class="t"></td>`;
  const time = formatDuration(phases.reduce((sum, p) => sum + p.durationMs, 0));
  if (last.outcome === 'passed') return html`<td class="t">${time}</td>`;
  const anchor = [...anchors].find(
    ([one]) => one.instance === instance.name && one.group === 'phase' && one.name === last.name,
  )?.[1];
  const text = html`${time}<i class="sr"> ${outcomeWord(last.outcome)}</i>`;
  return html`<td class="t ${toneOf(last.outcome)}">${anchor === undefined ? text : html`<a href="#${anchor}">${text}</a>`}</td>`;
}

function cell(one: Case | undefined, anchors: Anchors): Markup {
  if (!one) return html`<td class="c none"><span title="not reached">·</span></td>`;
  const tone = one.flaky && one.outcome === 'pass' ? 'flaky' : one.outcome;
  const anchor = anchors.get(one);
  const shown = sign(tone);
  return html`<td class="c ${tone}">${anchor === undefined ? shown : html`<a href="#${anchor}">${shown}</a>`}</td>`;
}
