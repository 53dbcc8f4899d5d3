import { Ec2Config } from './config.ts';

export type Env = Readonly<Record<string, string | undefined>>;

/** Where the requests of a machine go; recorded with it, so that `destroy` asks the same account. */
export interface Place {
  readonly region: string;
  readonly profile?: string | undefined;
  readonly endpoint?: string | undefined;
}

/** Place of new machines by config and environment; the region may be left to the profile. */
export function placeOf(config: Ec2Config, env: Env): Partial<Place> {
  // CI services set variables to nothing where there is nothing to set.
  const region = config.region || env['AWS_REGION'] || env['AWS_DEFAULT_REGION'];
  const profile = config.profile || env['AWS_PROFILE'];
  const endpoint = config.endpoint || env['AWS_ENDPOINT_URL_EC2'] || env['AWS_ENDPOINT_URL'];
  return { ...(region && { region }), ...(profile && { profile }), ...(endpoint && { endpoint }) };
}

/** Settings that lead where a recorded machine is; undefined when the record does not say, or nothing that is a region. */
export function configAt(made: Readonly<Record<string, unknown>>): Ec2Config | undefined {
  const { region, profile, endpoint } = made;
  const settings = { region, shared_credentials_profile: profile, endpoint };
  return typeof region === 'string' ? Ec2Config.safeParse(settings).data : undefined;
}

/** The same words for the same place. */
export function placeWords({ region, profile, endpoint }: Partial<Place>): string {
  return ['ec2', region, profile, endpoint].filter((one) => one !== undefined).join(' ');
}
