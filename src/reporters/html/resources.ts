import { formatDuration } from '../format/duration.ts';
import type { RunReport } from '../model/run-report.ts';
import { slowestOfRun } from '../model/slowest.ts';
import { html, type Markup, NOTHING } from './markup.ts';

const MOST = 15;

/** The Chef resources that took longest, each with a bar as long as its share of the slowest. */
export function resources(report: RunReport): Markup {
  const slowest = slowestOfRun(report, MOST);
  const longest = slowest[0]?.durationMs ?? 0;
  if (longest === 0) return NOTHING;
  const rows = slowest.map((r) => {
    const from = r.cookbook === undefined ? '' : `${r.cookbook}::${r.recipe ?? 'default'}`;
    const share = ((r.durationMs / longest) * 100).toFixed(1);
    return html`<tr><td class="num">${formatDuration(r.durationMs)}</td><td class="share"><i style="width:${share}%"></i></td><th scope="row" class="long">${r.resource}</th><td>${r.status}</td><td>${r.instance}</td><td>${from}</td></tr>
`;
  });
  return html`<section aria-labelledby="resources"><h2 id="resources">Slowest resources</h2>
<div class="scroll" role="region" aria-label="slowest resources" tabindex="0"><table><thead><tr><th scope="col">time</th><th scope="col"><i class="sr">share</i></th><th scope="col">resource</th><th scope="col">status</th><th scope="col">instance</th><th scope="col">recipe</th></tr></thead><tbody>${rows}</tbody></table></div></section>
`;
}
