import pc from 'picocolors';
import type { EventEnvelope } from '../core/events.ts';
import type { Reporter } from '../core/reporter.ts';
import { type BlockOptions, blockOf, closingLines } from './blocks.ts';
import { formatDuration } from './format/duration.ts';
import { phaseName } from './format/phase.ts';
import { printable } from './format/text.ts';
import { OutputGroups } from './output-groups.ts';
import type { Terminal } from './terminal.ts';

export interface PlainOptions {
  readonly verbose: boolean;
  readonly debug: boolean;
}

/** The first word on something that takes long comes after so long, each further one after twice the time, up to the second. */
const HEARTBEAT_MS = [5000, 30_000] as const;

/** For CI logs and pipes: whole lines, each with its instance in front, nothing rewritten. */
export class Plain implements Reporter {
  readonly name = 'plain';
  readonly #terminal: Terminal;
  readonly #options: BlockOptions;
  readonly #groups: OutputGroups;
  #logDir: string | undefined;
  #lastPrint = 0;
  #heartbeatMs: number = HEARTBEAT_MS[0];

  constructor(terminal: Terminal, options: PlainOptions) {
    this.#terminal = terminal;
    this.#options = { ...options, colors: pc.createColors(terminal.color) };
    this.#groups = new OutputGroups((instance, lines) => this.#print(instance, lines));
  }

  onEvent(event: EventEnvelope): void {
    const { colors, verbose } = this.#options;
    const instance = 'instance' in event ? event.instance : undefined;
    if (event.type === 'run:start') {
      this.#logDir = event.logDir;
      this.#groups.streaming = event.concurrency === 1 || event.instances.length === 1;
    }
    if (event.type === 'phase:start') this.#print(event.instance, [`${phaseName(event)} …`]);
    if (event.type === 'output' && verbose) this.#groups.add(event.instance, printable(event.line));
    if (event.type === 'progress') this.#heartbeat(instance, event.text);
    if (event.type === 'phase:end') this.#groups.flush(event.instance);
    this.#print(instance, blockOf(event, this.#options));
    if (event.type === 'phase:end') {
      const word = event.outcome === 'passed' ? colors.green('done') : colors.red(event.outcome);
      this.#print(event.instance, [`${phaseName(event)} ${word} in ${formatDuration(event.durationMs)}`]);
    }
    if (event.type === 'run:end') this.#print(undefined, closingLines(event, this.#logDir, colors));
  }

  /** Something long is going on (an image is built): say now and then what, not at every step. */
  #heartbeat(instance: string | undefined, text: string): void {
    if (performance.now() - this.#lastPrint < this.#heartbeatMs) return;
    const next = Math.min(this.#heartbeatMs * 2, HEARTBEAT_MS[1]);
    this.#print(instance, [this.#options.colors.dim(`… ${printable(text)}`)]);
    this.#heartbeatMs = next;
  }

  #print(instance: string | undefined, lines: readonly string[]): void {
    if (lines.length > 0) {
      this.#lastPrint = performance.now();
      this.#heartbeatMs = HEARTBEAT_MS[0];
    }
    const prefix = instance === undefined ? '' : `${this.#options.colors.dim(`[${instance}]`)} `;
    for (const line of lines) this.#terminal.write(`${`${prefix}${line}`.trimEnd()}\n`);
  }
}
