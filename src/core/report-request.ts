import { didYouMean } from './did-you-mean.ts';
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

/**
 * Reads `FORMAT[:PATH]`, or several with commas between. A comma in a path stays one, unless a format follows it.
 * Throws `usage.report_format`.
 */
export function parseReports(text: string, location?: SourceLocation): readonly ReportRequest[] {
  const parts: string[] = [];
  for (const piece of text.split(',')) {
    const last = parts.at(-1);
    if (last?.includes(':') && !isFormat(piece.replace(/:.*$/s, ''))) parts.push(`${parts.pop()},${piece}`);
    else parts.push(piece);
  }
  return parts.map((part) => parseReport(part, location));
}

function isFormat(word: string): boolean {
  return REPORT_FORMATS.some((one) => one === word);
}

/** Reads `FORMAT[:PATH]`. Throws `usage.report_format`. */
function parseReport(text: string, location?: SourceLocation): ReportRequest {
  const [, word = '', path] = /^([^:]*)(?::(.*))?$/s.exec(text) ?? [];
  const format = REPORT_FORMATS.find((one) => one === word);
  if (!format) {
    const near = didYouMean(word, REPORT_FORMATS);
    throw new GalleyError({
      code: 'usage.report_format',
      kind: location ? 'config' : 'usage',
      message: `unknown report format '${word}'`,
      expected: `FORMAT or FORMAT:PATH, with one of ${REPORT_FORMATS.join(', ')}`,
      got: text,
      ...(location && { location }),
      ...(near !== undefined && { hint: `did you mean '${near}'?` }),
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
