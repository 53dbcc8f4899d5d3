import { plural } from '../../core/plural.ts';
import type { LogLine } from '../model/log-excerpt.ts';
import type { InstanceReport, RunReport } from '../model/run-report.ts';
import { html, type Markup, NOTHING } from './markup.ts';
import { outcomeWord, toneOf } from './words.ts';

/** Characters of all logs together: a page of 500 instances must still open on a phone. */
const BUDGET = 4_000_000;
/** What did not pass may show this much more of its log than what passed. */
const WEIGHT = 8;

/** Folded logs, those of failed instances first. */
export function logs(report: RunReport): Markup {
  const shown = report.instances.filter((one) => one.log.head.length > 0);
  if (shown.length === 0) return NOTHING;
  const weight = (one: InstanceReport): number => (one.outcome === 'passed' ? 1 : WEIGHT);
  const unit = BUDGET / shown.reduce((sum, one) => sum + weight(one), 0);
  const ordered = shown.toSorted((a, b) => weight(b) - weight(a));
  return html`<section aria-labelledby="logs"><h2 id="logs">Logs</h2>
<p class="controls"><label>Search <input type="search" id="search" placeholder="text in the logs" autocomplete="off"></label> <output id="found"></output></p>
${ordered.map((one) => log(one, unit * weight(one)))}</section>
`;
}

function log(instance: InstanceReport, budget: number): Markup {
  const { log: excerpt, name, outcome, logFile } = instance;
  const head = within(excerpt.head, budget / 4, 'start');
  const tail = within(excerpt.tail, budget - size(head), 'end');
  const omitted = excerpt.omitted + excerpt.head.length - head.length + excerpt.tail.length - tail.length;
  const gap =
    omitted > 0
      ? html`<i class="gap">… ${plural(omitted, 'line')} left out${logFile === undefined ? '' : `, all are in ${logFile}`}</i>
`
      : NOTHING;
  const total = excerpt.head.length + excerpt.tail.length + excerpt.omitted;
  return html`<details class="log" data-name="${name}"><summary><span class="dot ${toneOf(outcome)}" role="img" aria-label="${outcomeWord(outcome)}"></span>${name} <small>${plural(total, 'line')}</small></summary><pre tabindex="0">${lines(head)}${gap}${lines(tail)}</pre></details>
`;
}

function lines(some: readonly LogLine[]): readonly Markup[] {
  let phase: string | undefined;
  return some.map((line) => {
    const text = line.stream === 'stderr' ? html`<i class="e">${line.text}</i>\n` : html`${line.text}\n`;
    if (line.phase === phase) return text;
    phase = line.phase;
    return phase === '' ? text : html`<b>── ${phase}</b>\n${text}`;
  });
}

function size(some: readonly LogLine[]): number {
  return some.reduce((sum, line) => sum + line.text.length + 1, 0);
}

function within(some: readonly LogLine[], budget: number, from: 'start' | 'end'): readonly LogLine[] {
  const kept: LogLine[] = [];
  let left = budget;
  for (const line of from === 'start' ? some : some.toReversed()) {
    left -= line.text.length + 1;
    if (left < 0) break;
    kept.push(line);
  }
  return from === 'start' ? kept : kept.toReversed();
}
