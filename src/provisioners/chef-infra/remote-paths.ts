import type { SourceLocation } from '../../core/errors.ts';
import type { CookbookSet } from './resolve-cookbooks.ts';

/** A place in a cookbook: as it was sent, and where the user has it. */
export interface CookbookPlace {
  readonly cookbook: string;
  /** Relative to the cookbook, e.g. `recipes/default.rb`. */
  readonly path: string;
  readonly line: number | undefined;
  /** Absolute path of the user's file; undefined when the cookbook has no such file. */
  readonly file: string | undefined;
}

/** Frame of a Ruby backtrace: `path:line:in ...`, with or without the rest. */
export function parseFrame(
  frame: string,
): { readonly path: string; readonly line: number | undefined } | undefined {
  const match = /^\s*((?:[A-Za-z]:)?[^:\s][^:]*?)(?::(\d+))?(?::in [\s\S]*|:[\s\S]*)?$/.exec(frame.trim());
  if (match?.[1] === undefined) return undefined;
  return { path: match[1], line: match[2] === undefined ? undefined : Number(match[2]) };
}

/**
 * Maps a file on the instance back to the user's cookbook. The client loads recipes from its cache
 * (`<root>/cache/cookbooks/NAME/…`), others from `<root>/cookbooks/NAME/…` or `<root>/cookbook_artifacts/NAME-ID/…`.
 * Undefined for files that belong to no cookbook.
 */
export function cookbookPlace(
  remote: { readonly path: string; readonly line: number | undefined },
  rootPath: string,
  set: Pick<CookbookSet, 'cookbooks' | 'own'>,
): CookbookPlace | undefined {
  if (!remote.path.startsWith(`${rootPath}/`)) return undefined;
  const below = remote.path.slice(rootPath.length + 1);
  const match = /^(?:cache\/cookbooks|cookbooks|cookbook_artifacts)\/([^/]+)\/(.+)$/.exec(below);
  if (match?.[1] === undefined || match[2] === undefined) return undefined;
  const folder = match[1];
  const cookbook =
    set.cookbooks.find((one) => one.name === folder) ??
    set.cookbooks.find((one) => one.dir.endsWith(`/${folder}`));
  const path = match[2];
  const known = cookbook?.files.find((file) => file.path === path);
  const original = set.own
    .find((one) => one.name === cookbook?.name)
    ?.files.find((file) => file.path === path && file.sha256 === known?.sha256);
  return {
    cookbook: cookbook?.name ?? folder,
    path,
    line: remote.line,
    file: (original ?? known)?.absolute,
  };
}

export function toLocation(place: CookbookPlace): SourceLocation | undefined {
  if (place.file === undefined) return undefined;
  return { file: place.file, ...(place.line !== undefined && { line: place.line }) };
}
