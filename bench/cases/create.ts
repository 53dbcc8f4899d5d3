import type { BenchCase } from '../case.ts';
import { nginx } from '../kitchens/nginx.ts';
import { onlyMainRuns } from '../proofs.ts';

export const create: BenchCase = {
  name: 'create',
  title: 'create',
  kitchen: nginx,
  from: 'absent',
  leaves: 'created',
  args: ['create', nginx.main],
  proof: onlyMainRuns,
};
