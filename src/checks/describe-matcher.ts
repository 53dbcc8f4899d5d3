import type { Matcher, MatchOptions, Operand } from './matcher.ts';
import { describeValue, hidden, isSecretName } from './redact.ts';

/** The expectation in words: `200`, `≥ 2`, `contains "ok"`, `each: "x"`. Secret operands show their length only. */
export function describeMatcher(matcher: Matcher, options: MatchOptions = {}): string {
  const inner = (of: Matcher): string => describeMatcher(of, options);
  const list = (of: readonly Matcher[]): string => of.map(inner).join(', ');
  switch (matcher.kind) {
    case 'equal':
      return matcher.value === null ? 'not set' : describeValue(matcher.value, options);
    case 'oneOf':
      return `one of ${matcher.values.map((value) => describeValue(value, options)).join(', ')}`;
    case 'matches':
      return options.secret
        ? `matches ${hidden(matcher.pattern.source)}`
        : `matches /${matcher.pattern.source}/${matcher.pattern.flags.replace('m', '')}`;
    case 'contains':
      return `contains ${describeValue(matcher.text, options)}`;
    case 'startsWith':
      return `starts with ${describeValue(matcher.text, options)}`;
    case 'endsWith':
      return `ends with ${describeValue(matcher.text, options)}`;
    case 'gt':
    case 'gte':
    case 'lt':
    case 'lte':
      return `${SIGNS[matcher.kind]} ${operand(matcher.value, options)}`;
    case 'version':
      return `${matcher.relation === 'semver' ? 'semver' : SIGNS[matcher.relation]} ${matcher.value}`;
    case 'between':
      return `between ${operand(matcher.from, options)} and ${operand(matcher.to, options)}`;
    case 'length':
      return `length ${inner(matcher.of)}`;
    case 'count':
      return matcher.of === undefined
        ? `count ${inner(matcher.is)}`
        : `count ${inner(matcher.is)} of ${parenthesised(matcher.of, options)}`;
    case 'path':
      return matcher.entries.map(([path, of]) => `${path} ${describeAt(path, of, options)}`).join(' and ');
    case 'changedSince':
      return `changed since ${matcher.since === 'converge' ? 'the start of the converge' : timeText(matcher.since)}`;
    case 'hasKey':
      return `has key ${describeValue(matcher.key)}`;
    case 'present':
      return 'set';
    case 'absent':
      return 'not set';
    case 'not':
      return matcher.of.kind === 'present' ? 'not set' : `not ${parenthesised(matcher.of, options)}`;
    case 'all':
      return matcher.of.map(inner).join(' and ');
    case 'any':
      return matcher.of.map(inner).join(' or ');
    case 'each':
      return `each ${inner(matcher.of)}`;
    case 'none':
      return `none ${inner(matcher.of)}`;
    case 'some':
      return inner(matcher.of);
    case 'superset':
      return matcher.items.length === 1
        ? `includes ${list(matcher.items)}`
        : `includes all of ${list(matcher.items)}`;
    case 'only':
      return `only ${list(matcher.items)}`;
    case 'subset':
      return `nothing but ${list(matcher.items)}`;
    default:
      return matcher.items.length === 0 ? 'empty' : `exactly ${list(matcher.items)}`;
  }
}

const SIGNS = { gt: '>', gte: '≥', lt: '<', lte: '≤' } as const;

function operand(value: Operand, options: MatchOptions): string {
  return options.secret ? hidden(String(value)) : String(value);
}

function parenthesised(matcher: Matcher, options: MatchOptions): string {
  const text = describeMatcher(matcher, options);
  return matcher.kind === 'all' || matcher.kind === 'any' ? `(${text})` : text;
}

/** What is wanted at a path that may be named like a secret. */
export function describeAt(path: string, of: Matcher, options: MatchOptions = {}): string {
  return describeMatcher(of, isSecretName(path) ? { ...options, secret: true } : options);
}

/** `2026-11-21T07:30:00Z` */
export function timeText(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace(/\.000Z$/, 'Z');
}
