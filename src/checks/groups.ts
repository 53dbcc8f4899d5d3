import type { CheckDeclaration } from '../core/check.ts';
import type { Verifier } from '../core/verifier.ts';

/**
 * Checks that may run together, in declaration order. A list is read from top to bottom: what is declared without
 * waiting below a check that waits (`eventually`) looks only after the wait, because it may depend on it.
 */
export function groups(
  declarations: readonly CheckDeclaration[],
  verifiers: ReadonlyMap<string, Verifier>,
): readonly (readonly CheckDeclaration[])[] {
  const all: CheckDeclaration[][] = [];
  let isOpen = false;
  let isWaiting = false;
  for (const declaration of declarations) {
    const isAlone = declaration.repeat !== undefined || verifiers.get(declaration.type)?.alone === true;
    const waits = declaration.timing.mode === 'eventually';
    const last = all.at(-1);
    const joins: boolean = isOpen && !isAlone && (waits || !isWaiting);
    if (joins) last?.push(declaration);
    else all.push([declaration]);
    isWaiting = waits || (joins && isWaiting);
    isOpen = !isAlone;
  }
  return all;
}
