import type { Argv } from 'yargs';
import { DESTROY_POLICIES, type DestroyPolicy, type Verb } from '../../plan/actions.ts';
import { type CheckSelection, checkOptions } from '../check-selection.ts';
import { type CliCommand, defineCommand, type GlobalOptions } from '../command.ts';
import { type Reporting, reportOptions } from '../report-options.ts';
import { type HowToRun, runOptions } from '../run-options.ts';
import { type Selection, selectionOptions } from '../selection.ts';

interface PhaseArgs extends Selection, HowToRun, Reporting, CheckSelection {
  readonly list?: boolean;
  readonly failFast: boolean;
  readonly dryRun: boolean;
  readonly json: boolean;
  readonly orphans?: boolean;
  readonly step?: string | undefined;
}

function phaseOptions(yargs: Argv<GlobalOptions>): Argv<GlobalOptions & PhaseArgs> {
  return reportOptions(runOptions(selectionOptions(yargs)))
    .option('dry-run', {
      type: 'boolean',
      default: false,
      describe: 'show what would be done, and do nothing',
    })
    .option('json', { alias: 'j', type: 'boolean', default: false, describe: '--dry-run as JSON' })
    .option('fail-fast', {
      alias: 'f',
      type: 'boolean',
      default: false,
      describe: 'at the first failure cancel all other instances, running and waiting',
    }) as unknown as Argv<GlobalOptions & PhaseArgs>;
}

/** For commands that may stop on the way through the steps of a suite. */
function stepOptions(yargs: Argv<GlobalOptions>): Argv<GlobalOptions & PhaseArgs> {
  return phaseOptions(yargs).option('step', {
    type: 'string',
    requiresArg: true,
    describe: 'stop at this step; only instances whose suite has it',
  }) as never;
}

function phase(verb: Exclude<Verb, 'test'>, describe: string): CliCommand<PhaseArgs> {
  return defineCommand<PhaseArgs>({
    command: `${verb} [instances..]`,
    describe,
    options: verb === 'create' || verb === 'destroy' ? phaseOptions : stepOptions,
    run: async (args, host) => {
      const { runCommand } = await import('../run-command.ts');
      const { failFast, step: until } = args;
      return runCommand({ verb, destroyPolicy: 'never', failFast, until }, args, host);
    },
  });
}

const test = defineCommand<PhaseArgs & { readonly destroy: DestroyPolicy }>({
  command: 'test [instances..]',
  describe: 'destroy, create, converge, verify and destroy again',
  options: (yargs) =>
    checkOptions(stepOptions(yargs)).option('destroy', {
      alias: 'd',
      choices: DESTROY_POLICIES,
      default: 'passing',
      describe: 'when to destroy at the end',
    }) as never,
  run: async (args, host) => {
    const { runCommand } = await import('../run-command.ts');
    const { failFast, step: until, destroy: destroyPolicy } = args;
    return runCommand({ verb: 'test', destroyPolicy, failFast, until }, args, host);
  },
});

const verify: CliCommand<PhaseArgs> = {
  ...phase('verify', 'run the checks (creates and converges first when needed)'),
  options: (yargs) =>
    checkOptions(stepOptions(yargs))
      .describe(
        'failed',
        'only instances whose last action failed, and of these only the checks that did not pass',
      )
      .describe('json', '--dry-run or --list as JSON')
      .option('list', {
        type: 'boolean',
        default: false,
        group: 'Checks:',
        describe: 'show the checks that would be run, and do nothing',
      }) as never,
};

const destroy: CliCommand<PhaseArgs> = {
  ...phase('destroy', 'remove machines, services, networks and state'),
  options: (yargs) =>
    phaseOptions(yargs).option('orphans', {
      type: 'boolean',
      default: false,
      describe: 'what exists but is no longer in the kitchen file, instead of the instances in it',
    }) as never,
};

export const phaseCommands = [
  test,
  phase('create', 'make the machines and start their companion services'),
  phase('converge', 'run the provisioner (creates first when needed)'),
  phase('setup', 'run the setup stage (only hooks; our checks need nothing installed)'),
  verify,
  destroy,
];
