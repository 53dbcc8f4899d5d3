import { GalleyError } from '../core/errors.ts';
import { parseReports, type ReportFormat, type ReportRequest } from '../core/report-request.ts';
import type { Findings } from './findings.ts';
import { locateIn, type MapNode, nodeAt, toPlain } from './tree.ts';

/** What the schema has let through. */
type Given = string | { readonly format: ReportFormat; readonly path?: string; readonly max_cases?: number };

/** `kitchen: {reports: […]}`; a wrong one becomes a finding. */
export function readReports(file: MapNode, findings: Findings): readonly ReportRequest[] {
  const node = nodeAt(file, ['kitchen', 'reports']);
  const given = node && (toPlain(node) as readonly Given[] | null);
  if (!Array.isArray(given)) return [];
  return (given as readonly Given[]).flatMap((one, i) => {
    if (typeof one === 'object' && one !== null) {
      const { format, path, max_cases: maxCases } = one;
      if (!format) return [];
      return [{ format, ...(path !== undefined && { path }), ...(maxCases !== undefined && { maxCases }) }];
    }
    // Anything but text has been found by the schema already.
    if (typeof one !== 'string') return [];
    try {
      return parseReports(one, locateIn(file, ['kitchen', 'reports', i]) ?? { file: 'kitchen.yml' });
    } catch (error) {
      if (!(error instanceof GalleyError)) throw error;
      findings.errors([error]);
      return [];
    }
  });
}
