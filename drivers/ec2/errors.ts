import { GalleyError } from '../../src/core/errors.ts';
import { redactText } from '../../src/core/redact-text.ts';
import { type Attempted, RULES } from './error-rules.ts';

/** Code of an AWS error, or the error's name. */
export function awsCode(error: unknown): string {
  if (typeof error !== 'object' || error === null) return '';
  const { Code, name, code } = error as { Code?: unknown; name?: unknown; code?: unknown };
  return [Code, name, code].find((one) => typeof one === 'string' && one !== 'Error')?.toString() ?? '';
}

/** Errors that another request may not meet: other types and markets are worth a try. */
export function isCapacityError(error: unknown): boolean {
  return /^(Insufficient|SpotMaxPriceTooLow|MaxSpotInstanceCountExceeded|VcpuLimitExceeded|InstanceLimitExceeded|Unsupported$)/.test(
    awsCode(error),
  );
}

export function isNotFound(error: unknown): boolean {
  return /\.NotFound$|^InvalidGroup\.NotFound/.test(awsCode(error));
}

/** Whatever AWS or the way to it said, as an error with a code of its own and the next step. */
export function toEc2Error(error: unknown, attempted: Attempted): Error {
  if (error instanceof GalleyError) return error;
  if (!(error instanceof Error) || error.name === 'AbortError') return error as Error;
  const name = awsCode(error);
  const causes = [error.message, (error as { cause?: Error }).cause?.message ?? ''].join(' ');
  const text = `${causes} ${(error as NodeJS.ErrnoException).code ?? ''}`.trim();
  const rule = RULES.find((one) => (one.name?.test(name) ?? true) && (one.text?.test(text) ?? true));
  const status = (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
  // The SDK's own advice, to look at a hidden field, is of no use to a user.
  const words = redactText(error.message.split('\n  Deserialization error:')[0] ?? '');
  const said = [attempted.operation, name, words].filter((one) => one !== '' && one !== 'Unknown');
  if (name === 'Unknown' && status !== undefined)
    said.push(`HTTP status ${status} and nothing that says why`);
  const { code, message, hint } = rule?.explain(attempted, text) ?? {
    code: 'failed',
    message: `AWS could not ${attempted.doing}`,
    hint: 'the line below is what AWS said',
  };
  return new GalleyError({
    code: `ec2.${code}`,
    kind: 'infrastructure',
    message: `could not ${attempted.doing}: ${message}`,
    details: [said.join(': ').slice(0, 600)],
    hint,
    cause: error,
  });
}
