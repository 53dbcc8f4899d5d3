import { formatDuration } from '../format/duration.ts';
import type { InstanceReport, PhaseReport, RunReport, WaitReport } from '../model/run-report.ts';
import { html, type Markup, NOTHING } from './markup.ts';
import { outcomeWord, toneOf } from './words.ts';

const LEGEND = ['create', 'converge', 'verify', 'destroy', 'wait'] as const;

/** A row per instance over the time of the run: phases, and who waited for what. */
export function timeline(report: RunReport): Markup {
  const total = Math.max(1, report.durationMs, ...report.instances.map((one) => one.endMs ?? 0));
  const rows = report.instances
    .filter((one) => one.startMs !== undefined)
    .toSorted((a, b) => (a.startMs ?? 0) - (b.startMs ?? 0))
    .map((instance) => row(instance, total));
  if (rows.length === 0) return NOTHING;
  const legend = LEGEND.map(
    (name) => html`<span><span class="key ${name}"></span>${name === 'wait' ? 'waiting' : name}</span> `,
  );
  const ticks = [0, 0.25, 0.5, 0.75, 1].map((part) => html`<span>${formatDuration(total * part)}</span>`);
  return html`<section aria-labelledby="timeline"><h2 id="timeline">Timeline <small>at most ${report.concurrency} at a time</small></h2>
<p class="legend">${legend}</p>
<div class="axis" aria-hidden="true"><span class="name"></span><span class="ticks">${ticks}</span></div>
${rows}</section>
`;
}

function row(instance: InstanceReport, total: number): Markup {
  const percent = (ms: number): string => ((ms / total) * 100).toFixed(2);
  const bar = (kind: string, startMs: number, durationMs: number, title: string): Markup =>
    html`<i class="bar ${kind}" style="left:${percent(startMs)}%;width:${percent(durationMs)}%" title="${title}"></i>`;
  const waits = instance.waits.map((wait) => bar('wait', wait.startMs, wait.durationMs, waitText(wait)));
  const phases = instance.phases.map((phase) =>
    bar(
      phase.outcome === 'passed' ? phase.action : `${phase.action} ${toneOf(phase.outcome)}`,
      phase.startMs,
      phase.durationMs,
      phaseText(phase),
    ),
  );
  const said = [...instance.waits.map(waitText), ...instance.phases.map(phaseText)].join(', ');
  // Phases first: a wait inside of a phase lies over it.
  return html`<details class="row" data-name="${instance.name}"${instance.outcome === 'passed' ? NOTHING : html` data-bad`}><summary><span class="name"><span class="dot ${toneOf(instance.outcome)}"></span>${instance.name}<i class="sr">, ${outcomeWord(instance.outcome)}: ${said}</i></span><span class="track" aria-hidden="true">${phases}${waits}</span></summary>${steps(instance)}</details>
`;
}

function steps(instance: InstanceReport): Markup {
  const entries = [
    ...instance.waits.map((wait) => ({ atMs: wait.startMs, text: waitText(wait), inner: NOTHING })),
    ...instance.phases.map((phase) => ({
      atMs: phase.startMs,
      text: phaseText(phase),
      inner: activities(phase),
    })),
  ].toSorted((a, b) => a.atMs - b.atMs);
  const items = entries.map(
    ({ atMs, text, inner }) => html`<li><b class="at">${formatDuration(atMs)}</b> ${text}${inner}</li>`,
  );
  return html`<ul class="steps">${items}</ul>`;
}

function activities(phase: PhaseReport): Markup {
  if (phase.activities.length === 0) return NOTHING;
  const items = phase.activities.map(
    ({ atMs, text }) => html`<li><b class="at">${formatDuration(atMs)}</b> ${text}</li>`,
  );
  return html`<ul>${items}</ul>`;
}

function phaseText({ name, durationMs, outcome }: PhaseReport): string {
  return `${name} ${formatDuration(durationMs)}${outcome === 'passed' ? '' : ` ${outcomeWord(outcome)}`}`;
}

function waitText({ what, holder, durationMs }: WaitReport): string {
  const by =
    holder === undefined ? '' : what === 'a free slot' ? ` (${holder} made room)` : ` (${holder} was at it)`;
  return `waited ${formatDuration(durationMs)} for ${what}${by}`;
}
