import type { ReportFormat } from '../../core/report-request.ts';
import type { Comparison } from '../model/compare.ts';
import type { RunReport } from '../model/run-report.ts';

export interface RenderOptions {
  /** Folder of the kitchen. */
  readonly root: string;
  readonly maxCases?: number | undefined;
  /** Against the previous run. */
  readonly comparison?: Comparison | undefined;
  /** A file of a location as its path in the repository, which annotations want. */
  readonly toRepository?: (file: string) => string;
}

/** A run in one of the formats, as one document. Formats are loaded when they are asked for. */
export async function renderReport(
  format: ReportFormat,
  report: RunReport,
  options: RenderOptions,
): Promise<string> {
  switch (format) {
    case 'html':
      return (await import('../html/page.ts')).renderHtml(report, options.comparison);
    case 'junit':
      return (await import('./junit.ts')).renderJunit(report, options);
    case 'json':
      return (await import('./json.ts')).renderJson(report, options.comparison);
    case 'markdown':
      return (await import('./markdown.ts')).renderMarkdown(report);
    case 'tap':
      return (await import('./tap.ts')).renderTap(report);
    case 'github':
      return (await import('./github.ts')).renderAnnotations(report, options.toRepository);
    default:
      return format satisfies never;
  }
}
