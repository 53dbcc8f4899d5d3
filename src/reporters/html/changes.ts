import { formatDuration } from '../format/duration.ts';
import type { Change, Comparison } from '../model/compare.ts';
import { html, type Markup, NOTHING } from './markup.ts';

const MOST = 200;

/** What is other than in the previous run of the same command. */
export function changes(comparison: Comparison | undefined): Markup {
  if (!comparison) return NOTHING;
  const { previous, broken, fixed, added, gone, slower } = comparison;
  const parts = [
    group('Broken', 'fail', broken),
    group('Fixed', 'pass', fixed),
    group('New', 'skip', added),
    group('Gone', 'skip', gone),
    slowerTable(comparison),
  ];
  const isQuiet = [broken, fixed, added, gone, slower].every((list) => list.length === 0);
  return html`<section aria-labelledby="changes"><h2 id="changes">Since the previous run <small>${previous}</small></h2>
${isQuiet ? html`<p>Nothing changed.</p>` : parts}</section>
`;
}

function group(title: string, tone: string, list: readonly Change[]): Markup {
  if (list.length === 0) return NOTHING;
  const rows = list
    .slice(0, MOST)
    .map(
      (c) =>
        html`<tr><th scope="row">${c.instance}</th><td class="long">${c.what}</td><td>${c.before} → <b class="${tone}">${c.after}</b></td></tr>`,
    );
  const more = list.length > MOST ? html`<p>… and ${list.length - MOST} more</p>` : NOTHING;
  return html`<div class="scroll" role="region" aria-label="${title}" tabindex="0"><table><caption>${title} <small>${list.length}</small></caption><tbody>${rows}</tbody></table></div>${more}
`;
}

function slowerTable({ slower }: Comparison): Markup {
  if (slower.length === 0) return NOTHING;
  const rows = slower
    .slice(0, MOST)
    .map(
      (s) =>
        html`<tr><th scope="row">${s.instance}</th><td>${s.phase}</td><td class="num">${formatDuration(s.beforeMs)} → ${formatDuration(s.afterMs)}</td></tr>`,
    );
  return html`<div class="scroll" role="region" aria-label="Slower" tabindex="0"><table><caption>Slower <small>${slower.length}</small></caption><tbody>${rows}</tbody></table></div>
`;
}
