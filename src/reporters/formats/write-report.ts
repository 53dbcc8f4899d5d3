import { realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { GalleyError } from '../../core/errors.ts';
import type { ReportFormat } from '../../core/report-request.ts';
import type { RunReport } from '../model/run-report.ts';
import { makeFolder } from './make-folder.ts';
import { type RenderOptions, renderReport } from './render.ts';
import type { ReportTarget } from './target.ts';

/**
 * Renders a run and writes it; returns what was written, for people. A file is replaced only by a whole one.
 * Throws `report.not_written`.
 */
export async function writeReport(
  format: ReportFormat,
  target: ReportTarget,
  report: RunReport,
  options: RenderOptions & { readonly print: (text: string) => void },
): Promise<string | undefined> {
  if (target.kind === 'stdout') {
    options.print(await renderReport(format, report, options));
    return undefined;
  }
  try {
    if (target.kind === 'file') await writeWhole(target.path, await renderReport(format, report, options));
    else await writeFolder(target.path, report, options);
  } catch (cause) {
    throw notWritten(format, target.path, cause);
  }
  return target.path;
}

/** Only JUnit has a file per instance. */
async function writeFolder(folder: string, report: RunReport, options: RenderOptions): Promise<void> {
  const { renderJunitFiles } = await import('./junit.ts');
  for (const { name, content } of renderJunitFiles(report, options)) {
    await writeWhole(join(folder, `${fileName(name)}.xml`), content);
  }
}

function fileName(name: string): string {
  return name.replaceAll(/[^\w.-]/g, '-').slice(0, 200);
}

async function writeWhole(path: string, content: string): Promise<void> {
  makeFolder(dirname(path));
  const found = await stat(path).catch(() => undefined);
  // A pipe or a device (/dev/stdout) must be written to, not replaced.
  if (found && !found.isFile()) {
    await writeFile(path, content);
    return;
  }
  const target = found ? await realpath(path) : path;
  const temporary = `${target}.${process.pid}.tmp`;
  try {
    await writeFile(temporary, content);
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

function notWritten(format: ReportFormat, path: string, cause: unknown): GalleyError {
  if (cause instanceof GalleyError) return cause;
  // Anything but the file system's refusal is a bug, and is to be seen as one.
  if ((cause as NodeJS.ErrnoException).syscall === undefined) throw cause;
  return new GalleyError({
    code: 'report.not_written',
    kind: 'infrastructure',
    message: `the ${format} report could not be written to ${path}`,
    got: (cause as Error).message,
    hint: 'galley report --format FORMAT:PATH writes it again from the events of the run',
    cause,
  });
}
