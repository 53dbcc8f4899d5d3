import type { BenchCase } from '../case.ts';
import { nginx } from '../kitchens/nginx.ts';
import { nothingLeft } from '../proofs.ts';

export const destroy: BenchCase = {
  name: 'destroy',
  title: 'destroy',
  target: 0.1,
  kitchen: nginx,
  from: 'converged',
  leaves: 'absent',
  args: ['destroy', nginx.main],
  proof: nothingLeft,
};
