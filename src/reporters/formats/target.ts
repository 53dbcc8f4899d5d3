import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { ReportFormat, ReportRequest } from '../../core/report-request.ts';

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
