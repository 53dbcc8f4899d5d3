import { z } from 'zod';
import { type OptionStatus, optionStatus } from '../core/option-status.ts';
import { branchesAt } from '../core/zod-schema.ts';
import type { Plugins } from './plugins.ts';

interface Option {
  readonly key: string;
  readonly status: OptionStatus;
}

/** Options of a plugin's settings by name, with what happens to each. */
export function optionsOf(schema: z.ZodType): readonly Option[] {
  const shapes = branchesAt(schema, []).flatMap(({ def }) => (def.shape ? [def.shape] : []));
  const all = new Map(shapes.flatMap((shape) => Object.entries(shape)));
  return [...all]
    .map(([key, option]) => ({ key, status: optionStatus(option as z.ZodType) }))
    .toSorted((a, b) => (a.key < b.key ? -1 : 1));
}

/** A table for each plugin: option → honoured, accepted or refused. Markdown, made from the schemas. Pure. */
export function optionsReference(plugins: Plugins): string {
  const sections = [
    ...plugins.drivers.map((plugin) => ['Driver', plugin] as const),
    ...plugins.transports.map((plugin) => ['Transport', plugin] as const),
    ...plugins.provisioners.map((plugin) => ['Provisioner', plugin] as const),
    ...plugins.suites.map((plugin) => ['Verifier', plugin] as const),
  ];
  return sections
    .map(([kind, { name, aliases, config }]) => {
      const also = aliases.length > 0 ? ` (also ${aliases.map((one) => `\`${one}\``).join(', ')})` : '';
      return `## ${kind} \`${name}\`${also}\n\n${table(optionsOf(config))}\n`;
    })
    .join('\n');
}

function table(options: readonly Option[]): string {
  const of = (wanted: OptionStatus['status']) => options.filter(({ status }) => status.status === wanted);
  const honoured = of('honoured').map(({ key, status }) => row([key], 'honoured', status.text ?? ''));
  const rows = [...honoured, ...grouped('accepted', of('accepted')), ...grouped('refused', of('refused'))];
  return ['| option | | |', '|---|---|---|', ...rows].join('\n');
}

/** Options for which the same is to say share a row. */
function grouped(word: string, options: readonly Option[]): readonly string[] {
  const texts = new Set(options.map(({ status }) => status.text ?? ''));
  return [...texts].map((text) =>
    row(
      options.filter(({ status }) => (status.text ?? '') === text).map(({ key }) => key),
      word,
      text,
    ),
  );
}

function row(keys: readonly string[], word: string, text: string): string {
  const cell = text.replaceAll('|', '\\|').replace(/\s+/g, ' ');
  return `| ${keys.map((key) => `\`${key}\``).join(' ')} | ${word} | ${cell} |`;
}
