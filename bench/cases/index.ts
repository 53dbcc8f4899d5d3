import type { BenchCase } from '../case.ts';
import { create } from './create.ts';
import { destroy } from './destroy.ts';
import { firstConverge } from './first-converge.ts';
import { fullTest } from './full-test.ts';
import { list } from './list.ts';
import { matrix } from './matrix.ts';
import { noopConverge } from './noop-converge.ts';
import { verify } from './verify.ts';
import { verifyHundred, verifyOne } from './verify-many.ts';

/** In the order in which they run: each starts where the one before it ends, so little is done untimed. */
export const cases: readonly BenchCase[] = [
  list,
  create,
  firstConverge,
  noopConverge,
  verify,
  destroy,
  fullTest,
  matrix,
  verifyOne,
  verifyHundred,
];
