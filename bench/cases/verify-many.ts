import type { BenchCase } from '../case.ts';
import { checks } from '../kitchens/checks.ts';
import { passed, verifyFindsTheForbidden } from '../proofs.ts';

const shared = { kitchen: checks, from: 'converged', leaves: 'converged' } as const;

export const verifyOne: BenchCase = {
  ...shared,
  name: 'verify-1',
  title: 'verify, 1 check of files',
  args: ['verify', checks.main, '--check', 'first'],
  proof: passed(1),
};

/** To reach: at most 0.5 s more than one check. */
export const verifyHundred: BenchCase = {
  ...shared,
  name: 'verify-100',
  title: 'verify, 100 checks of five types',
  args: ['verify', checks.main],
  proof: passed(100),
  onceProof: verifyFindsTheForbidden,
};
