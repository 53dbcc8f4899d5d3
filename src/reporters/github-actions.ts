import { randomBytes } from 'node:crypto';
import { appendFileSync, statSync } from 'node:fs';
import { GalleyError } from '../core/errors.ts';
import type { EventEnvelope } from '../core/events.ts';
import { SHORTEST_SECRET } from '../core/redactor.ts';
import type { Reporter } from '../core/reporter.ts';
import { command, renderAnnotations } from './formats/github.ts';
import { renderMarkdown } from './formats/markdown.ts';
import { RunReportBuilder } from './model/run-report-builder.ts';
import type { Terminal } from './terminal.ts';

/** What GitHub takes as a step's summary; with more the whole is dropped. */
const SUMMARY_BYTES = 1024 * 1024;

export interface GithubActionsOptions {
  readonly terminal: Terminal;
  /** Values that GitHub is to mask in the whole log, whoever prints them. */
  readonly secrets: readonly string[];
  /** $GITHUB_STEP_SUMMARY */
  readonly summaryFile: string | undefined;
  readonly toRepository: (file: string) => string;
}

/**
 * For GitHub's log: switches workflow commands off while the run prints, since a container's output may hold one;
 * then annotates what failed and appends a summary to the job. Must stand behind the terminal's reporter.
 */
export class GithubActions implements Reporter {
  readonly name = 'github';
  readonly #options: GithubActionsOptions;
  readonly #builder = new RunReportBuilder();
  readonly #token = `galley-${randomBytes(16).toString('hex')}`;
  #isStopped = false;

  constructor(options: GithubActionsOptions) {
    this.#options = options;
  }

  onEvent(event: EventEnvelope): void {
    this.#builder.add(event);
    if (event.type !== 'run:start') return;
    // A value of several lines is masked line by line: the log is.
    const lines = this.#options.secrets.flatMap((secret) => secret.split(/\r?\n/));
    const long = lines.filter((line) => line.trim().length >= SHORTEST_SECRET);
    for (const line of new Set(long)) this.#print(command('add-mask', {}, line));
    this.#print(command('stop-commands', {}, this.#token));
    this.#isStopped = true;
  }

  async close(): Promise<void> {
    if (this.#isStopped) this.#print(`::${this.#token}::`);
    const report = this.#builder.build();
    this.#options.terminal.write(renderAnnotations(report, this.#options.toRepository));
    const { summaryFile } = this.#options;
    if (summaryFile === undefined || summaryFile === '') return;
    try {
      const used = statSync(summaryFile, { throwIfNoEntry: false })?.size ?? 0;
      const left = SUMMARY_BYTES - used - 1024;
      if (left > 4096) appendFileSync(summaryFile, renderMarkdown(report, left));
    } catch (cause) {
      throw new GalleyError({
        code: 'report.not_written',
        kind: 'infrastructure',
        message: `the job summary could not be written to ${summaryFile}`,
        got: (cause as Error).message,
        hint: 'GITHUB_STEP_SUMMARY names the file',
        cause,
      });
    }
  }

  #print(line: string): void {
    this.#options.terminal.write(`${line}\n`);
  }
}
