import type { Driver } from '../core/driver.ts';
import type { Provisioner } from '../core/provisioner.ts';
import type { ServiceHost } from '../core/service-host.ts';
import type { TestSuite } from '../core/test-suite.ts';
import type { Transport } from '../core/transport.ts';
import type { Verifier } from '../core/verifier.ts';

/** Every concrete part, handed to plan and engine as data; they know parts only through this. */
export interface Plugins {
  readonly drivers: readonly Driver[];
  readonly transports: readonly Transport[];
  readonly provisioners: readonly Provisioner[];
  /** Check types by name. */
  readonly verifiers: ReadonlyMap<string, Verifier>;
  /** Runners of existing test suites, which a kitchen names as its verifier. */
  readonly suites: readonly TestSuite[];
  readonly services: ServiceHost;
}

/** Verifier names that mean "the checks listed under `verifier.checks`". */
export const CHECK_VERIFIERS: readonly string[] = ['galley', 'checks'];

/** The plugin with this name or alias. */
export function findPlugin<P extends { readonly name: string; readonly aliases: readonly string[] }>(
  plugins: readonly P[],
  name: string,
): P | undefined {
  return plugins.find((p) => p.name === name) ?? plugins.find((p) => p.aliases.includes(name));
}
