import { createFindings } from '../../config/findings.ts';
import { parseYaml } from '../../config/parse-yaml.ts';
import { createSourceFile, toLocation } from '../../config/source-file.ts';
import { type Entry, isNull, toPlain } from '../../config/tree.ts';
import { GalleyError, type SourceLocation } from '../../core/errors.ts';
import { noun } from '../../core/plural.ts';
import type { Converted, Draft, Gap } from '../draft.ts';
import { Unfit } from '../values.ts';
import { Resource } from './reader.ts';
import { GOSS_TYPES, REASONS } from './types.ts';

/**
 * Reads a goss file (goss: docs/gossfile.md). `label` names it in messages. `given`: the labels of all files that are
 * converted together, for its includes. Throws `convert.goss_template`, and what reading YAML throws.
 */
export function convertGoss(text: string, label: string, given: readonly string[] = []): Converted {
  refuseTemplates(text, label);
  const findings = createFindings(true);
  const { root } = parseYaml(createSourceFile({ path: label, label, written: text }), findings);
  const drafts: Draft[] = [];
  const gaps: Gap[] = findings.warnings.map(({ message, location }) => ({
    file: label,
    line: location?.line,
    what: 'goss file',
    why: message,
  }));
  for (const [type, entry] of root.entries) {
    const line = lineOf(entry);
    const gap = (what: string, why: string, at = line): void =>
      void gaps.push({ file: label, line: at, what, why });
    if (entry.value.kind !== 'map') {
      if (!isNull(entry.value)) gap(type, 'expected a map of resources');
      continue;
    }
    for (const [key, resource] of entry.value.entries) {
      const at = lineOf(resource);
      if (type === 'gossfile') include(key, resource, label, given, (why) => gap(`gossfile ${key}`, why, at));
      else convertOne(type, key, resource);
    }
  }
  return { file: label, drafts, gaps };

  function convertOne(type: string, key: string, entry: Entry): void {
    const line = lineOf(entry);
    const refuse = (why: string): void => void gaps.push({ file: label, line, what: `${type} ${key}`, why });
    const make = GOSS_TYPES[type];
    if (make === undefined) return refuse(typeReason(type));
    if (entry.value.kind !== 'map') return refuse('expected a map of attributes');
    const r = new Resource(label, type, key, entry, entry.value);
    const common = commonKeys(r);
    try {
      const item = make(r);
      r.refuseRest(REASONS);
      if (item)
        drafts.push({
          what: `${type} ${key}`,
          comments: [...heading(r, label), ...r.notes],
          item: { ...item, ...common },
          line,
        });
    } catch (error) {
      if (!(error instanceof Unfit)) throw error;
      refuse(error.message);
    }
    gaps.push(...r.gaps);
  }
}

function heading(r: Resource, label: string): readonly string[] {
  return [`${label}${r.line === undefined ? '' : `:${r.line}`}: ${r.type} ${r.key}`];
}

/** `title`, `meta` and `skip`, which all types have. */
function commonKeys(r: Resource): Record<string, unknown> {
  const title = r.text('title');
  const meta = r.node('meta');
  if (meta !== undefined && !isNull(meta)) r.notes.push(`meta: ${JSON.stringify(toPlain(meta))}`);
  const isSkipped = r.flag('skip') === true;
  return {
    ...(title !== undefined && title !== '' && { title }),
    ...(isSkipped && { skip: 'skipped in the goss file, which gave no reason' }),
  };
}

function include(
  key: string,
  entry: Entry,
  label: string,
  given: readonly string[],
  gap: (why: string) => void,
): void {
  const map = entry.value.kind === 'map' ? (toPlain(entry.value) as Record<string, unknown>) : {};
  if (map['skip'] === true) return;
  const path = typeof map['file'] === 'string' ? map['file'] : key;
  const folder = label.includes('/') ? label.slice(0, label.lastIndexOf('/') + 1) : '';
  if (given.includes(path) || given.includes(`${folder}${path.replace(/^\.\//, '')}`)) return;
  gap('an include: give that file to galley convert as well, or the one file that `goss render` writes');
}

function typeReason(type: string): string {
  if (type === 'matching') return 'it looks at nothing of the machine';
  if (type === 'registry') return 'Windows is not known here';
  return `goss has no type '${type}' that is known here`;
}

function lineOf(entry: Entry): number | undefined {
  return toLocation(entry.keyPlace ?? entry.value.place)?.line;
}

/** Go templates are not run: what they would give depends on variables, and on the machine goss runs on. */
function refuseTemplates(text: string, label: string): void {
  const lines = text.split('\n').flatMap((line, index) => (line.includes('{{') ? [index + 1] : []));
  const [first] = lines;
  if (first === undefined) return;
  const location: SourceLocation = { file: label, line: first };
  const shown = lines.slice(0, 10).join(', ');
  throw new GalleyError({
    code: 'convert.goss_template',
    kind: 'config',
    message: `${label} is a Go template, which is not run here`,
    location,
    details: [`{{ in ${noun(lines.length, 'line')} ${shown}${lines.length > 10 ? ', …' : ''}`],
    hint: `goss -g ${label} --vars VARS render > rendered.yaml writes it without templates`,
  });
}
