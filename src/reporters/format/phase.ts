import type { Action } from '../../core/instance.ts';
import { printable } from './text.ts';

/** `converge`, in a multi-step suite `converge v2`. */
export function phaseName(phase: { readonly action: Action; readonly step?: string }): string {
  return phase.step === undefined ? phase.action : `${phase.action} ${printable(phase.step)}`;
}
