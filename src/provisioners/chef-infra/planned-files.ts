import type { ActionContext } from '../../core/action-context.ts';
import type { PlannedFile } from '../../local/planned-file.ts';
import type { Prepared } from './prepare.ts';
import { planSandbox } from './sandbox-plan.ts';
import type { ChefInfraSettings } from './settings.ts';

type Context = ActionContext<ChefInfraSettings>;

export function nodeNameOf({ config, instance }: Context): string {
  const given = config.client_rb['node_name'];
  return typeof given === 'string' ? given : instance.name;
}

/** Everything the client needs on the instance, with the stamp that names it last. */
export function plannedFiles(ctx: Context, { cookbooks, data }: Prepared): readonly PlannedFile[] {
  return planSandbox({
    nodeName: nodeNameOf(ctx),
    settings: ctx.config,
    hasSecret: data.secret !== undefined,
    policy: cookbooks.policy,
    cookbooks: cookbooks.cookbooks,
    exported: cookbooks.policy,
    data,
  });
}
