import vm from 'node:vm';
import { GalleyError } from '../core/errors.ts';

/** A pattern that backtracks for ever would keep the whole process, and its interrupts, from running. */
const LIMIT_MS = 2000;

const sandbox: { pattern?: RegExp; texts?: readonly string[] } = {};
const context = vm.createContext(sandbox);
const anyMatches = new vm.Script('texts.some((text) => pattern.test(text))');

/** True when the pattern matches one of the texts. Throws when it takes more than `limitMs` to find out. */
export function matchesAny(pattern: RegExp, texts: readonly string[], limitMs = LIMIT_MS): boolean {
  if (isHarmless(pattern)) return texts.some((text) => pattern.test(text));
  sandbox.pattern = pattern;
  sandbox.texts = texts;
  try {
    return anyMatches.runInContext(context, { timeout: limitMs }) as boolean;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error;
    throw new GalleyError({
      code: 'check.slow_pattern',
      kind: 'verify',
      message: `the pattern ${pattern} took longer than ${limitMs / 1000} s and was given up`,
      hint: 'a repetition inside a repetition, as in (a+)+, takes for ever on some texts: write it without',
    });
  } finally {
    delete sandbox.pattern;
    delete sandbox.texts;
  }
}

/** With one quantifier at most there is nothing to backtrack through. */
function isHarmless({ source }: RegExp): boolean {
  return (source.match(/[*+?{]/g)?.length ?? 0) <= 1;
}
