import { resolve } from 'node:path';
import type { GalleyError } from '../core/errors.ts';
import { GalleyErrors } from '../core/errors.ts';
import { plural } from '../core/plural.ts';
import { type Converted, type Gap, gapLine } from '../drafts/draft.ts';
import { fitting, withDistinctIds } from '../drafts/fit.ts';
import { writeDrafts } from '../drafts/write-drafts.ts';
import { createPlugins } from '../plugins.ts';
import { printable } from '../reporters/format/text.ts';
import type { ConvertArgs } from './commands/convert.ts';
import { INCOMPLETE } from './exit-codes.ts';
import type { Host } from './host.ts';
import { readSources, type Source } from './read-sources.ts';
import { draftExists, writeNew } from './write-new.ts';

/** Reads all files, then writes. Gives `INCOMPLETE` when something has no equal; throws when a file cannot be read. */
export async function convertFiles(args: ConvertArgs, host: Host): Promise<number> {
  const sources = await readSources(args.files ?? [], host.cwd);
  const { verifiers } = createPlugins(host);
  const found: Converted[] = [];
  const errors: GalleyError[] = [];
  for (const source of sources) {
    try {
      found.push(fitting(await convertOne(source, sources), verifiers));
    } catch (error) {
      errors.push(...problemsOf(error));
    }
  }
  if (errors.length === 1) throw errors[0];
  if (errors.length > 0) throw new GalleyErrors(errors);
  const converted = withDistinctIds(found);
  const gaps = converted.flatMap((one) => one.gaps);
  const count = converted.reduce((sum, one) => sum + one.drafts.length, 0);
  const text = args.json ? asJson(converted) : asYaml(converted, gaps);
  if (args.write === undefined || args.write === '-') host.stdout.write(text);
  else await writeNew(resolve(host.cwd, args.write), text, draftExists);
  for (const gap of gaps) host.stderr.write(`${printable(`- ${gapLine(gap)}`)}\n`);
  const place = args.write === undefined || args.write === '-' ? '' : `wrote ${args.write}: `;
  host.stderr.write(`${place}${plural(count, 'check')}, ${gaps.length} not converted\n`);
  if (count > 0) host.stderr.write('next: put them under verifier: of a suite, then galley verify\n');
  return gaps.length > 0 || count === 0 ? INCOMPLETE : 0;
}

async function convertOne(source: Source, all: readonly Source[]): Promise<Converted> {
  if (source.format === 'goss') {
    const { convertGoss } = await import('../drafts/goss/convert.ts');
    return convertGoss(
      source.text,
      source.label,
      all.map(({ label }) => label),
    );
  }
  const { convertRspec } = await import('../drafts/rspec/convert.ts');
  return convertRspec(source.text, source.label);
}

function problemsOf(error: unknown): readonly GalleyError[] {
  if (error instanceof GalleyErrors) return error.errors;
  if (error instanceof Error && 'kind' in error) return [error as GalleyError];
  throw error;
}

function asYaml(converted: readonly Converted[], gaps: readonly Gap[]): string {
  const head = [
    `Checks made by \`galley convert\` of ${converted.map(({ file }) => file).join(', ')}.`,
    'Put them under `verifier:` of a suite. What is different from the source stands above each.',
  ];
  const missing = gaps.length === 0 ? [] : ['Not converted:', ...gaps.map((gap) => `- ${gapLine(gap)}`)];
  const sections = converted.map(({ heading = [], drafts }) => ({ heading, drafts }));
  return writeDrafts(head, sections, missing);
}

function asJson(converted: readonly Converted[]): string {
  const checks = converted.flatMap(({ file, drafts }) =>
    drafts.map(({ item, line, comments }) => ({ file, line: line ?? null, comments, check: item })),
  );
  const missing = converted.flatMap(({ gaps }) => gaps);
  return `${JSON.stringify({ checks, missing }, null, 2)}\n`;
}
