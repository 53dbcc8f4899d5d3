import { type Finding, fail, ok, warn } from './finding.ts';

const GB = 1e9;
/** An image with its layers needs about this much beside it to be built. */
const COMFORTABLE = 2 * GB;
const TOO_LITTLE = 0.2 * GB;

export function judgeDisk(probe: string, folder: string, freeBytes: number): Finding {
  const free = `${(freeBytes / GB).toFixed(1)} GB free for ${folder}`;
  if (freeBytes < TOO_LITTLE) return fail(probe, free, 'free some space there');
  if (freeBytes < COMFORTABLE)
    return warn(probe, free, 'free some space there: building an image needs up to 2 GB');
  return ok(probe, free);
}

/** What instances ask of the engine that its kernel or its own container may not give. */
export interface CapabilityWish {
  readonly instance: string;
  readonly usesSystemd: boolean;
  readonly privileged: boolean;
  /** `cap_add`, in any spelling. */
  readonly capAdd: readonly string[];
}

/** `missing`: capabilities that no container on the engine can get. */
export function judgeCapabilities(
  missing: readonly string[],
  wishes: readonly CapabilityWish[],
): readonly Finding[] {
  const probe = 'capabilities';
  if (missing.length === 0) return [ok(probe, 'the engine can grant all')];
  const found: Finding[] = [];
  const lacking = new Set(missing);
  const named = (names: readonly string[]) => names.map((name) => name.toUpperCase().replace(/^CAP_/, ''));
  for (const wish of wishes) {
    if (wish.privileged) {
      const fix = 'remove privileged: and name what is needed under cap_add:; init: systemd needs neither';
      found.push(fail(probe, `${wish.instance} wants privileged, which needs ${missing.join(', ')}`, fix));
      continue;
    }
    const wanted = [...named(wish.capAdd), ...(wish.usesSystemd ? ['SYS_ADMIN'] : [])];
    const refused = wanted.filter((name) => lacking.has(name) || name === 'ALL');
    if (refused.length === 0) continue;
    const fix =
      wish.capAdd.length > 0 ? 'remove it from cap_add:' : 'set driver.init: none, or use another engine';
    found.push(
      fail(probe, `${wish.instance} wants ${refused.join(', ')}, which the engine cannot grant`, fix),
    );
  }
  if (lacking.has('SYS_PTRACE')) {
    const fix = 'env checks then see only what a process was started with; use another engine to see more';
    found.push(warn(probe, 'the engine cannot grant SYS_PTRACE', fix));
  }
  return found.length > 0
    ? found
    : [ok(probe, `all that is asked for (the engine lacks ${missing.join(', ')})`)];
}

export function judgeTool(
  file: string,
  tool: string,
  path: string | undefined,
  isNeeded: boolean,
  install: string,
): Finding {
  const probe = file.toLowerCase();
  if (path !== undefined) return ok(probe, `${tool} is ${path}`);
  const message = `there is a ${file} but no ${tool} on PATH`;
  const fix = `${install}, or vendor the cookbooks and name their folder under provisioner.cookbook_paths`;
  return isNeeded ? fail(probe, message, fix) : warn(probe, message, fix);
}
