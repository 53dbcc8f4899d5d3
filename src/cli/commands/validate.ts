import pc from 'picocolors';
import { GalleyError, GalleyErrors } from '../../core/errors.ts';
import { STAGES } from '../../core/instance.ts';
import { plural } from '../../core/plural.ts';
import { defineCommand } from '../command.ts';
import { readKitchen } from '../kitchen.ts';
import { noInstances } from '../no-instances.ts';
import { warningLines } from '../warning-lines.ts';

export const validate = defineCommand({
  command: 'validate',
  describe: 'check the kitchen file, its settings, run lists and checks without making anything',
  options: (yargs) => yargs,
  run: async (args, host) => {
    const kitchen = await readKitchen(host, args);
    if (kitchen.instances.length === 0) throw noInstances(kitchen);
    const [{ createPlugins }, { resolveInstances }, { resolveBases }, { bareRun }, { prepare }] =
      await Promise.all([
        import('../../plugins.ts'),
        import('../../plan/resolve.ts'),
        import('../../plan/bases.ts'),
        import('../bare-run.ts'),
        import('../../engine/prepare.ts'),
      ]);
    const plugins = createPlugins(host);
    const resolved = resolveInstances(kitchen.instances, plugins, new Set([...STAGES, 'destroy']));
    resolveBases(resolved, kitchen.instances, plugins);
    const run = bareRun(kitchen, plugins, host);
    const worked = resolved.flatMap((one) =>
      one.steps.length === 0 ? [one] : one.steps.map((step) => step.resolved),
    );
    await allOrErrors(worked.map((one) => prepare(run, one)));
    const colors = pc.createColors(host.stdout.color);
    const lines = warningLines(kitchen, resolved, { verbose: args.verbose, color: host.stdout.color });
    for (const line of lines) host.stdout.write(`${line}\n`);
    const count = kitchen.instances.length;
    host.stdout.write(
      `${colors.green('valid')}: ${plural(count, 'instance')} in ${kitchen.files.join(', ')}\n`,
    );
    return 0;
  },
});

/** Waits for all and throws every finding at once, each a single time. */
async function allOrErrors(work: readonly Promise<void>[]): Promise<void> {
  const errors: GalleyError[] = [];
  for (const result of await Promise.allSettled(work)) {
    if (result.status === 'fulfilled') continue;
    if (!(result.reason instanceof GalleyError)) throw result.reason;
    errors.push(...(result.reason instanceof GalleyErrors ? result.reason.errors : [result.reason]));
  }
  const distinct = [...new Map(errors.map((e) => [JSON.stringify([e.message, e.location]), e])).values()];
  if (distinct.length > 0) throw new GalleyErrors(distinct);
}
