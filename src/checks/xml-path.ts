import { atPath, pathProblem } from './json-path.ts';

/** `/config/server[2]/@port`: as XPath has it, the first of several elements is `[1]`, and a single one is so too. */
const STEP = /^(@?[\p{L}_][\p{L}\p{N}_.:-]*)(?:\[(\d+)\])?$/u;

/**
 * The value at a path of XML as our parser makes it. A path that begins with a slash is XPath's; others are those of JSON,
 * from 0. The text of an element with attributes is its `#text`. Undefined when there is none.
 */
export function atXmlPath(value: unknown, path: string): unknown {
  const found = path.startsWith('/') ? followed(value, stepsOf(path) ?? []) : atPath(value, path);
  if (typeof found === 'object' && found !== null && '#text' in found) return found['#text'];
  return found;
}

/** What is wrong with a path, or undefined. Pure. */
export function xmlPathProblem(path: string): string | undefined {
  if (!path.startsWith('/')) return pathProblem(path);
  if (path.includes('${')) return undefined;
  const steps = stepsOf(path);
  if (steps === undefined)
    return "cannot read the path: only names, positions and attributes are known, as in '/config/server[1]/@port'";
  return steps.some(({ position }) => position === 0)
    ? 'positions begin with 1: /server[1] is the first'
    : undefined;
}

interface Step {
  readonly name: string;
  readonly position: number | undefined;
}

function stepsOf(path: string): readonly Step[] | undefined {
  const steps = path
    .slice(1)
    .split('/')
    .map((text) => STEP.exec(text));
  if (steps.includes(null)) return undefined;
  return steps.map((found) => ({
    name: found?.[1] ?? '',
    position: found?.[2] === undefined ? undefined : Number(found[2]),
  }));
}

function followed(value: unknown, steps: readonly Step[]): unknown {
  let at = value;
  for (const { name, position } of steps) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, name)) return undefined;
    const found = (at as Record<string, unknown>)[name];
    const all: readonly unknown[] = Array.isArray(found) ? found : [found];
    at = position === undefined ? found : all[position - 1];
  }
  return at;
}
