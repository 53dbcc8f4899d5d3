import type { BenchCase } from '../case.ts';
import { nginx } from '../kitchens/nginx.ts';
import { namesAll } from '../proofs.ts';

export const list: BenchCase = {
  name: 'list',
  title: 'list',
  target: 0.5,
  kitchen: nginx,
  from: undefined,
  leaves: undefined,
  args: ['list'],
  proof: namesAll(nginx.instances),
};
