import { EC2Client, type EC2ClientConfig } from '@aws-sdk/client-ec2';
import { awsRequests } from '../../src/core/aws-requests.ts';
import { GalleyError } from '../../src/core/errors.ts';
import { limiter } from '../../src/core/limiter.ts';
import type { Ec2Config } from './config.ts';
import { isCapacityError, toEc2Error } from './errors.ts';
import type { Env, Place } from './place.ts';

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

/** Opens the account at a place. Asks AWS nothing. Throws `ec2.bad_endpoint`. */
export async function openAccount(
  place: Partial<Place>,
  config: Pick<Ec2Config, 'attempts' | 'proxy' | 'verifiesTls'>,
  env: Env,
): Promise<Account> {
  assertEndpoint(place.endpoint);
  const region = place.region ?? (await regionOfProfile(place.profile)) ?? 'us-east-1';
  const ec2 = new EC2Client(await clientConfig({ ...place, region }, config, env));
  ec2.middlewareStack.addRelativeTo(insistOnNothing as never, {
    relation: 'after',
    toMiddleware: 'retryMiddleware',
    name: 'galleyCapacity',
  });
  ec2.middlewareStack.add(refusePages as never, { step: 'deserialize', priority: 'low' });
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

/** What answers is no service of AWS: the page of a proxy or of a network that wants a login. */
export class NotAwsError extends Error {
  override readonly name = 'NotAws';
}

interface RawAnswer {
  readonly response?: { readonly statusCode?: number; readonly headers?: Readonly<Record<string, string>> };
}

/** Before it is read as an answer of EC2's, which a page that is well-formed XML could be: one without any machine. */
const refusePages =
  (next: Handler): Handler =>
  async (args) => {
    const { response } = (await next(args)) as RawAnswer;
    const type = response?.headers?.['content-type'] ?? '';
    if (/^text\/html/i.test(type)) throw new NotAwsError(`HTTP status ${response?.statusCode}, ${type}`);
    return { response };
  };

/** What all clients of AWS services are made with here. */
export async function clientConfig(
  place: Place,
  config: Pick<Ec2Config, 'attempts' | 'proxy' | 'verifiesTls'>,
  env: Env,
): Promise<EC2ClientConfig> {
  const { fromNodeProviderChain } = await import('@aws-sdk/credential-providers');
  return {
    region: place.region,
    ...(place.endpoint !== undefined && { endpoint: place.endpoint }),
    ...(place.profile !== undefined && { profile: place.profile }),
    credentials: fromNodeProviderChain(place.profile === undefined ? {} : { profile: place.profile }),
    retryMode: 'adaptive',
    maxAttempts: config.attempts,
    requestHandler: awsRequests(env, { ...config, endpoint: place.endpoint }),
  };
}

/** A name and password in it would be shown and written down, and AWS takes none. */
function assertEndpoint(endpoint: string | undefined): void {
  if (endpoint === undefined) return;
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined;
  const isWeb = /^https?:$/.test(url?.protocol ?? '');
  if (url && isWeb && url.username === '' && url.password === '') return;
  const isSigned = url !== undefined && isWeb;
  throw new GalleyError({
    code: 'ec2.bad_endpoint',
    kind: 'config',
    message: isSigned
      ? `the endpoint ${url.protocol}//${url.host} has a user or a password: requests to AWS are signed instead`
      : `${JSON.stringify(endpoint.replace(/\/\/.*@/, '//'))} is no address of an endpoint`,
    expected: 'https://HOST, or http://HOST:PORT',
    hint: 'correct endpoint: or AWS_ENDPOINT_URL (AWS_ENDPOINT_URL_EC2 counts before it)',
  });
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
