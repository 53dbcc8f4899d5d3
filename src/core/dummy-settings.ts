import { z } from 'zod';
import { orDefault } from './option-values.ts';

/** Settings of the plugins named `dummy` of Test Kitchen, which only pass time; `phase`: what they stand for. */
export function dummySettings(phase: 'converge' | 'verify') {
  return z.looseObject({
    sleep: orDefault(z.number().min(0), 0).describe(`seconds that a ${phase} takes; default: 0`),
    fail: orDefault(z.boolean(), false).describe(`true: every ${phase} fails`),
    random_failure: orDefault(z.boolean(), false).describe('true: every second one fails, on average'),
  });
}
