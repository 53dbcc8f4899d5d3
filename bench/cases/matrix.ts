import type { BenchCase } from '../case.ts';
import { nginx } from '../kitchens/nginx.ts';
import { testedAndGone } from '../proofs.ts';

export const matrix: BenchCase = {
  name: 'matrix',
  title: 'test -c 2, Debian 11 + 12 + 13',
  target: 0.55,
  kitchen: nginx,
  from: 'absent',
  leaves: 'absent',
  args: ['test', '-c', '2'],
  proof: testedAndGone(nginx.instances),
};
