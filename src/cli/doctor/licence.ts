import type { ResolvedInstance } from '../../plan/resolve.ts';
import type { Env } from '../host.ts';
import { type Finding, fail, ok, warn } from './finding.ts';

const PROBE = 'licence';
/** What chef-client takes for an answer. */
const ANSWERS = ['accept', 'accept-silent', 'accept-no-persist'];

/** How the licence of a product is answered for one or more instances. */
export interface LicenceFacts {
  readonly product: 'chef' | 'cinc';
  /** `provisioner.chef_license` of each instance that uses it. */
  readonly settings: readonly (string | undefined)[];
  /** `CHEF_LICENSE` */
  readonly variable: string | undefined;
}

/** Who says yes to Chef's licence; Cinc has none. */
export function judgeLicence({ product, settings, variable }: LicenceFacts): Finding {
  if (product === 'cinc') return ok(PROBE, 'cinc: needs no acceptance and no key');
  const given = [...new Set([...settings, variable].filter((one) => one !== undefined))];
  const wrong = given.find((one) => !ANSWERS.includes(one));
  if (wrong !== undefined) {
    const fix = `set it to one of ${ANSWERS.join(', ')}, or use driver.client: {product: cinc}`;
    return fail(PROBE, `chef: '${wrong}' is no acceptance of its licence`, fix);
  }
  if (variable !== undefined || settings.every((one) => one !== undefined)) {
    return ok(
      PROBE,
      `chef: accepted by ${variable === undefined ? 'provisioner.chef_license' : 'CHEF_LICENSE'}`,
    );
  }
  const fix =
    'set provisioner.chef_license: accept to say so yourself, or use driver.client: {product: cinc}';
  return warn(PROBE, 'chef: its licence is accepted for each run (accept-no-persist)', fix);
}

/** One finding for each product that the instances run. */
export function probeLicence(resolved: readonly ResolvedInstance[], env: Env): readonly Finding[] {
  const settings = new Map<'chef' | 'cinc', (string | undefined)[]>();
  for (const one of resolved) {
    if (!one.request.needsClient) continue;
    const { client } = one.driverConfig as { client?: { product?: 'chef' | 'cinc' } };
    const product = client?.product ?? 'cinc';
    const given = one.config.provisioner.settings['chef_license'];
    const known = settings.get(product) ?? [];
    settings.set(product, [...known, typeof given === 'string' ? given : undefined]);
  }
  return [...settings].map(([product, given]) =>
    judgeLicence({ product, settings: given, variable: env['CHEF_LICENSE'] }),
  );
}
