import { statSync } from 'node:fs';
import { join } from 'node:path';
import { suggestion } from '../../core/did-you-mean.ts';
import { GalleyError, type SourceLocation } from '../../core/errors.ts';

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

/** Where a report goes. */
export type ReportTarget =
  | { readonly kind: 'stdout' }
  | { readonly kind: 'file'; readonly path: string }
  /** One file per instance. */
  | { readonly kind: 'folder'; readonly path: string };

const FILE_NAMES: { readonly [format in ReportFormat]: string } = {
  html: 'report.html',
  junit: 'junit/',
  json: 'report.json',
  markdown: 'report.md',
  tap: 'report.tap',
  github: 'annotations.txt',
};

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
      message: `--report ${text} has a colon and no path`,
      ...(location && { location }),
      hint: `write ${format} for the default path, or ${format}:PATH`,
    });
  }
  return { format, path };
}

/** `defaultDir`: for reports without a path; `cwd`: what relative paths start from. */
export function targetOf(request: ReportRequest, defaultDir: string, cwd: string): ReportTarget {
  const { format, path } = request;
  const name = FILE_NAMES[format];
  if (path === '-') return { kind: 'stdout' };
  const whole = path === undefined ? join(defaultDir, name) : fromCwd(path, cwd);
  const isFolder = whole.endsWith('/') || statSync(whole, { throwIfNoEntry: false })?.isDirectory() === true;
  if (format === 'junit') return { kind: isFolder ? 'folder' : 'file', path: whole };
  return { kind: 'file', path: isFolder ? join(whole, name) : whole };
}

/** Like `resolve`, but a slash at the end stays. */
function fromCwd(path: string, cwd: string): string {
  return path.startsWith('/') ? path : join(cwd, path);
}
