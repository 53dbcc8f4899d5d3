import type { Env } from '../host.ts';
import type { AwsFiles } from './aws-files.ts';
import { type Finding, fail, ok, warn } from './finding.ts';

/** All that can be known of AWS credentials without asking anybody. No value of a key is in it once it is judged. */
export interface AwsFacts {
  readonly env: Env;
  readonly files: AwsFiles;
  /** The profile and region that the kitchen names. */
  readonly profile: string | undefined;
  readonly region: string | undefined;
  /** Milliseconds since the epoch at which the kept token of an SSO session or start URL ends. */
  readonly tokenEnds: (session: string) => number | undefined;
  readonly fileExists: (path: string) => boolean;
  /** Whether this machine is one of EC2, by its firmware: then it may have a role. */
  readonly isEc2: boolean;
  readonly now: number;
}

const PROBE = 'aws credentials';

/**
 * Which source of the standard chain would give credentials, in the chain's order: a named profile, the environment,
 * the default profile, a web identity, a container's role, the machine's role. Source: the default chain of the AWS
 * SDK for JavaScript 3 (`@aws-sdk/credential-provider-node`), which passes over the environment when a profile is named.
 */
export function judgeCredentials(facts: AwsFacts): Finding {
  const { env, files } = facts;
  const named = facts.profile ?? (env['AWS_PROFILE'] || undefined);
  const hasKeys = isSet(env, 'AWS_ACCESS_KEY_ID') && isSet(env, 'AWS_SECRET_ACCESS_KEY');
  if (named !== undefined) {
    if (!files.profiles.has(named)) {
      const known = [...files.profiles.keys()];
      const fix = known.length > 0 ? `known profiles: ${known.join(', ')}` : 'aws configure makes one';
      return fail(PROBE, `there is no profile '${named}' in the AWS config files`, fix);
    }
    return judgeProfile(named, facts);
  }
  if (hasKeys)
    return ok(PROBE, `keys in the environment${isSet(env, 'AWS_SESSION_TOKEN') ? ', temporary' : ''}`);
  if (isSet(env, 'AWS_ACCESS_KEY_ID') || isSet(env, 'AWS_SECRET_ACCESS_KEY')) {
    const missing = isSet(env, 'AWS_ACCESS_KEY_ID') ? 'AWS_SECRET_ACCESS_KEY' : 'AWS_ACCESS_KEY_ID';
    return fail(
      PROBE,
      `only half a key is in the environment: ${missing} is missing`,
      `export ${missing} too`,
    );
  }
  if (files.profiles.has('default')) return judgeProfile('default', facts);
  if (isSet(env, 'AWS_WEB_IDENTITY_TOKEN_FILE') && isSet(env, 'AWS_ROLE_ARN'))
    return judgeTokenFile(
      env['AWS_WEB_IDENTITY_TOKEN_FILE'] ?? '',
      facts,
      'a web identity of the environment',
    );
  if (
    isSet(env, 'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI') ||
    isSet(env, 'AWS_CONTAINER_CREDENTIALS_FULL_URI')
  )
    return ok(PROBE, 'the role of this container (asked for when it is needed)');
  const mayAsk = !isSet(env, 'AWS_EC2_METADATA_DISABLED') || env['AWS_EC2_METADATA_DISABLED'] === 'false';
  if (facts.isEc2 && mayAsk) return ok(PROBE, 'the role of this EC2 machine, if it has one (not asked)');
  const others = [...files.profiles.keys()];
  const choose = others.length > 0 ? `export AWS_PROFILE (one of ${others.join(', ')})` : 'aws configure';
  return fail(
    PROBE,
    'none in the environment, no default profile, no role',
    `${choose}, or aws configure sso`,
  );
}

function judgeProfile(name: string, facts: AwsFacts, seen: readonly string[] = []): Finding {
  const settings = facts.files.profiles.get(name);
  const what = `profile ${[...seen, name].join(' → ')}`;
  if (!settings)
    return fail(PROBE, `${what}: there is no such profile`, `correct source_profile of ${seen.at(-1)}`);
  if (seen.includes(name))
    return fail(PROBE, `${what}: the profiles name each other`, `correct source_profile of ${name}`);
  if (settings['aws_access_key_id'] && settings['aws_secret_access_key'])
    return ok(PROBE, `${what}: keys in the file${settings['aws_session_token'] ? ', temporary' : ''}`);
  if (settings['role_arn'] !== undefined) {
    if (settings['web_identity_token_file'] !== undefined)
      return judgeTokenFile(settings['web_identity_token_file'], facts, what);
    if (settings['credential_source'] !== undefined)
      return ok(PROBE, `${what}: a role, with credentials from ${settings['credential_source']}`);
    if (settings['source_profile'] === name && seen.length > 0)
      return fail(PROBE, `${what}: it has no keys of its own`, `aws configure --profile ${name}`);
    if (settings['source_profile'] !== undefined)
      return judgeProfile(settings['source_profile'], facts, [...seen, name]);
    return fail(
      PROBE,
      `${what}: a role without source_profile`,
      `add source_profile to ${name} in ~/.aws/config`,
    );
  }
  const sso = settings['sso_session'] ?? settings['sso_start_url'];
  if (sso !== undefined) return judgeSso(sso, name, what, facts);
  if (settings['credential_process'] !== undefined)
    return ok(PROBE, `${what}: a program of yours gives them (not run)`);
  if (settings['login_session'] !== undefined)
    return ok(PROBE, `${what}: a session of aws login (not asked)`);
  return fail(PROBE, `${what}: it has no credentials`, `aws configure --profile ${name}`);
}

function judgeSso(session: string, profile: string, what: string, facts: AwsFacts): Finding {
  const login = `aws sso login --profile ${profile}`;
  const ends = facts.tokenEnds(session);
  if (ends === undefined) return fail(PROBE, `${what}: nobody is signed in`, login);
  const minutes = Math.floor((ends - facts.now) / 60_000);
  if (minutes < 0) return fail(PROBE, `${what}: its sign-in has expired`, login);
  if (minutes < 30) return warn(PROBE, `${what}: its sign-in ends in ${minutes} minutes`, login);
  return ok(PROBE, `${what}: signed in`);
}

function judgeTokenFile(path: string, facts: AwsFacts, what: string): Finding {
  if (facts.fileExists(path)) return ok(PROBE, `${what}, token in ${path}`);
  return fail(
    PROBE,
    `${what}: there is no token in ${path}`,
    'correct the path in AWS_WEB_IDENTITY_TOKEN_FILE or the profile',
  );
}

/** Where the machines would be made. */
export function judgeRegion({ env, files, profile, region }: AwsFacts): Finding {
  const probe = 'aws region';
  if (region !== undefined) return ok(probe, `${region}, from the kitchen`);
  for (const name of ['AWS_REGION', 'AWS_DEFAULT_REGION']) {
    if (isSet(env, name)) return ok(probe, `${env[name]}, from ${name}`);
  }
  const used = profile ?? (env['AWS_PROFILE'] || 'default');
  const own = files.profiles.get(used)?.['region'];
  if (own !== undefined) return ok(probe, `${own}, from the profile ${used}`);
  // As kitchen-ec2 has it.
  return warn(probe, 'us-east-1, since none is given', 'set driver.region, or export AWS_REGION');
}

/** Where requests go instead of to AWS; nothing where they go there. */
export function judgeEndpoint(env: Env, named: string | undefined): readonly Finding[] {
  const variable = ['AWS_ENDPOINT_URL_EC2', 'AWS_ENDPOINT_URL'].find((name) => isSet(env, name));
  const from = named !== undefined ? 'the kitchen' : variable;
  if (from === undefined) return [];
  return [ok('aws endpoint', `${named ?? env[variable ?? '']}, from ${from}: this is not AWS itself`)];
}

function isSet(env: Env, name: string): boolean {
  return (env[name] ?? '') !== '';
}
