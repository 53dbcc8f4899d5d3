import type { ActionContext } from '../core/action-context.ts';
import { digestOf } from '../core/digest.ts';
import type { GalleyEvent } from '../core/events.ts';
import type { ResolvedInstance } from '../plan/resolve.ts';
import { located } from './located.ts';
import { contextFor, type RunContext } from './run-context.ts';

/** Raised when what a snapshot holds changes its meaning. */
const FORM = 1;

/**
 * Digest of everything that is known to decide what an instance is like after its converge: image and client, the
 * settings of driver, services and hooks, and for each step the settings and local files of the provisioner.
 * `parent`: the key of the snapshot that the instance itself starts from. What a converge fetches from elsewhere
 * (packages) and what local hooks do is not in it.
 */
export async function snapshotKey(
  run: RunContext,
  base: ResolvedInstance,
  parent: string | undefined,
): Promise<string> {
  const { driver, config } = base;
  const machine = await driver.snapshots?.inputs(quietContext(run, base, base.driverConfig), base.request);
  const works = base.steps.length === 0 ? [base] : base.steps.map((step) => step.resolved);
  const converges: unknown[] = [];
  for (const work of works) {
    const { provisioner, provisionerConfig } = work;
    const ctx = quietContext(run, work, provisionerConfig);
    const files = await located(work, async () => provisioner.fingerprint?.(ctx));
    const { settings } = work.config.provisioner;
    converges.push([provisioner.name, settings, work.config.lifecycle, files ?? run.ownership.runId]);
  }
  const facts = [FORM, driver.name, machine, parent, config.services, config.lifecycle, converges];
  return digestOf(facts);
}

/** The base may not be among the instances of this run, so what is done for it is told of the run as a whole. */
export function quietContext<C>(run: RunContext, resolved: ResolvedInstance, config: C): ActionContext<C> {
  const emit = (event: GalleyEvent): void => {
    if (event.type !== 'progress') run.emit(event);
    else run.emit({ type: 'progress', text: `${resolved.instance.name}: ${event.text}` });
  };
  return { ...contextFor(run, resolved, config), emit };
}
