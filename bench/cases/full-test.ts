import type { BenchCase } from '../case.ts';
import { nginx } from '../kitchens/nginx.ts';
import { testedAndGone } from '../proofs.ts';

export const fullTest: BenchCase = {
  name: 'full-test',
  title: 'test, one platform',
  target: 0.5,
  kitchen: nginx,
  from: 'absent',
  leaves: 'absent',
  args: ['test', nginx.main],
  proof: testedAndGone([nginx.main]),
};
