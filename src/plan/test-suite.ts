import { TOOLS, testsElsewhere } from '../checks/tests-elsewhere.ts';
import { didYouMean } from '../core/did-you-mean.ts';
import { GalleyError } from '../core/errors.ts';
import type { InstanceConfig } from '../core/kitchen.ts';
import type { TestSuite } from '../core/test-suite.ts';
import { CHECK_KEYS } from './checks-of.ts';
import { locationOf } from './location-of.ts';
import { CHECK_VERIFIERS, findPlugin, type Plugins } from './plugins.ts';
import { readSettings, type SettingNote } from './setting-notes.ts';

/** Whether the kitchen names no test suite, so that its tests can only be our checks. */
export function isOurOwn(config: InstanceConfig): boolean {
  const { name } = config.verifier;
  return name === undefined || CHECK_VERIFIERS.includes(name);
}

/** The existing tests that the kitchen names as verifier; undefined when it names none. */
export function resolveSuite(
  config: InstanceConfig,
  plugins: Plugins,
  notes: SettingNote[],
): { readonly plugin: TestSuite; readonly config: unknown } | undefined {
  if (isOurOwn(config)) return undefined;
  const name = config.verifier.name ?? '';
  const plugin = findPlugin(plugins.suites, name);
  if (!plugin) throw unknownSuite(config, name, plugins);
  const own = Object.entries(config.verifier.settings).filter(([key]) => !CHECK_KEYS.includes(key));
  const parsed = readSettings(config, 'verifier', plugin, notes, { value: Object.fromEntries(own) });
  return { plugin, config: parsed };
}

function unknownSuite(config: InstanceConfig, name: string, plugins: Plugins): GalleyError {
  const names = [...plugins.suites.map((one) => one.name), ...CHECK_VERIFIERS];
  const tools = [...plugins.suites.flatMap((one) => one.aliases), ...TOOLS];
  return new GalleyError({
    code: 'config.unknown_verifier',
    kind: 'config',
    message: `${config.instance.name}: this Galley has no verifier '${name}'`,
    expected: `one of ${names.join(', ')}`,
    got: name,
    hint: plugins.verifiers.has(name) ? isCheckType(name) : nearest(name, names, tools),
    ...locationOf(config, ['verifier', 'name']),
  });
}

function isCheckType(name: string): string {
  return `'${name}' is a type of check: write verifier: {checks: [{${name}: …}]}`;
}

/** What was meant: a verifier, or a tool whose tests one of them runs. */
function nearest(name: string, names: readonly string[], tools: readonly string[]): string {
  const own = testsElsewhere(name);
  if (own !== undefined) return own;
  const guess = didYouMean(name, [...names, ...tools]);
  if (guess === undefined)
    return 'name one of those, or leave the name out and list checks under verifier: checks: (docs/checks.md)';
  const elsewhere = names.includes(guess) ? undefined : testsElsewhere(guess);
  return elsewhere === undefined ? `did you mean '${guess}'?` : `did you mean '${guess}'? ${elsewhere}`;
}
