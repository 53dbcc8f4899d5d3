import { judgeExists, judgeKnown } from '../../src/checks/judge-exists.ts';
import { cannotLook, judgeValue } from '../../src/checks/judge-value.ts';
import type { CheckResult } from '../../src/core/check.ts';
import type { FileFact } from '../../src/core/snapshot.ts';
import type { Known, MountFact, MountFacts, UsageFact } from '../../src/core/system-facts.ts';
import type { MountSpec } from './schema.ts';

export interface MountCheckFacts {
  readonly mounts: MountFacts;
  /** What lies at the path. */
  readonly file?: FileFact | undefined;
  readonly via: string;
}

/** Pure. A path that is no mount point has no other failures. */
export function judgeMount(spec: MountSpec, { mounts, file, via }: MountCheckFacts): CheckResult[] {
  const mount = mounts.mounts.find((one) => one.path === spec.mount);
  const source = `/proc/1/mountinfo, via ${via}`;
  const link = mount === undefined && file?.type === 'symlink' ? file.target : undefined;
  if (link !== undefined && spec.mounted === false) {
    const why = `${spec.mount} is a link to ${link}, and the table of mounts knows no links: ask for where it leads`;
    return [cannotLook('mounted', 'not mounted', why, source)];
  }
  const existence = judgeExists({
    wanted: spec.mounted,
    found: mount !== undefined,
    observed: mount ? describe(mount) : '',
    source,
    notes: [
      ...(link === undefined ? [] : [`it is a link to ${link}`]),
      ...nearest(spec.mount, mounts.mounts),
    ],
    words: ['mounted', 'mounted', 'not mounted'],
  });
  if (mount === undefined || existence.outcome !== 'pass') return [existence];
  const results = [existence];
  for (const property of ['source', 'fs', 'options'] as const) {
    const wanted = spec[property];
    if (wanted) results.push(judgeValue(property, mount[property], wanted, { source }));
  }
  const usage = mounts.usage.get(spec.mount);
  const values: Record<'usage' | 'free' | 'size', (fact: UsageFact) => number> = {
    usage: (fact) => fact.percent,
    free: (fact) => fact.freeKb * 1024,
    size: (fact) => fact.totalKb * 1024,
  };
  for (const property of ['usage', 'free', 'size'] as const) {
    const wanted = spec[property];
    if (!wanted) continue;
    const known: Known<number> | undefined =
      usage && 'value' in usage ? { value: values[property](usage.value) } : usage;
    const notes = usage && 'value' in usage ? [space(usage.value)] : [];
    results.push(judgeKnown(property, known, wanted, { source: `df ${spec.mount}, via ${via}`, notes }));
  }
  return results;
}

function describe(mount: MountFact): string {
  const part = mount.root === '/' ? '' : `, its ${mount.root}`;
  return `mounted (${mount.fs} of ${mount.source}${part}; ${options(mount)})`;
}

/** The layers of an overlay are long and tell nobody anything. */
function options(mount: MountFact): string {
  return mount.options.filter((one) => !/^(lower|upper|work)dir=/.test(one)).join(', ');
}

function nearest(path: string, mounts: readonly MountFact[]): string[] {
  const above = mounts
    .filter((one) => one.path === '/' || path.startsWith(`${one.path}/`))
    .toSorted((a, b) => b.path.length - a.path.length)[0];
  const below = mounts.filter((one) => one.path.startsWith(`${path}/`)).map((one) => one.path);
  return [
    ...(above ? [`it lies in ${above.path} (${above.fs} of ${above.source})`] : []),
    ...(below.length > 0 ? [`mounted below it: ${below.slice(0, 5).join(', ')}`] : []),
  ];
}

function space(usage: UsageFact): string {
  return `${gib(usage.freeKb)} of ${gib(usage.totalKb)} free`;
}

function gib(kb: number): string {
  return kb < 1024 * 1024 ? `${(kb / 1024).toFixed(1)} MiB` : `${(kb / 1024 / 1024).toFixed(1)} GiB`;
}
