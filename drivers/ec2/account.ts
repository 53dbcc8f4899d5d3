import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { EC2Client, type EC2ClientConfig } from '@aws-sdk/client-ec2';
import { limiter } from '../../src/core/limiter.ts';
import { isLocalhost } from '../../src/core/loopback.ts';
import type { Ec2Config } from './config.ts';
import { isCapacityError, toEc2Error } from './errors.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** Where the requests of a machine go; recorded with it, so that `destroy` asks the same account. */
export interface Place {
  readonly region: string;
  readonly profile?: string | undefined;
  readonly endpoint?: string | undefined;
}

/** One region of an account. */
export interface Account extends Place {
  readonly ec2: EC2Client;
  /**
   * Sends one request; what AWS refuses comes as a `GalleyError` that says what was being done, but for the AWS error
   * codes that `expected` lists, which are thrown as they are.
   */
  ask<T>(
    operation: string,
    doing: string,
    send: (ec2: EC2Client) => Promise<T>,
    expected?: (error: unknown) => boolean,
  ): Promise<T>;
  /** Launches at most this many at the same time: AWS throttles them much earlier than other requests. */
  readonly inTurn: ReturnType<typeof limiter>;
}

const LAUNCHES_AT_ONCE = 10;
/** Hundreds of instances wait for answers at the same time. */
const SOCKETS = 64;

/** Place of new machines by config and environment; the region may be left to the profile. */
export function placeOf(config: Ec2Config, env: Env): Partial<Place> {
  const region = config.region ?? env['AWS_REGION'] ?? env['AWS_DEFAULT_REGION'];
  const profile = config.profile ?? env['AWS_PROFILE'];
  const endpoint = config.endpoint ?? env['AWS_ENDPOINT_URL_EC2'] ?? env['AWS_ENDPOINT_URL'];
  return { ...(region && { region }), ...(profile && { profile }), ...(endpoint && { endpoint }) };
}

/** Opens the account at a place. Asks AWS nothing. */
export async function openAccount(
  place: Partial<Place>,
  config: Pick<Ec2Config, 'attempts' | 'proxy' | 'verifiesTls'>,
  env: Env,
): Promise<Account> {
  const region = place.region ?? (await regionOfProfile(place.profile)) ?? 'us-east-1';
  const ec2 = new EC2Client(await clientConfig({ ...place, region }, config, env));
  ec2.middlewareStack.addRelativeTo(insistOnNothing as never, {
    relation: 'after',
    toMiddleware: 'retryMiddleware',
    name: 'galleyCapacity',
  });
  const known = { region, profile: place.profile, endpoint: place.endpoint };
  return {
    ...known,
    ec2,
    inTurn: limiter(LAUNCHES_AT_ONCE),
    async ask(operation, doing, send, expected) {
      try {
        return await send(ec2);
      } catch (error) {
        if (expected?.(error)) throw error;
        throw toEc2Error(error, { operation, doing, ...known });
      }
    },
  };
}

type Handler = (args: unknown) => Promise<unknown>;

/** EC2 says "no capacity" with status 500, on which the SDK would insist as often as it may. */
const insistOnNothing =
  (next: Handler): Handler =>
  async (args) => {
    try {
      return await next(args);
    } catch (error) {
      const { $metadata } = error as { $metadata?: { httpStatusCode?: number } };
      if ($metadata && isCapacityError(error)) $metadata.httpStatusCode = 400;
      throw error;
    }
  };

/** What all clients of AWS services are made with here. */
export async function clientConfig(
  place: Place,
  config: Pick<Ec2Config, 'attempts' | 'proxy' | 'verifiesTls'>,
  env: Env,
): Promise<EC2ClientConfig> {
  const { fromNodeProviderChain } = await import('@aws-sdk/credential-providers');
  const url =
    config.proxy ?? env['HTTPS_PROXY'] ?? env['https_proxy'] ?? env['HTTP_PROXY'] ?? env['http_proxy'];
  const isLocal = place.endpoint !== undefined && isLocalhost(new URL(place.endpoint).hostname);
  const proxyEnv =
    url === undefined || isLocal
      ? undefined
      : { HTTPS_PROXY: url, HTTP_PROXY: url, NO_PROXY: env['NO_PROXY'] ?? env['no_proxy'] };
  const agent = { keepAlive: true, maxSockets: SOCKETS, ...(proxyEnv && { proxyEnv }) };
  return {
    region: place.region,
    ...(place.endpoint !== undefined && { endpoint: place.endpoint }),
    ...(place.profile !== undefined && { profile: place.profile }),
    credentials: fromNodeProviderChain(place.profile === undefined ? {} : { profile: place.profile }),
    retryMode: 'adaptive',
    maxAttempts: config.attempts,
    requestHandler: {
      connectionTimeout: 10_000,
      requestTimeout: 60_000,
      httpAgent: new HttpAgent(agent),
      httpsAgent: new HttpsAgent({ ...agent, rejectUnauthorized: config.verifiesTls }),
    },
  };
}

/** The SDK's own way to the region of a profile, without its error when there is none. */
async function regionOfProfile(profile: string | undefined): Promise<string | undefined> {
  const client = new EC2Client(profile === undefined ? {} : { profile });
  try {
    return await client.config.region();
  } catch {
    return undefined;
  } finally {
    client.destroy();
  }
}
