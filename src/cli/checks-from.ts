import { resolve } from 'node:path';
import { takeSnapshot } from '../checks/probe/take-snapshot.ts';
import type { RunChecksOptions } from '../checks/run-checks.ts';
import { GalleyError } from '../core/errors.ts';
import type { InstanceConfig, Kitchen } from '../core/kitchen.ts';
import { plural } from '../core/plural.ts';
import { createRedact } from '../core/redactor.ts';
import type { Verifier } from '../core/verifier.ts';
import { FIRST_LOOK, secondLook } from '../drafts/observed/needs.ts';
import { type Observed, observed, openPorts } from '../drafts/observed/observed.ts';
import { processGroups } from '../drafts/observed/process-groups.ts';
import { sectionsOf } from '../drafts/observed/sections.ts';
import { writeDrafts } from '../drafts/write-drafts.ts';
import { resolveExisting } from '../plan/resolve-existing.ts';
import { selectInstances } from '../plan/select.ts';
import { serviceAddresses } from '../plan/service-addresses.ts';
import { createPlugins } from '../plugins.ts';
import { askPorts } from './ask-ports.ts';
import type { GlobalOptions } from './command.ts';
import type { Host } from './host.ts';
import { watchInterrupts } from './interrupts.ts';
import { stateDir, stateStore } from './kitchen.ts';
import { knownSecrets } from './known-secrets.ts';
import { openInstance } from './open-instance.ts';
import { readExisting } from './read-existing.ts';
import { lastResources } from './run-resources.ts';
import { filler, fittingOnly, tryAll } from './try-drafts.ts';
import { draftExists, writeNew } from './write-new.ts';

export interface ChecksFromArgs {
  readonly checksFrom: string;
  readonly write?: string | undefined;
}

/**
 * `init --checks-from INSTANCE`: looks at a converged instance and writes checks that it passes, to standard output or
 * into a new file. Each is tried once; what does not pass stays as a comment that says so.
 */
export async function checksFrom(args: ChecksFromArgs & GlobalOptions, host: Host): Promise<number> {
  const { kitchen } = await readExisting(host, args);
  const config = theOne(kitchen, args.checksFrom);
  const { name } = config.instance;
  const { verifiers } = createPlugins(host);
  using interrupts = watchInterrupts(() => undefined);
  const { signal } = interrupts;
  const looking = await lookingAt(kitchen, config, host, signal);
  await using connection = looking.connection;
  const seen = await look(kitchen, config, { ...looking, connection }, verifiers);
  const fill = filler(config);
  const sections = fittingOnly(sectionsOf(seen), verifiers, fill);
  const tried = await tryAll(sections, verifiers, fill, { ...looking, connection, instance: name });
  const code = interrupts.exitCode();
  if (code !== undefined) return code;
  const isMasked = createRedact(knownSecrets(kitchen.instances));
  const text = isMasked({ text: writeDrafts(head(name), tried) }).text;
  const count = tried.flatMap(({ drafts }) => drafts).filter(({ isOptional }) => isOptional !== true).length;
  if (tried.length === 0) {
    host.stderr.write(
      `nothing of ${name} can be told in checks: no service of its own runs, and nothing listens\n`,
    );
    return 0;
  }
  if (args.write === undefined || args.write === '-') host.stdout.write(text);
  else await writeNew(resolve(host.cwd, args.write), text, draftExists);
  const place = args.write === undefined || args.write === '-' ? '' : `wrote ${args.write}: `;
  host.stderr.write(`${place}${plural(count, 'check')}, all of which pass on ${name} now\n`);
  host.stderr.write(
    `next: put those that you mean under verifier: of the suite ${config.instance.suite}, then galley verify ${name}\n`,
  );
  return 0;
}

function theOne(kitchen: Kitchen, selector: string): InstanceConfig {
  const found = selectInstances(kitchen.instances, [selector]);
  const [only] = found;
  if (only && found.length === 1) return only;
  const names = found.map(({ instance }) => instance.name);
  throw new GalleyError({
    code: 'usage.one_instance',
    kind: 'usage',
    message: `checks are written from one instance, and '${selector}' means ${found.length} instances`,
    got: names.join(', '),
    hint: `galley init --checks-from ${names[0] ?? 'INSTANCE'}`,
  });
}

type Looking = Pick<RunChecksOptions, 'connection' | 'address' | 'takeSnapshot' | 'signal'>;

async function lookingAt(kitchen: Kitchen, config: InstanceConfig, host: Host, signal: AbortSignal) {
  const { name } = config.instance;
  const state = await stateStore(kitchen).readable(name);
  const connection = await openInstance(kitchen, config, host);
  if (state?.lastAction === undefined || state.lastAction === 'create') {
    await connection[Symbol.asyncDispose]();
    throw new GalleyError({
      code: 'state.not_converged',
      kind: 'usage',
      message: `${name} has not been converged: there is nothing of the cookbook to see`,
      hint: `galley converge ${name}`,
    });
  }
  const { driver } = resolveExisting(config, createPlugins(host), state.driver, new Set());
  const machine = driver.machine.parse(state.machine);
  const client = driver.client(machine);
  return {
    connection,
    signal,
    address: (port: number) => driver.address(machine, port),
    takeSnapshot: (needs: Parameters<RunChecksOptions['takeSnapshot']>[0]) =>
      takeSnapshot(connection, needs, { client, signal }),
  };
}

async function look(
  kitchen: Kitchen,
  config: InstanceConfig,
  { takeSnapshot: take, ...rest }: Looking,
  verifiers: ReadonlyMap<string, Verifier>,
): Promise<Observed> {
  const [first, resources] = await Promise.all([
    take(FIRST_LOOK),
    lastResources(`${stateDir(kitchen)}/logs`, config.instance.name),
  ]);
  const groups = processGroups(first);
  const companions = serviceAddresses(config);
  const http = verifiers.get('http');
  const ports = openPorts(first, groups).filter(({ protocol }) => protocol === 'tcp');
  const probe = { ...rest, snapshot: first, repeat: undefined };
  const answers = http
    ? await askPorts(
        ports.map(({ port }) => port),
        http,
        probe,
      )
    : [];
  const second = await take(secondLook({ groups, first, resources, companions }));
  return observed({ first, second, answers, resources, companions });
}

function head(instance: string): readonly string[] {
  return [
    `Checks written by \`galley init --checks-from ${instance}\` on ${new Date().toISOString().slice(0, 16).replace('T', ' ')} UTC.`,
    'They mirror what that machine is like now, right or wrong: read each one, keep what you mean, and say `why`. Behaviour comes first; what the recipe says already stands below as comments.',
  ];
}
