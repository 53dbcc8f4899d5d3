import type { ResolvedInstance } from '../plan/resolve.ts';
import { located } from './located.ts';
import { contextFor, type RunContext } from './run-context.ts';

/** Finds and checks the existing tests before anything is made. */
export async function prepareSuite(run: RunContext, resolved: ResolvedInstance): Promise<void> {
  const { suite } = resolved;
  if (suite === undefined) return;
  await located(resolved, () => suite.plugin.prepare(contextFor(run, resolved, suite.config)), 'verifier');
}

/** Local work of the provisioner that can fail before anything is made; adds the place in the kitchen file. */
export async function prepare(run: RunContext, resolved: ResolvedInstance): Promise<void> {
  const { provisioner, provisionerConfig } = resolved;
  await located(resolved, () => provisioner.prepare(contextFor(run, resolved, provisionerConfig)));
}
