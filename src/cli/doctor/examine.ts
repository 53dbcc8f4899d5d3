import { GalleyError, GalleyErrors, toErrorRecord } from '../../core/errors.ts';
import type { InstanceConfig } from '../../core/kitchen.ts';
import { plural } from '../../core/plural.ts';
import type { Plugins } from '../../plan/plugins.ts';
import { type ResolvedInstance, resolveInstances } from '../../plan/resolve.ts';
import { createPlugins } from '../../plugins.ts';
import { formatLocation } from '../../reporters/format/error.ts';
import type { GlobalOptions } from '../command.ts';
import type { Host } from '../host.ts';
import { readKitchen } from '../kitchen.ts';
import { type Selection, select } from '../selection.ts';
import { probeAws, usesAws } from './aws.ts';
import { findEngine, probeCapabilities, probeLeftovers } from './engine.ts';
import { type Finding, fail, ok, warn } from './finding.ts';
import { probeClient, probeImages, takesClient } from './images.ts';
import { probeLicence } from './licence.ts';
import { probeDisk, probeNode, probeTools } from './machine.ts';
import { probeSsh } from './ssh.ts';

/** All probes, in the order in which one depends on another. None stops the others. */
export async function examine(args: Selection & GlobalOptions, host: Host): Promise<readonly Finding[]> {
  const findings: Finding[] = [probeNode(process.versions.node), ...(await probeDisk(host, host.cwd))];
  const kitchen = await collect(findings, 'kitchen', () => readKitchen(host, args));
  let resolved: readonly ResolvedInstance[] = [];
  let selected: readonly InstanceConfig[] = [];
  if (kitchen) {
    selected = await select(kitchen, args, host);
    const count = kitchen.instances.length;
    const text = `${kitchen.files.join(', ')}: ${plural(count, 'instance')}`;
    findings.push(ok('kitchen', text));
    findings.push(...probeTools(host, kitchen));
    resolved = await resolvable(selected, createPlugins(host), findings);
    findings.push(
      ...probeLicence(resolved, host.env),
      ...(await probeSsh(host, selected, kitchen.root)),
      ...(await probeAws(host, selected)),
    );
  }
  if (selected.length > 0 && selected.every(usesAws))
    return [...findings, ...(await forCloud(host, resolved))];
  const { engine, findings: about } = await findEngine(host);
  findings.push(...about);
  if (!engine) return findings;
  const probes: (readonly [string, () => Promise<readonly Finding[]>])[] = [
    ['capabilities', () => probeCapabilities(engine, resolved, host)],
    ['image', () => probeImages(engine, resolved)],
    ['client', () => probeClient(engine, resolved)],
    ['leftovers', () => probeLeftovers(engine, kitchen)],
  ];
  const results = await Promise.all(
    probes.map(async ([name, probe]) => {
      const broken: Finding[] = [];
      return (await collect(broken, name, probe)) ?? broken;
    }),
  );
  return [...findings, ...results.flat()];
}

/** Machines of a cloud need an engine here for their companions, and where it is to give them their Chef client. */
async function forCloud(host: Host, resolved: readonly ResolvedInstance[]): Promise<readonly Finding[]> {
  const hasServices = resolved.some((one) => Object.keys(one.config.services).length > 0);
  if (!hasServices && !resolved.some(takesClient)) return [];
  const { engine, findings } = await findEngine(host);
  if (engine) return [...findings.slice(0, 1), ...(await probeClient(engine, resolved))];
  if (hasServices) return findings;
  const fix = 'name an image that has a client, or client: {url: …}; else an engine has to answer';
  return findings.map(({ message }) =>
    warn('engine', `${message}: machines get no Chef client from here`, fix),
  );
}

/** Instances with settings that can be used; what is wrong with the others becomes findings, each once. */
async function resolvable(
  selected: readonly InstanceConfig[],
  plugins: Plugins,
  findings: Finding[],
): Promise<readonly ResolvedInstance[]> {
  const resolved: ResolvedInstance[] = [];
  const broken: Finding[] = [];
  for (const config of selected) {
    const one = await collect(broken, 'kitchen', async () => resolveInstances([config], plugins, new Set()));
    resolved.push(...(one ?? []));
  }
  const said = new Set<string>();
  findings.push(...broken.filter((one) => !said.has(one.message) && said.add(one.message)));
  return resolved;
}

/** The result of a probe; what it throws becomes findings. */
async function collect<T>(
  findings: Finding[],
  probe: string,
  work: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    for (const each of error instanceof GalleyErrors ? error.errors : [error]) {
      if (!(each instanceof GalleyError)) throw each;
      const { message, location, hint } = toErrorRecord(each);
      const place = location ? `${formatLocation(location)}: ` : '';
      findings.push(fail(probe, `${place}${message}`, hint ?? 'galley validate says more'));
    }
    return undefined;
  }
}
