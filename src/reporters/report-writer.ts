import { type GalleyError, GalleyErrors } from '../core/errors.ts';
import type { EventEnvelope } from '../core/events.ts';
import type { ReportRequest } from '../core/report-request.ts';
import type { Reporter } from '../core/reporter.ts';
import type { RenderOptions } from './formats/render.ts';
import { targetOf } from './formats/target.ts';
import { writeReport } from './formats/write-report.ts';
import type { Comparison } from './model/compare.ts';
import type { RunReport } from './model/run-report.ts';
import { RunReportBuilder } from './model/run-report-builder.ts';

export interface ReportWriterOptions extends Pick<RenderOptions, 'root' | 'toRepository' | 'maxCases'> {
  /** Folder for reports without a path. */
  readonly defaultDir: string;
  readonly print: (text: string) => void;
  /** Asked once, at the end. */
  readonly compare: (report: RunReport) => Promise<Comparison | undefined>;
}

/** Collects a run and writes the reports that are asked for when it is over, however it ended. */
export class ReportWriter implements Reporter {
  readonly name = 'reports';
  readonly #builder = new RunReportBuilder();
  readonly #requests: readonly ReportRequest[];
  readonly #options: ReportWriterOptions;
  readonly #written: string[] = [];

  constructor(requests: readonly ReportRequest[], options: ReportWriterOptions) {
    this.#requests = requests;
    this.#options = options;
  }

  onEvent(event: EventEnvelope): void {
    this.#builder.add(event);
  }

  /** What has been collected so far. */
  report(): RunReport {
    return this.#builder.build();
  }

  /** Paths, once closed. */
  get written(): readonly string[] {
    return this.#written;
  }

  /** One report that cannot be written does not keep another from being written. */
  async close(): Promise<void> {
    if (this.#requests.length === 0) return;
    const report = this.report();
    const { defaultDir, root, compare } = this.#options;
    const comparison = await compare(report);
    const errors: unknown[] = [];
    for (const request of this.#requests) {
      const options = {
        ...this.#options,
        comparison,
        maxCases: request.maxCases ?? this.#options.maxCases,
      };
      try {
        const target = targetOf(request, defaultDir, root);
        const path = await writeReport(request.format, target, report, options);
        if (path !== undefined) this.#written.push(path);
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length === 1) throw errors[0];
    if (errors.length > 1) throw new GalleyErrors(errors as readonly GalleyError[]);
  }
}
