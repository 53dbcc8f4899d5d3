import { isBad } from '../../core/check.ts';
import { plural } from '../../core/plural.ts';
import { formatLocation } from '../format/error.ts';
import { type Case, labelOf } from '../model/cases.ts';
import type { NoticeReport } from '../model/run-report.ts';
import { html, type Markup, NOTHING } from './markup.ts';

/** Where the matrix links to. */
export type Anchors = ReadonlyMap<Case, string>;

export interface Problems {
  readonly section: Markup;
  readonly anchors: Anchors;
}

/** More articles would make the page slow, and nobody reads them; the matrix still shows all. */
const MOST = 200;
/** Instances of a problem whose own text is held. */
const MOST_TEXTS = 10;

/** Failures first, each with all that is known; the same failure on several instances is one. */
export function problems(cases: readonly Case[]): Problems {
  const groups = Map.groupBy(
    cases.filter(isBad),
    ({ outcome, group, name, kind }) => `${outcome} ${group} ${name} ${kind}`,
  );
  const anchors = new Map<Case, string>();
  const articles = [...groups.values()].slice(0, MOST).map((group, i) => {
    for (const one of group) anchors.set(one, `p${i + 1}`);
    return article(group, `p${i + 1}`);
  });
  if (articles.length === 0) return { section: NOTHING, anchors };
  const more = groups.size - articles.length;
  const rest =
    more > 0 ? html`<p>… and ${more} further kinds of problems, in the matrix below.</p>` : NOTHING;
  const section = html`<section aria-labelledby="problems">
<h2 id="problems">Problems <small>${plural(groups.size, 'kind')}</small></h2>
${articles}${rest}</section>`;
  return { section, anchors };
}

function article(group: readonly Case[], id: string): Markup {
  const [first, ...others] = group;
  if (!first) return NOTHING;
  const word = first.outcome === 'error' ? 'ERROR' : 'FAIL';
  const place = first.location ? formatLocation(first.location) : '';
  return html`<article id="${id}" class="problem ${first.outcome}" tabindex="-1">
<h3><b class="tag ${first.outcome}">${word}</b> ${labelOf(first)}</h3>
<p class="where"><b>${first.instance}</b>${others.length > 0 ? ` and ${plural(others.length, 'other instance')}` : ''}${place === '' ? '' : ` · ${place}`}</p>
<pre tabindex="0">${bodyOf(first)}</pre>
${others.length > 0 ? alsoOn(others) : NOTHING}</article>
`;
}

/** The text without its headline, which stands above it already. */
function bodyOf(one: Case): string {
  if (!one.check) return one.text;
  const [, ...lines] = one.text.split('\n');
  return lines.map((line) => line.replace(/^ {2}/, '')).join('\n') || one.message;
}

function alsoOn(others: readonly Case[]): Markup {
  const shown = others
    .slice(0, MOST_TEXTS)
    .map((one) => html`<h4>${one.instance}</h4><pre tabindex="0">${bodyOf(one)}</pre>`);
  const rest = others.slice(MOST_TEXTS).map((one) => one.instance);
  return html`<details><summary>also on ${summaryNames(others)}</summary>${shown}${rest.length > 0 ? html`<p>and ${rest.join(', ')}</p>` : NOTHING}</details>`;
}

function summaryNames(others: readonly Case[]): string {
  const names = others.map((one) => one.instance);
  return names.length <= 4
    ? names.join(', ')
    : `${names.slice(0, 3).join(', ')} and ${names.length - 3} more`;
}

/** What is no failure and still wants to be seen. */
export function remarks(cases: readonly Case[], notices: readonly NoticeReport[]): Markup {
  const flaky = cases.filter((one) => one.flaky);
  const waived = cases.filter((one) => one.outcome === 'waived');
  const skipped = cases.filter((one) => one.outcome === 'skip');
  const warnings = notices
    .filter((one) => one.level === 'warning')
    .map((one) => html`<li>${one.message}</li>`);
  const parts = [
    list('Flaky', 'passed only after a failed attempt', flaky.map(line)),
    list('Waived', 'did not pass, accepted for now', waived.map(line)),
    list('Skipped', '', skipped.map(line)),
    list('Warnings', '', warnings),
  ];
  if (parts.every((part) => part === NOTHING)) return NOTHING;
  return html`<section aria-labelledby="remarks"><h2 id="remarks">Remarks</h2>${parts}</section>`;
}

function line(one: Case): Markup {
  return html`<li><b>${one.instance}</b> ${labelOf(one)}: ${one.message}</li>`;
}

function list(title: string, what: string, items: readonly Markup[]): Markup {
  if (items.length === 0) return NOTHING;
  const note = what === '' ? '' : ` ${what}`;
  return html`<details class="remark"><summary>${title} <small>${items.length}${note}</small></summary><ul>${items.slice(0, 500)}</ul></details>
`;
}
