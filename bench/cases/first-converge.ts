import type { BenchCase } from '../case.ts';
import { nginx } from '../kitchens/nginx.ts';
import { nginxAnswers } from '../proofs.ts';

export const firstConverge: BenchCase = {
  name: 'first-converge',
  title: 'first converge',
  kitchen: nginx,
  from: 'created',
  leaves: 'converged',
  args: ['converge', nginx.main],
  proof: nginxAnswers,
};
