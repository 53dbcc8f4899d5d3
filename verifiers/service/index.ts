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
  needs: (spec, over) => ({
    units: [spec.service],
    processes: spec.mainPid !== undefined || over?.time === true,
  }),
  async observe(spec, { snapshot }) {
    const unit = snapshot.units.find((one) => one.unit === spec.service);
    const main = snapshot.processes.find((one) => one.pid === unit?.mainPid);
    return { unit, main, via: snapshot.via };
  },
  judge: judgeService,
  fatal: fatalService,
  // A unit without a main process (oneshot, an init script without a pid file) has nothing that could be replaced.
  identity: (_spec, { unit, main }) =>
    unit === undefined || unit.mainPid === 0
      ? undefined
      : [{ name: `pid ${unit.mainPid} of ${unit.unit}`, ...(main && { since: main.startedAt }) }],
};
