import type { BenchCase } from '../case.ts';
import { nginx } from '../kitchens/nginx.ts';
import { nothingChanged } from '../proofs.ts';

export const noopConverge: BenchCase = {
  name: 'noop-converge',
  title: 'converge again, nothing to do',
  target: 0.95,
  kitchen: nginx,
  from: 'converged',
  leaves: 'converged',
  args: ['converge', nginx.main],
  proof: nothingChanged,
};
