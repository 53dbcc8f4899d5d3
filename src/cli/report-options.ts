import type { Argv } from 'yargs';
import { REPORT_FORMATS } from '../core/report-request.ts';
import { atLeastOne } from './run-options.ts';

/** Which reports a run writes. */
export interface Reporting {
  /** `FORMAT[:PATH]` */
  readonly report?: readonly string[] | undefined;
  readonly reportCases?: number | undefined;
  readonly events?: string | undefined;
}

/** Not for `watch`, which a report written into the kitchen's folder would set off again and again. */
export function reportOptions<T>(yargs: Argv<T>): Argv<T & Reporting> {
  return yargs
    .option('report', {
      type: 'string',
      array: true,
      nargs: 1,
      requiresArg: true,
      describe: `write a report: FORMAT or FORMAT:PATH (${REPORT_FORMATS.join(', ')}); several with commas`,
    })
    .option('report-cases', {
      type: 'number',
      requiresArg: true,
      describe: 'most cases of all JUnit files together, those that fail first (AWS CodeBuild takes 500)',
    })
    .coerce('report-cases', atLeastOne('--report-cases')) as unknown as Argv<T & Reporting>;
}
