import { suggestion } from './did-you-mean.ts';
import { GalleyError, type SourceLocation } from './errors.ts';

export const REPORT_FORMATS = ['html', 'junit', 'json', 'markdown', 'tap', 'github'] as const;

export type ReportFormat = (typeof REPORT_FORMATS)[number];

/** A report that is asked for. */
export interface ReportRequest {
  readonly format: ReportFormat;
  /** A file, a folder (with a slash at its end, or one that exists), or `-` for standard output. */
  readonly path?: string;
  /** Most cases in all JUnit files together. */
  readonly maxCases?: number;
}

/** Reads `FORMAT[:PATH]`. Throws `usage.report_format`. */
export function parseReport(text: string, location?: SourceLocation): ReportRequest {
  const [, word = '', path] = /^([^:]*)(?::(.*))?$/s.exec(text) ?? [];
  const format = REPORT_FORMATS.find((one) => one === word);
  if (!format) {
    const hint = suggestion(word, REPORT_FORMATS);
    throw new GalleyError({
      code: 'usage.report_format',
      kind: location ? 'config' : 'usage',
      message: `unknown report format '${word}'`,
      expected: `FORMAT or FORMAT:PATH, with one of ${REPORT_FORMATS.join(', ')}`,
      got: text,
      ...(location && { location }),
      ...(hint !== undefined && { hint }),
    });
  }
  if (path === undefined) return { format };
  if (path === '') {
    throw new GalleyError({
      code: 'usage.report_path',
      kind: location ? 'config' : 'usage',
      message: `report '${text}' has a colon and no path`,
      ...(location && { location }),
      hint: `write ${format} for the default path, or ${format}:PATH`,
    });
  }
  return { format, path };
}
