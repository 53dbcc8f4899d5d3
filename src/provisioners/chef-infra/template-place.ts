import { basename } from 'node:path';
import type { Cookbook } from './cookbook.ts';

/** A template error as the client describes it; it names the line but not the file. */
export interface TemplateContext {
  readonly line: number;
  /** [line number, text], the lines around it. */
  readonly listing: readonly (readonly [number, string])[];
}

/** Reads the `Template Context:` section: `on line #3`, then numbered lines. */
export function parseTemplateContext(text: string): TemplateContext | undefined {
  const line = /^on line #(\d+)/.exec(text)?.[1];
  if (line === undefined) return undefined;
  const listing = text
    .split('\n')
    .slice(1)
    .flatMap((row) => {
      const match = /^\s*(\d+): (.*)$/.exec(row);
      return match?.[1] === undefined ? [] : [[Number(match[1]), match[2] ?? ''] as const];
    });
  return { line: Number(line), listing };
}

/**
 * The template (or partial) that the listed lines come from: of the cookbook's templates, one that holds exactly
 * those lines; when there are several (host- and platform-specific ones), one with the declared source's name.
 */
export function findTemplate(
  context: TemplateContext,
  cookbook: Pick<Cookbook, 'files'>,
  source: string | undefined,
  readText: (absolute: string) => string | undefined,
): { readonly path: string; readonly absolute: string } | undefined {
  const candidates = cookbook.files
    .filter((file) => file.path.startsWith('templates/'))
    .filter((file) => {
      const lines = readText(file.absolute)?.split('\n');
      return (
        lines !== undefined &&
        context.listing.every(([number, text]) => lines[number - 1]?.trimEnd() === text.trimEnd())
      );
    });
  const named = candidates.filter((file) => source !== undefined && basename(file.path) === basename(source));
  return named[0] ?? candidates[0];
}
