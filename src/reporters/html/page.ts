import { createHash } from 'node:crypto';
import { noun } from '../../core/plural.ts';
import { formatDuration } from '../format/duration.ts';
import { casesOf } from '../model/cases.ts';
import type { Comparison } from '../model/compare.ts';
import { countCases, verdict } from '../model/counts.ts';
import type { RunReport } from '../model/run-report.ts';
import { changes } from './changes.ts';
import { logs } from './logs.ts';
import { html, type Markup, NOTHING, raw } from './markup.ts';
import { matrix } from './matrix.ts';
import { problems, remarks } from './problems.ts';
import { resources } from './resources.ts';
import { SCRIPT } from './script.ts';
import { STYLE } from './style.ts';
import { timeline } from './timeline.ts';

/**
 * A run as one self-contained page: no network, no framework, readable without scripts. Its content security policy
 * allows nothing but its own style and its own script, by hash, so that a text which got past the escaping stays text.
 */
export function renderHtml(report: RunReport, comparison?: Comparison): string {
  const byInstance = new Map(report.instances.map((one) => [one, casesOf(one)]));
  const cases = [...byInstance.values()].flat();
  const { section, anchors } = problems(cases);
  const notices = [...report.notices, ...report.instances.flatMap((one) => one.notices)];
  const sections: readonly (readonly [id: string, title: string, body: Markup])[] = [
    ['problems', 'Problems', section],
    ['changes', 'Changes', changes(comparison)],
    ['matrix', 'Matrix', matrix(report, byInstance, anchors)],
    ['timeline', 'Timeline', timeline(report)],
    ['resources', 'Resources', resources(report)],
    ['remarks', 'Remarks', remarks(cases, notices)],
    ['logs', 'Logs', logs(report)],
  ];
  const shown = sections.filter(([, , body]) => body !== NOTHING);
  const links = shown.map(([id, title]) => html`<a href="#${id}">${title}</a>`);
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy()}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title(report)}</title>
<style>${raw(STYLE)}</style>
</head>
<body>
<a class="to-main" href="#main">Skip to the results</a>
<header>
<h1>${heading(report)}</h1>
<p class="meta">${meta(report)}</p>
${tiles(report)}
<nav aria-label="Sections">${links}</nav>
</header>
<main id="main">
${shown.map(([, , body]) => body)}
</main>
<footer>Written by Galley. Values that are known to be secret are masked.</footer>
<script>${raw(SCRIPT)}</script>
</body>
</html>
`;
  return page.markup;
}

function policy(): string {
  const hash = createHash('sha256').update(SCRIPT).digest('base64');
  return `default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`;
}

function title(report: RunReport): string {
  const failed = report.instances.filter((one) => one.outcome !== 'passed').length;
  return `${failed === 0 ? '✓' : `✗ ${failed} ·`} galley ${report.command} ${report.started.slice(0, 16)}`;
}

function heading(report: RunReport): string {
  return `galley ${report.command}: ${verdict(report)}`;
}

function meta(report: RunReport): string {
  const { runId, started, durationMs, exitCode } = report;
  const end = exitCode === undefined ? 'the run did not end' : `exit code ${exitCode}`;
  return `${started.slice(0, 19).replace('T', ' ')} UTC · ${formatDuration(durationMs)} · ${end} · run ${runId}`;
}

function tiles(report: RunReport): Markup {
  const counts = countCases(report.instances.flatMap(casesOf).filter((one) => one.check));
  const tile = (count: number, word: string, tone: string): Markup =>
    count === 0 ? NOTHING : html`<li class="${tone}"><b>${count}</b>${word}</li>`;
  const ended = report.instances.filter((one) => one.outcome === 'passed').length;
  return html`<ul class="tiles"><li><b>${ended}/${report.instances.length}</b>${noun(report.instances.length, 'instance')} passed</li>${tile(counts.fail, noun(counts.fail, 'check') + ' failed', 'fail')}${tile(counts.error, 'could not look', 'error')}${tile(counts.flaky, 'flaky', 'waived')}${tile(counts.waived, 'waived', 'waived')}${tile(counts.skip, 'skipped', '')}${tile(counts.pass, 'passed', 'pass')}</ul>`;
}
