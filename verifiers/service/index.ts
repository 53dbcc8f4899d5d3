import type { Verifier } from '../../src/core/verifier.ts';
import { complaintsOf, lastWords } from './complaints.ts';
import { fatalService, judgeService, type ServiceFacts } from './judge.ts';
import { type ServiceSpec, serviceSpec } from './schema.ts';

/** Service units as the manager sees them: systemd, runit or init scripts, whichever PID 1 is. */
export const serviceVerifier: Verifier<ServiceSpec, ServiceFacts> = {
  name: 'service',
  description:
    'service units of systemd, runit or init scripts: active, enabled, restarts, properties, main process; an unknown unit is an error',
  spec: serviceSpec,
  repeatable: false,
  title: (spec) => `service ${spec.service}`,
  needs: (spec, over) => ({
    units: [spec.service],
    ...(spec.unitProps && { unitProps: Object.keys(spec.unitProps) }),
    processes: spec.mainPid !== undefined || over?.time === true,
  }),
  async observe(spec, probe) {
    const { snapshot } = probe;
    const unit = snapshot.units.find((one) => one.unit === spec.service);
    const main = snapshot.processes.find((one) => one.pid === unit?.mainPid);
    const isAsked = spec.logsClean !== undefined && spec.logsClean !== false && unit?.manager === 'systemd';
    const complaints = isAsked && unit.known ? await complaintsOf(unit, spec.logsClean, probe) : undefined;
    return { unit, main, complaints, via: snapshot.via };
  },
  judge: judgeService,
  explain: async (_spec, { unit }, probe) => (unit === undefined ? [] : lastWords(unit, probe)),
  fatal: fatalService,
  // A unit without a main process (oneshot, an init script without a pid file) has nothing that could be replaced.
  identity: (_spec, { unit, main }) =>
    unit === undefined || unit.mainPid === 0
      ? undefined
      : [{ name: `pid ${unit.mainPid} of ${unit.unit}`, ...(main && { since: main.startedAt }) }],
};
