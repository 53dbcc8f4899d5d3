import type { BenchCase } from '../case.ts';
import { nginx } from '../kitchens/nginx.ts';
import { nginxAnswers, verifyCanFail } from '../proofs.ts';

export const verify: BenchCase = {
  name: 'verify',
  title: 'verify, one command',
  kitchen: nginx,
  from: 'converged',
  leaves: 'converged',
  args: ['verify', nginx.main],
  proof: nginxAnswers,
  onceProof: verifyCanFail,
};
