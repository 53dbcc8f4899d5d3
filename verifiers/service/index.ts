import type { Verifier } from '../../src/core/verifier.ts';
import { fatalService, judgeService, type ServiceFacts } from './judge.ts';
import { type ServiceSpec, serviceSpec } from './schema.ts';

/** Service units as the manager sees them: systemd, runit or init scripts, whichever PID 1 is. */
export const serviceVerifier: Verifier<ServiceSpec, ServiceFacts> = {
  name: 'service',
  description: 'service units: active, enabled, restarts, main process; an unknown unit is an error',
  spec: serviceSpec,
  repeatable: false,
  title: (spec) => `service ${spec.service}`,
  needs: (spec) => ({ units: [spec.service], processes: spec.mainPid !== undefined }),
  async observe(spec, { snapshot }) {
    const unit = snapshot.units.find((one) => one.unit === spec.service);
    const main = snapshot.processes.find((one) => one.pid === unit?.mainPid);
    return { unit, main, via: snapshot.via };
  },
  judge: judgeService,
  fatal: fatalService,
};
