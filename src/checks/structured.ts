import { createRequire } from 'node:module';
import { atPath } from './json-path.ts';
import type { Matcher } from './matcher.ts';
import { atXmlPath } from './xml-path.ts';

export type PathMatcher = Extract<Matcher, { kind: 'path' }>;
export type CountMatcher = Extract<Matcher, { kind: 'count' }>;

/**
 * The value that a path matcher looks into: parsed when it is a text. Undefined when it cannot be parsed; why is in
 * `unparsed`.
 */
export function parsed(actual: unknown, language: 'json' | 'xml'): { readonly value: unknown } | undefined {
  if (actual === undefined || actual === null) return undefined;
  if (typeof actual !== 'string') return language === 'json' ? { value: actual } : undefined;
  try {
    return { value: language === 'json' ? JSON.parse(actual) : parseXml(actual) };
  } catch {
    return undefined;
  }
}

export function valueAt(value: unknown, path: string, language: 'json' | 'xml'): unknown {
  return language === 'json' ? atPath(value, path) : atXmlPath(value, path);
}

/** How many elements of a list, or lines of a text, there are, or meet the matcher; undefined when it is neither. */
export function countOf(actual: unknown, meets: (element: unknown) => boolean): number | undefined {
  if (Array.isArray(actual)) return actual.filter(meets).length;
  if (typeof actual === 'string') return linesOf(actual).filter(meets).length;
  if (typeof actual === 'object' && actual !== null) return Object.values(actual).filter(meets).length;
  return undefined;
}

function linesOf(text: string): readonly string[] {
  const lines = text.split(/\r?\n/);
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
}

/** Loaded at the first XML, which most runs never see. Entities beyond the predefined five are not expanded. */
function parseXml(text: string): unknown {
  const { XMLParser, XMLValidator } = createRequire(import.meta.url)(
    'fast-xml-parser',
  ) as typeof import('fast-xml-parser');
  if (XMLValidator.validate(text) !== true) throw new Error('not XML');
  const options = { ignoreAttributes: false, attributeNamePrefix: '@', parseTagValue: false };
  return new XMLParser(options).parse(text);
}
