import type { GlobalOptions } from './command.ts';
import type { ListArgs } from './commands/list.ts';

const SWITCHES = ['orphans', 'bare', 'json', 'failed', 'verbose', 'compat', 'debug'] as const;
type Switch = (typeof SWITCHES)[number];

const SHORT: Readonly<Record<string, Switch>> = { '-b': 'bare', '-j': 'json', '-v': 'verbose' };

/**
 * Reads the command lines of `list` that need no parser: names and switches. Loading yargs takes longer than a list.
 * Undefined for all else, which is yargs' business, also to refuse.
 */
export function plainList(argv: readonly string[]): (GlobalOptions & ListArgs) | undefined {
  const [verb, ...words] = argv;
  if (verb !== 'list' && verb !== 'status') return undefined;
  const instances: string[] = [];
  const on = new Set<Switch>();
  for (const word of words) {
    if (!word.startsWith('-') && word !== '') {
      instances.push(word);
      continue;
    }
    const given = SHORT[word] ?? SWITCHES.find((name) => word === `--${name}`);
    if (given === undefined || on.has(given)) return undefined;
    on.add(given);
  }
  return {
    instances,
    orphans: on.has('orphans'),
    bare: on.has('bare'),
    json: on.has('json'),
    failed: on.has('failed'),
    verbose: on.has('verbose'),
    compat: on.has('compat'),
    debug: on.has('debug'),
  };
}
