import { atPath } from '../../src/checks/json-path.ts';
import { judgeRepeated } from '../../src/checks/judge-repeated.ts';
import { judgeText } from '../../src/checks/judge-text.ts';
import { cannotLook, judgeValue } from '../../src/checks/judge-value.ts';
import { describeMatcher, type Matcher } from '../../src/checks/matchers.ts';
import { isSecretName, redactText } from '../../src/checks/redact.ts';
import { fillMatcher } from '../../src/checks/tokens.ts';
import type { CheckResult } from '../../src/core/check.ts';
import type { CommandFacts, CommandRun } from './observe.ts';
import type { CommandSpec } from './schema.ts';

const SUCCESS: Matcher = { kind: 'equal', value: 0 };

export function judgeCommand(spec: CommandSpec, facts: CommandFacts): CheckResult[] {
  const { runs, repeat } = facts;
  const [first] = runs;
  if (repeat !== undefined) {
    const looks = runs.map((run) => ({
      n: run.n,
      results: [...judgeRun(spec, run), ...(repeat.token ? [judgeToken(run)] : [])],
      durationMs: run.durationMs,
    }));
    return [judgeRepeated(looks, repeat, first?.via ?? 'nothing')];
  }
  return first
    ? judgeRun(spec, first)
    : [cannotLook('exit', describeMatcher(spec.exit ?? SUCCESS), 'it was not run')];
}

/** The exit status gates the rest: the output of a failed command is evidence, not a second failure. */
function judgeRun(spec: CommandSpec, run: CommandRun): CheckResult[] {
  const wanted = spec.exit ?? SUCCESS;
  const source = `run ${spec.user === undefined ? '' : `as ${spec.user}, `}via ${run.via}`;
  if (isNotRun(run) && !namesStatus(wanted, run.exitCode)) {
    const why = run.exitCode === 127 ? 'command not found' : 'command cannot be executed';
    const result = cannotLook('exit', describeMatcher(wanted), `${why} (exit ${run.exitCode})`, source);
    return [{ ...result, notes: lastLines(run.stderr || run.stdout, 'stderr') }];
  }
  const evidence = [...lastLines(run.stderr, 'stderr'), ...lastLines(run.stdout, 'stdout')];
  const exit = judgeValue('exit', run.exitCode, wanted, { source, notes: evidence });
  if (exit.outcome !== 'pass') return [exit];
  const results = [exit];
  const keptOnly = run.truncated ? '1 MiB' : undefined;
  for (const stream of ['stdout', 'stderr'] as const) {
    const expected = spec[stream];
    if (!expected) continue;
    const text = run[stream];
    const notes = stream === 'stdout' ? lastLines(run.stderr, 'stderr') : [];
    results.push(judgeText(stream, text, fillMatcher(expected, run.tokens), { source, keptOnly, notes }));
  }
  if (spec.json) results.push(...judgeJson(spec.json, run, keptOnly, source));
  if (spec.duration) results.push(judgeValue('duration', run.durationMs, spec.duration, { source }));
  return results;
}

function judgeJson(
  wanted: NonNullable<CommandSpec['json']>,
  run: CommandRun,
  keptOnly: string | undefined,
  source: string,
): CheckResult[] {
  const value = keptOnly === undefined ? parsedJson(run.stdout) : undefined;
  return Object.entries(wanted).map(([path, matcher]): CheckResult => {
    const property = `json.${path}`;
    const options = { source, secret: isSecretName(path) };
    const filled = fillMatcher(matcher, run.tokens);
    if (value) return judgeValue(property, atPath(value.found, path), filled, options);
    const expected = describeMatcher(filled, options);
    if (keptOnly !== undefined)
      return cannotLook(property, expected, `the output is larger than ${keptOnly}`, source);
    const notes = lastLines(run.stdout, 'stdout');
    return { property, outcome: 'fail', expected, observed: 'the output is not JSON', source, notes };
  });
}

function parsedJson(text: string): { readonly found: unknown } | undefined {
  try {
    return { found: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

/** 126 and 127 are the shell's own words for "could not run it": nothing was observed of the instance. */
function isNotRun(run: CommandRun): boolean {
  return run.exitCode === 126 || run.exitCode === 127;
}

/** True when the author has thought of this very status. */
function namesStatus(wanted: Matcher, status: number): boolean {
  switch (wanted.kind) {
    case 'equal':
      return wanted.value === status;
    case 'oneOf':
      return wanted.values.includes(status);
    case 'any':
    case 'all':
      return wanted.of.some((one) => namesStatus(one, status));
    default:
      return false;
  }
}

/** `repeat: {token: true}`: what a run printed must carry its own token. */
function judgeToken({ tokens, stdout, stderr, truncated }: CommandRun): CheckResult {
  const expected = `its own token is printed: ${tokens.token} or ${tokens.number}`;
  const isThere = [tokens.token, tokens.number].some((one) => stdout.includes(one) || stderr.includes(one));
  if (!isThere && truncated)
    return cannotLook('token', expected, 'only the beginning of the output was kept');
  const observed = isThere ? 'it is' : 'it is not in the output';
  return { property: 'token', outcome: isThere ? 'pass' : 'fail', expected, observed };
}

const LAST_LINES = 3;

function lastLines(text: string, name: string): string[] {
  const lines = text
    .trimEnd()
    .split('\n')
    .slice(-LAST_LINES)
    .filter((line) => line !== '');
  return lines.map((line) => `${name}: ${redactText(line.length > 200 ? `${line.slice(0, 200)}…` : line)}`);
}
