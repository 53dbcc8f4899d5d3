import type { ReportedRun } from './dc-report.ts';

/**
 * Explains a nil in an attribute chain: finds `node['a']['b']` in a line of Ruby or ERB and tells the first part that
 * is set at no level. Undefined when each chain on the line resolves.
 */
export function undefinedAttribute(line: string, attributes: ReportedRun['attributes']): string | undefined {
  const levels = Object.values(attributes);
  for (const match of line.matchAll(/\bnode((?:\s*\[\s*(?:'[^']*'|"[^"]*"|:\w+)\s*\])+)/g)) {
    const keys = [...(match[1] ?? '').matchAll(/'([^']*)'|"([^"]*)"|:(\w+)/g)].map(
      (key) => key[1] ?? key[2] ?? key[3] ?? '',
    );
    let current: readonly unknown[] = levels;
    for (const [index, key] of keys.entries()) {
      current = current.flatMap((level) =>
        isRecord(level) && Object.hasOwn(level, key) ? [level[key]] : [],
      );
      if (current.every((value) => value === null))
        return `node${keys
          .slice(0, index + 1)
          .map((name) => `['${name}']`)
          .join('')}`;
    }
  }
  return undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
