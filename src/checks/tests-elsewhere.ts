/** Names of test tools → the verifier that runs them. They are no check types, and several are no verifiers either. */
const VERIFIER_OF: Readonly<Record<string, string>> = {
  bats: 'busser',
  busser: 'busser',
  cinc_auditor: 'inspec',
  goss: 'goss',
  inspec: 'inspec',
  'pytest-testinfra': 'testinfra',
  pytest: 'testinfra',
  rspec: 'busser',
  serverspec: 'busser',
  shell: 'shell',
  testinfra: 'testinfra',
};

/** The names of the tools. */
export const TOOLS: readonly string[] = Object.keys(VERIFIER_OF);

/** What to write for tests of such a tool; undefined when it is none. */
export function testsElsewhere(name: string): string | undefined {
  const verifier = Object.hasOwn(VERIFIER_OF, name) ? VERIFIER_OF[name] : undefined;
  if (verifier === undefined) return undefined;
  const which = verifier === name ? 'existing tests' : `existing ${name} tests`;
  return `${which} are named beside the checks, for the whole suite: verifier: {name: ${verifier}}; see docs/test-suites.md`;
}
