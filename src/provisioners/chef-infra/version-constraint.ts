/** A cookbook version constraint, as in `depends 'app', '~> 1.2'`. Source: Chef::VersionConstraint. */
export interface VersionConstraint {
  readonly operator: '=' | '>' | '<' | '>=' | '<=' | '~>';
  /** One to three numbers, as written: `~> 1.2` allows 1.9, `~> 1.2.0` does not. */
  readonly parts: readonly number[];
}

const FORM = /^\s*(=|~>|>=|<=|>|<)?\s*(\d+(?:\.\d+){0,2})\s*$/;

/** Undefined for a text that is no constraint, such as a path. */
export function parseConstraint(text: string): VersionConstraint | undefined {
  const match = FORM.exec(text);
  if (!match) return undefined;
  const operator = (match[1] ?? '=') as VersionConstraint['operator'];
  return { operator, parts: numbersOf(match[2] ?? '') };
}

/** Missing parts are zeros: 1.2 is 1.2.0. */
export function compareVersions(a: string, b: string): number {
  return compare(numbersOf(a), numbersOf(b));
}

export function satisfies(version: string, { operator, parts }: VersionConstraint): boolean {
  const given = numbersOf(version);
  const order = compare(given, parts);
  switch (operator) {
    case '=':
      return order === 0;
    case '>':
      return order > 0;
    case '<':
      return order < 0;
    case '>=':
      return order >= 0;
    case '<=':
      return order <= 0;
    case '~>': {
      // All but the last part must stay, of a single one it.
      const fixed = Math.max(1, parts.length - 1);
      return order >= 0 && parts.slice(0, fixed).every((part, at) => (given[at] ?? 0) === part);
    }
  }
}

function compare(a: readonly number[], b: readonly number[]): number {
  for (let at = 0; at < 3; at += 1) {
    const difference = (a[at] ?? 0) - (b[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function numbersOf(version: string): readonly number[] {
  return version.split('.').map((part) => Number.parseInt(part, 10) || 0);
}
