import pc from 'picocolors';
import type { CheckReport, EventEnvelope, InstanceSummary, ResourceResult } from '../core/events.ts';
import type { Reporter } from '../core/reporter.ts';
import { type BlockOptions, blockOf } from './blocks.ts';
import { formatDuration } from './format/duration.ts';
import { formatError } from './format/error.ts';
import { cut, printable } from './format/text.ts';
import { wrap } from './format/wrap.ts';
import { LiveArea } from './live-area.ts';
import type { PlainOptions } from './plain.ts';
import type { Terminal } from './terminal.ts';
import { checkKey, compareChecks } from './watch-changes.ts';
import { checkLines, resourceLines, summaryLine } from './watch-lines.ts';

/** What one instance does in the run that goes on. */
interface Doing {
  readonly started: number;
  phase: string;
  text: string;
  readonly updated: ResourceResult[];
  readonly checks: CheckReport[];
  readonly lines: string[];
}

const REDRAW_MS = 200;

/** For `galley watch`: of each run only what is not as it was after the last one. */
export class Watch implements Reporter {
  readonly name = 'watch';
  readonly #terminal: Terminal;
  readonly #options: BlockOptions;
  readonly #area: LiveArea;
  /** Last reports of each instance's checks, by `checkKey`. */
  readonly #known = new Map<string, ReadonlyMap<string, CheckReport>>();
  /** Notices of each instance's last run; one that stays true from run to run is said once. */
  readonly #notices = new Map<string, { before: ReadonlySet<string>; now: Set<string> }>();
  #doing = new Map<string, Doing>();
  #isFirst = true;
  #isWaiting = false;
  #isSingle = true;
  #timer: NodeJS.Timeout | undefined;

  constructor(terminal: Terminal, options: PlainOptions) {
    this.#terminal = terminal;
    this.#options = { ...options, colors: pc.createColors(terminal.color) };
    this.#area = new LiveArea(terminal);
  }

  onEvent(event: EventEnvelope): void {
    const { colors, debug } = this.#options;
    switch (event.type) {
      case 'watch:start':
        this.#isSingle = event.instances.length === 1;
        this.#print([
          `watching ${event.root} for ${event.instances.join(', ')}`,
          colors.dim('Ctrl-C ends it and destroys nothing'),
          '',
        ]);
        if (this.#terminal.isTty) this.#timer = setInterval(() => this.#draw(), REDRAW_MS);
        this.#timer?.unref();
        break;
      case 'watch:waiting':
        if (!this.#isWaiting && !this.#terminal.isTty) this.#print([colors.dim('waiting for changes')]);
        this.#isWaiting = true;
        this.#draw();
        break;
      case 'watch:changed':
        this.#print([
          '',
          `${colors.dim(clock(event.time))} ${event.files.join(', ')}${event.isFixed ? `: ${colors.green('fixed')}` : ''}${needsText(event)}`,
        ]);
        break;
      case 'watch:problem':
        this.#print(['', colors.dim(clock(event.time)), ...formatError(event.error, colors, debug)]);
        if (event.error.kind === 'config') this.#print([colors.yellow('goes on when this is corrected')]);
        break;
      case 'watch:end':
        this.#print(['', ...endLines(event.left)]);
        break;
      case 'run:start':
        this.#doing = new Map();
        break;
      case 'run:end':
        this.#isFirst = false;
        this.#endNotices();
        break;
      default:
        this.#onRunEvent(event);
    }
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    this.#area.clear();
  }

  #onRunEvent(event: EventEnvelope): void {
    const doing = 'instance' in event && event.instance !== undefined ? this.#of(event.instance) : undefined;
    if (event.type === 'notice' && this.#isRepeated(event)) return;
    if (event.type === 'check') doing?.checks.push(event.report);
    else if (event.type === 'instance:end') this.#finish(event.instance, event.summary);
    else if (event.type === 'resource' && event.result.status === 'updated')
      doing?.updated.push(event.result);
    else if (event.type === 'phase:start' && doing) Object.assign(doing, { phase: event.action, text: '' });
    else if (event.type === 'progress' && doing) doing.text = event.text;
    else if (event.type === 'output' && doing && this.#options.verbose)
      doing.lines.push(printable(event.line));
    // A check is shown with its instance's end, where it is compared with the one before.
    if (event.type !== 'check' && event.type !== 'instance:end') {
      const lines = blockOf(event, this.#options);
      if (doing) doing.lines.push(...lines);
      else this.#print(lines);
    }
    this.#draw();
  }

  #isRepeated({ instance = '', message }: EventEnvelope & { readonly type: 'notice' }): boolean {
    const notices = this.#notices.get(instance) ?? { before: new Set(), now: new Set() };
    this.#notices.set(instance, notices);
    notices.now.add(message);
    return notices.before.has(message);
  }

  /** The run is over: what it said needs not be said by the next one. */
  #endNotices(instance = ''): void {
    const notices = this.#notices.get(instance);
    if (notices) this.#notices.set(instance, { before: notices.now, now: new Set() });
  }

  #finish(instance: string, summary: InstanceSummary): void {
    const { colors, verbose, debug } = this.#options;
    const doing = this.#of(instance);
    this.#doing.delete(instance);
    this.#endNotices(instance);
    const reports = doing.checks.toSorted(byPlace);
    const changes = compareChecks(this.#known.get(instance), reports);
    if (reports.length > 0)
      this.#known.set(instance, new Map(reports.map((report) => [checkKey(report), report])));
    // A phase has told its own error; what broke before any has not been told.
    const isTold = summary.phases.some((phase) => phase.outcome !== 'passed') || summary.outcome !== 'failed';
    const error = summary.error && !isTold ? formatError(summary.error, colors, debug) : [];
    // The first converge makes everything: that is no change.
    const updated = this.#isFirst && !verbose ? [] : resourceLines(doing.updated, colors, verbose);
    const lines = [...doing.lines, ...updated, ...checkLines(changes, colors, instance), ...error];
    const name = this.#isSingle ? '' : colors.dim(`[${instance}] `);
    this.#print([...lines.map((line) => `${name}${line}`), summaryLine(summary, colors)]);
  }

  #of(instance: string): Doing {
    const known = this.#doing.get(instance);
    if (known) return known;
    const fresh = { started: performance.now(), phase: '', text: '', updated: [], checks: [], lines: [] };
    this.#doing.set(instance, fresh);
    return fresh;
  }

  #print(lines: readonly string[]): void {
    if (lines.length === 0) return;
    this.#isWaiting = false;
    this.#area.clear();
    for (const line of lines) {
      const parts = this.#terminal.isTty ? wrap(line, this.#terminal.columns() - 1) : [line];
      for (const part of parts) this.#terminal.write(`${part.trimEnd()}\n`);
    }
  }

  #draw(): void {
    if (!this.#terminal.isTty || this.#timer === undefined) return;
    const { colors } = this.#options;
    const width = this.#terminal.columns() - 1;
    const lines = [...this.#doing].map(([name, { started, phase, text }]) => {
      const elapsed = formatDuration(performance.now() - started).padStart(6);
      return colors.cyan(cut(`… ${name}  ${phase.padEnd(8)} ${elapsed}  ${printable(text)}`, width));
    });
    const rest = this.#isWaiting ? [colors.dim(cut('waiting for changes', width))] : [];
    this.#area.draw(lines.length > 0 ? lines : rest);
  }
}

/** Hours, minutes and seconds where the user is. */
function clock(time: string): string {
  return new Date(time).toTimeString().slice(0, 8);
}

function needsText({ needs, isFixed }: EventEnvelope & { readonly type: 'watch:changed' }): string {
  const names = (need: string) => Object.keys(needs).filter((name) => needs[name] === need);
  const parts = (['converge', 'verify'] as const).flatMap((need) => {
    const meant = names(need);
    if (meant.length === 0) return [];
    return [`${need} ${meant.length > 3 ? `${meant.length} instances` : meant.join(', ')}`];
  });
  const nothing = isFixed ? ', nothing to do' : ': nothing to do';
  return parts.length === 0 ? nothing : ` → ${parts.join('; ')}`;
}

function endLines(left: readonly string[]): string[] {
  if (left.length === 0) return ['ended'];
  return [
    `ended; nothing was destroyed: ${left.join(', ')}`,
    `  galley login ${left[0]} to look inside, galley destroy to remove`,
  ];
}

/** As they stand in the kitchen file. */
function byPlace(a: CheckReport, b: CheckReport): number {
  return (a.location?.line ?? 0) - (b.location?.line ?? 0);
}
