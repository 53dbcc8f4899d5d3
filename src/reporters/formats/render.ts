import type { ReportFormat } from '../../core/report-request.ts';
import type { Comparison } from '../model/compare.ts';
import type { RunReport } from '../model/run-report.ts';

export interface RenderOptions {
  /** Folder of the kitchen. */
  readonly root: string;
  readonly maxCases?: number | undefined;
  /** Against the previous run. */
  readonly comparison?: Comparison | undefined;
  /** Put before the paths of annotations, e.g. `cookbooks/web/` when the kitchen is below the repository's root. */
  readonly pathPrefix?: string | undefined;
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
      return (await import('./github.ts')).renderAnnotations(report, options.pathPrefix ?? '');
    default:
      return format satisfies never;
  }
}
