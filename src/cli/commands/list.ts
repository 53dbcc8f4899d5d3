import pc from 'picocolors';
import type { InstanceConfig } from '../../core/kitchen.ts';
import { selectInstances } from '../../plan/select.ts';
import { table } from '../../reporters/format/text.ts';
import type { InstanceState } from '../../state/instance-state.ts';
import { defineCommand } from '../command.ts';
import { readKitchen, stateStore } from '../kitchen.ts';

interface ListArgs {
  readonly instances?: readonly string[] | undefined;
  readonly bare: boolean;
  readonly json: boolean;
}

interface Row {
  readonly instance: string;
  readonly driver: string;
  readonly provisioner: string;
  readonly verifier: string;
  readonly transport: string;
  readonly last_action: string | null;
  readonly last_error: string | null;
  /** Ours: set when an action was interrupted (kill -9) or another Galley is at it. */
  readonly attempting: string | null;
}

export const list = defineCommand<ListArgs>({
  command: 'list [instances..]',
  aliases: ['status'],
  describe: 'show the instances and how far each has come',
  options: (yargs) =>
    yargs
      .positional('instances', {
        type: 'string',
        array: true,
        describe: 'instance names or regular expressions',
      })
      .option('bare', { alias: 'b', type: 'boolean', default: false, describe: 'names only' })
      .option('json', { alias: 'j', type: 'boolean', default: false, describe: 'as JSON' }) as never,
  run: async (args, host) => {
    const kitchen = await readKitchen(host, args);
    const store = stateStore(kitchen);
    const selected = selectInstances(kitchen.instances, args.instances ?? []);
    const notices: string[] = [];
    const rows = await Promise.all(
      selected.map(async (config) => {
        const state = await store.read(config.instance.name, (to) =>
          notices.push(`the state of ${config.instance.name} was unreadable and was moved to ${to}`),
        );
        return rowOf(config, state);
      }),
    );
    const colors = pc.createColors(host.stdout.color);
    for (const notice of notices) host.stderr.write(`${colors.yellow(`! ${notice}`)}\n`);
    if (args.bare) host.stdout.write(rows.map((r) => `${r.instance}\n`).join(''));
    else if (args.json) host.stdout.write(`${JSON.stringify(rows, null, 2)}\n`);
    else for (const line of humanTable(rows, colors)) host.stdout.write(`${line}\n`);
    return 0;
  },
});

function rowOf(config: InstanceConfig, state: InstanceState | undefined): Row {
  return {
    instance: config.instance.name,
    driver: config.driver.name ?? 'docker',
    provisioner: config.provisioner.name ?? 'chef_infra',
    verifier: config.verifier.name ?? 'checks',
    transport: config.transport.name ?? 'docker',
    last_action: state?.lastAction ?? null,
    last_error: state?.lastError?.code ?? null,
    attempting: state?.attempting ?? null,
  };
}

function humanTable(rows: readonly Row[], colors: ReturnType<typeof pc.createColors>): string[] {
  const cells = rows.map((r) => [
    r.instance,
    r.driver,
    r.provisioner,
    r.attempting === null ? (r.last_action ?? 'not created') : `interrupted in ${r.attempting}`,
    r.last_error ?? '',
  ]);
  const [head, ...body] = table([
    ['Instance', 'Driver', 'Provisioner', 'Last action', 'Last error'],
    ...cells,
  ]);
  return [colors.dim(head ?? ''), ...body];
}
