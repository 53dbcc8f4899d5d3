import { REPORT_FORMATS } from '../../core/report-request.ts';
import { defineCommand } from '../command.ts';
import { atLeastOne } from '../run-options.ts';

export interface ReportArgs {
  readonly run?: string | undefined;
  readonly events?: readonly string[] | undefined;
  readonly format?: readonly string[] | undefined;
  readonly reportCases?: number | undefined;
  readonly compare?: readonly string[] | undefined;
  readonly flaky: boolean;
  readonly slower: boolean;
  readonly json: boolean;
}

export const report = defineCommand<ReportArgs>({
  command: 'report',
  describe: 'show a past run again, in any format; compare runs, find flaky checks',
  options: (yargs) =>
    yargs
      .option('run', {
        type: 'string',
        requiresArg: true,
        describe: 'a run, or the beginning of its id; the last one when not given',
      })
      .option('events', {
        type: 'string',
        array: true,
        requiresArg: true,
        describe: 'files with the events of runs, which are merged into one report',
      })
      .option('format', {
        type: 'string',
        array: true,
        nargs: 1,
        requiresArg: true,
        describe: `FORMAT or FORMAT:PATH (${REPORT_FORMATS.join(', ')}); repeatable`,
      })
      .option('report-cases', {
        type: 'number',
        requiresArg: true,
        describe: 'most cases of all JUnit files together, those that fail first',
      })
      .coerce('report-cases', atLeastOne('--report-cases'))
      .option('compare', {
        type: 'string',
        array: true,
        describe: 'what changed: the last run against the one before, against RUN, or RUN against RUN',
      })
      .option('flaky', { type: 'boolean', default: false, describe: 'checks that pass now and then' })
      .option('slower', {
        type: 'boolean',
        default: false,
        describe: 'phases that took longer than they usually do',
      })
      .option('json', {
        alias: 'j',
        type: 'boolean',
        default: false,
        describe: '--compare, --flaky and --slower as JSON',
      }) as never,
  run: async (args, host) => {
    const { showReport } = await import('../show-report.ts');
    return showReport(args, host);
  },
});
