import { GalleyError } from '../../core/errors.ts';

/** Names of errors by which AWS says that it does not know the caller. */
const UNKNOWN_CALLER =
  /^(?:CredentialsProviderError|ExpiredToken(?:Exception)?|UnrecognizedClientException|InvalidSignatureException|InvalidClientTokenId|AuthFailure)$/;

/** What a request to Systems Manager or S3 came to, in the user's terms. */
export function toSsmError(error: unknown, operation: string, instanceId: string): unknown {
  if (!(error instanceof Error) || error instanceof GalleyError || error.name === 'AbortError') return error;
  const { name, message } = error;
  const infrastructure = (code: string, what: string, hint: string): GalleyError =>
    new GalleyError({
      code,
      kind: 'infrastructure',
      message: what,
      details: [`${name}: ${message}`],
      hint,
      cause: error,
    });
  const asked = operation.includes(':') ? operation : `ssm:${operation}`;
  const text = `${name} ${message} ${(error as NodeJS.ErrnoException).code ?? ''}`;
  if (/TooSkewed|InTheFuture|signature expired|not yet current/i.test(text)) {
    const hint = 'set the clock (`timedatectl set-ntp true`)';
    return infrastructure(
      'ssm.clock_skew',
      'the clock of this machine is wrong: AWS refuses what it signs',
      hint,
    );
  }
  if (UNKNOWN_CALLER.test(name)) {
    const hint =
      'log in again (aws sso login, or new keys), or name another profile under transport: profile';
    return infrastructure('ssm.credentials', `AWS does not accept the credentials for ${asked}`, hint);
  }
  if (/AccessDenied|Unauthorized/.test(name)) {
    // Also another one than was asked for: a bucket may want kms:GenerateDataKey.
    const action = /perform:? ([a-z0-9-]+:\w+)/i.exec(message)?.[1] ?? asked;
    return infrastructure('ssm.denied', `the caller may not ${action}`, `allow the IAM action ${action}`);
  }
  if (name === 'InvalidInstanceId') return agentAbsent(instanceId, undefined);
  if (name === 'NoSuchBucket') {
    const hint = 'make it in the region of the machine, or correct transport: {s3_bucket: …}';
    return infrastructure('ssm.no_bucket', 'there is no such bucket', hint);
  }
  if (/Throttling|TooManyRequests/.test(name)) {
    const hint = 'run fewer instances at a time with -c, or raise transport: retry_limit';
    return infrastructure('ssm.throttled', `AWS keeps refusing ${asked}: too many requests`, hint);
  }
  if (
    /ECONN|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|ERR_PROXY_TUNNEL|TimeoutError/.test(text)
  ) {
    const hint = 'look at the network, HTTPS_PROXY, and at transport: endpoint or AWS_ENDPOINT_URL';
    return infrastructure(
      'ssm.unreachable',
      `${asked} for ${instanceId}: the service cannot be reached`,
      hint,
    );
  }
  const hint = 'are region and endpoint right, and can the service be reached from here?';
  return infrastructure('ssm.request_failed', `${asked} for ${instanceId} failed`, hint);
}

/** No agent has reported for the machine, or not of late. */
export function agentAbsent(instanceId: string, seen: string | undefined): GalleyError {
  return new GalleyError({
    code: 'ssm.agent_absent',
    kind: 'infrastructure',
    message: `Systems Manager ${seen === undefined ? `knows no agent on ${instanceId}` : `has lost the agent on ${instanceId} (${seen})`}`,
    expected: 'an agent that is online',
    hint: 'the image needs the SSM agent, the instance a profile with AmazonSSMManagedInstanceCore (driver: iam_profile_name) and a way to the service',
  });
}

/** The invocation did not come to its end. */
export function notRun(instanceId: string, status: string, details: string): GalleyError {
  return new GalleyError({
    code: 'ssm.not_run',
    kind: 'infrastructure',
    message: `Systems Manager could not run a command on ${instanceId}: ${status}`,
    details: details.split('\n').filter(Boolean).slice(-5),
    hint: 'is the machine up and its agent online? the machine needs sh, base64, tail, head and wc',
  });
}
