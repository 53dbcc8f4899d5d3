import { toErrorRecord } from '../../core/errors.ts';
import type { Kitchen } from '../../core/kitchen.ts';
import { plural } from '../../core/plural.ts';
import { grantableCapabilities } from '../../docker/capabilities.ts';
import { connectEngine, type Engine } from '../../docker/connect.ts';
import { expiredOf } from '../../docker/expiry.ts';
import { LABEL } from '../../docker/labels.ts';
import { listLabelled } from '../../docker/resources.ts';
import type { ResolvedInstance } from '../../plan/resolve.ts';
import type { Host } from '../host.ts';
import { stateStore } from '../kitchen.ts';
import { orphanNames } from '../orphans.ts';
import { imageOf } from '../plan-lines.ts';
import { type Finding, fail, ok, warn } from './finding.ts';
import { judgeCapabilities } from './judge.ts';

export async function findEngine(
  host: Host,
): Promise<{ readonly engine: Engine | undefined; readonly findings: readonly Finding[] }> {
  try {
    const engine = await connectEngine(host.env);
    const { info } = engine;
    const rootless = info.isRootless ? ', rootless' : '';
    const found: Finding[] = [
      ok('engine', `Docker ${info.version} (API ${info.apiVersion}) at ${engine.address}${rootless}`),
    ];
    if (info.ostype !== 'linux') {
      found.push(
        fail('engine', `it runs ${info.ostype} containers`, 'switch Docker Desktop to Linux containers'),
      );
    }
    found.push(judgeCgroups(info));
    return { engine, findings: found };
  } catch (error) {
    const { message, details, hint } = toErrorRecord(error);
    const text = [message, ...(details ?? [])].join('; ');
    return { engine: undefined, findings: [fail('engine', text, hint ?? '`docker info` should answer')] };
  }
}

function judgeCgroups(info: Engine['info']): Finding {
  const text = `version ${info.cgroupVersion}, driver ${info.cgroupDriver || 'none'}`;
  const [major = 0, minor = 0] = info.apiVersion.split('.').map(Number);
  // Private cgroup namespaces came with engine 20.10 (API 1.41).
  if (major > 1 || minor >= 41) return ok('cgroups', text);
  const fix = 'update the engine to 20.10 or newer, or set driver.init: none';
  return warn('cgroups', `${text}; this engine cannot give systemd a cgroup namespace of its own`, fix);
}

export async function probeCapabilities(
  engine: Engine,
  resolved: readonly ResolvedInstance[],
  host: Host,
): Promise<readonly Finding[]> {
  const { known, missing } = await grantableCapabilities(engine, { cacheDir: host.cacheDir });
  if (!known) return [ok('capabilities', 'not known for a remote engine before the first create')];
  const wishes = resolved
    .filter((one) => one.driver.name === 'docker')
    .map((one) => {
      const config = one.driverConfig as Partial<{ init: string; privileged: boolean; capAdd: string[] }>;
      return {
        instance: one.instance.name,
        // As the driver decides it, as far as that can be told without the image.
        usesSystemd:
          (config.init ?? (imageOf(one)?.startsWith('dokken/') ? 'systemd' : 'none')) === 'systemd',
        privileged: config.privileged ?? false,
        capAdd: config.capAdd ?? [],
      };
    });
  return judgeCapabilities(missing, wishes);
}

export async function probeLeftovers(
  engine: Engine,
  kitchen: Kitchen | undefined,
): Promise<readonly Finding[]> {
  const found = await listLabelled(engine, { label: [LABEL.project] });
  const expired = expiredOf(found, Date.now());
  const findings: Finding[] = [];
  if (expired.length > 0) {
    const projects = new Set(expired.map((one) => one.labels[LABEL.project])).size;
    const text = `${expired.length} expired resources of ${plural(projects, 'kitchen')} are left`;
    findings.push(warn('leftovers', text, 'galley gc'));
  }
  const orphans = kitchen ? await orphanNames(stateStore(kitchen), kitchen) : [];
  if (orphans.length > 0) {
    const text = `no longer in the kitchen file but still there: ${orphans.join(', ')}`;
    findings.push(warn('leftovers', text, 'galley destroy --orphans'));
  }
  return findings.length > 0 ? findings : [ok('leftovers', `nothing expired (${found.length} in use)`)];
}
