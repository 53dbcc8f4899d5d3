import type { Colors } from 'picocolors/types.js';
import type { EventEnvelope } from '../core/events.ts';
import { notPassed } from '../core/not-passed.ts';
import { plural } from '../core/plural.ts';
import { formatCheck } from './format/check.ts';
import { formatDuration } from './format/duration.ts';
import { formatError } from './format/error.ts';
import { formatSummary } from './format/summary.ts';
import { printable } from './format/text.ts';

export interface BlockOptions {
  readonly colors: Colors;
  readonly debug: boolean;
  readonly verbose: boolean;
}

/** What both terminal reporters say of an event besides progress: failures, notices, the end. Empty for most. */
export function blockOf(event: EventEnvelope, options: BlockOptions): readonly string[] {
  const { colors, verbose } = options;
  switch (event.type) {
    case 'notice':
      if (event.level === 'verbose' && !verbose) return [];
      return [
        event.level === 'warning'
          ? colors.yellow(`! ${printable(event.message)}`)
          : colors.dim(printable(event.message)),
      ];
    case 'check':
      if (event.report.outcome === 'pass' && !event.report.flaky && !verbose) return [];
      return formatCheck(event.report, colors, event.instance);
    case 'phase:end':
      // The failing checks have been shown one by one.
      if (!event.error || event.error.code === 'verify.failed' || event.error.kind === 'cancelled') return [];
      return formatError(event.error, colors, options.debug);
    case 'instance:end': {
      const { summary } = event;
      const shown = summary.phases.some((p) => p.outcome !== 'passed');
      if (summary.error?.kind === 'cancelled') return [];
      return summary.error && !shown ? formatError(summary.error, colors, options.debug) : [];
    }
    default:
      return [];
  }
}

export function closingLines(
  event: EventEnvelope & { readonly type: 'run:end' },
  logDir: string | undefined,
  colors: Colors,
): readonly string[] {
  const { instances } = event;
  if (instances.length === 0) return [];
  const failed = instances.filter((i) => i.outcome !== 'passed');
  const took = formatDuration(event.durationMs);
  const verdict =
    failed.length === 0
      ? colors.green(`${plural(instances.length, 'instance')} passed in ${took}`)
      : colors.red(`${notPassed('instance', failed.length, instances.length)} (${took})`);
  const logs = failed.length > 0 && logDir !== undefined ? [colors.dim(`logs: ${logDir}`)] : [];
  const kept = instances.filter((i) => i.kept).map((i) => i.instance);
  const left =
    kept.length > 0
      ? [
          colors.dim(`kept: ${kept.join(', ')}`),
          colors.dim(`  galley login ${kept[0]} to look inside, galley destroy to remove`),
        ]
      : [];
  return ['', ...formatSummary(instances, colors), '', verdict, ...logs, ...left];
}
