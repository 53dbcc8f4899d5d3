import pc from 'picocolors';
import type { Colors } from 'picocolors/types.js';
import type { EventEnvelope, InstanceOutcome } from '../core/events.ts';
import type { Reporter } from '../core/reporter.ts';
import { type BlockOptions, blockOf, closingLines } from './blocks.ts';
import { formatDuration } from './format/duration.ts';
import { phaseName } from './format/phase.ts';
import { cut, printable } from './format/text.ts';
import { wrap } from './format/wrap.ts';
import { LiveArea } from './live-area.ts';
import { OutputGroups } from './output-groups.ts';
import type { PlainOptions } from './plain.ts';
import type { Terminal } from './terminal.ts';

interface Row {
  readonly started: number;
  phase: string;
  doing: string;
  outcome: InstanceOutcome | undefined;
  tookMs: number;
}

const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const REDRAW_MS = 100;

/** For people at a terminal: one calm line per running instance, details only on failure. */
export class Live implements Reporter {
  readonly name = 'live';
  readonly #options: BlockOptions;
  readonly #area: LiveArea;
  readonly #groups: OutputGroups;
  readonly #rows = new Map<string, Row>();
  readonly #terminal: Terminal;
  #overall: string | undefined;
  #logDir: string | undefined;
  #timer: NodeJS.Timeout | undefined;
  #frame = 0;

  constructor(terminal: Terminal, options: PlainOptions) {
    this.#terminal = terminal;
    this.#options = { ...options, colors: pc.createColors(terminal.color) };
    this.#area = new LiveArea(terminal);
    this.#groups = new OutputGroups((instance, lines) => this.#above(instance, lines));
  }

  onEvent(event: EventEnvelope): void {
    const instance = 'instance' in event ? event.instance : undefined;
    this.#track(event);
    if (event.type === 'output' && this.#options.verbose)
      this.#groups.add(event.instance, printable(event.line));
    if (event.type === 'phase:end') this.#groups.flush(event.instance);
    this.#above(instance, blockOf(event, this.#options));
    if (event.type === 'instance:end') this.#finish(event.instance);
    if (event.type === 'run:end') this.#end(event);
  }

  async close(): Promise<void> {
    this.#stop();
  }

  #track(event: EventEnvelope): void {
    switch (event.type) {
      case 'run:start':
        this.#logDir = event.logDir;
        this.#groups.streaming = event.concurrency === 1 || event.instances.length === 1;
        this.#timer = setInterval(() => this.#draw(), REDRAW_MS);
        this.#timer.unref();
        break;
      case 'instance:start':
        this.#rows.set(event.instance, freshRow());
        break;
      case 'phase:start':
        this.#row(event.instance).phase = phaseName(event);
        this.#row(event.instance).doing = '';
        break;
      case 'progress':
        if (event.instance === undefined) this.#overall = event.text;
        else this.#row(event.instance).doing = event.text;
        break;
      case 'instance:end': {
        const row = this.#row(event.instance);
        row.outcome = event.summary.outcome;
        row.tookMs = performance.now() - row.started;
        break;
      }
      default:
    }
  }

  #row(instance: string): Row {
    const known = this.#rows.get(instance);
    if (known) return known;
    const row = freshRow();
    this.#rows.set(instance, row);
    return row;
  }

  /** Prints above the live lines; a block belongs to one instance and says so once. */
  #above(instance: string | undefined, lines: readonly string[]): void {
    const [first, ...rest] = lines;
    if (first === undefined) return;
    const named = instance === undefined || this.#rows.size < 2 || first.includes(instance);
    const head = named ? first : `${this.#options.colors.dim(`[${instance}]`)} ${first}`;
    this.#area.clear();
    for (const line of [head, ...rest]) {
      for (const part of wrap(line, this.#terminal.columns() - 1)) this.#terminal.write(`${part}\n`);
    }
    this.#draw();
  }

  #finish(instance: string): void {
    const row = this.#row(instance);
    this.#rows.delete(instance);
    this.#area.clear();
    this.#terminal.write(`${outcomeLine(instance, row, this.#options.colors)}\n`);
    this.#draw();
  }

  #end(event: EventEnvelope & { readonly type: 'run:end' }): void {
    this.#stop();
    for (const line of closingLines(event, this.#logDir, this.#options.colors))
      this.#terminal.write(`${line}\n`);
  }

  #stop(): void {
    clearInterval(this.#timer);
    this.#area.clear();
    this.#rows.clear();
    this.#overall = undefined;
  }

  #draw(): void {
    this.#frame = (this.#frame + 1) % FRAMES.length;
    const { colors } = this.#options;
    const width = this.#terminal.columns() - 1;
    const names = Math.max(0, ...[...this.#rows.keys()].map((n) => n.length));
    const lines = [...this.#rows].map(([name, row]) => {
      const spin = FRAMES[this.#frame] ?? '';
      const elapsed = formatDuration(performance.now() - row.started).padStart(6);
      const head = `${spin} ${name.padEnd(names)}  ${row.phase.padEnd(8)} ${elapsed}  `;
      return colors.cyan(cut(`${head}${printable(row.doing)}`, width));
    });
    if (this.#overall !== undefined && this.#rows.size === 0)
      lines.unshift(cut(printable(this.#overall), width));
    this.#area.draw(lines);
  }
}

function freshRow(): Row {
  return { started: performance.now(), phase: '', doing: '', outcome: undefined, tookMs: 0 };
}

function outcomeLine(instance: string, row: Row, colors: Colors): string {
  const took = colors.dim(formatDuration(row.tookMs));
  if (row.outcome === 'passed') return `${colors.green('✓')} ${instance}  ${took}`;
  if (row.outcome === 'cancelled') return `${colors.yellow('■')} ${instance} cancelled  ${took}`;
  return `${colors.red('✗')} ${instance} failed in ${row.phase || 'preparation'}  ${took}`;
}
