import tap from 'tap';
import { GalleyError } from '../../src/core/errors.ts';
import { isCapacityError, toEc2Error } from './errors.ts';

const AT = { operation: 'RunInstances', doing: 'start a machine', region: 'eu-central-1' };
const aws = (name: string, message = 'said AWS'): Error => Object.assign(new Error(message), { name });
const seen = (error: Error): GalleyError => {
  const result = toEc2Error(error, AT);
  if (!(result instanceof GalleyError)) throw new Error('no error of ours');
  return result;
};

/** The list of the issue: each has a code of its own and a next step. */
const TABLE: readonly (readonly [Error, string])[] = [
  [aws('CredentialsProviderError', 'Could not load credentials from any providers'), 'no_credentials'],
  [aws('CredentialsProviderError', 'Could not resolve credentials using profile: [x]'), 'unknown_profile'],
  [
    aws('CredentialsProviderError', 'The SSO session associated with this profile has expired'),
    'expired_token',
  ],
  [aws('ExpiredToken'), 'expired_token'],
  [aws('RequestExpired', 'Request has expired.'), 'expired_token'],
  [
    aws('RequestExpired', 'Request has expired. Timestamp date is 20250101T000000Z. Current date is 2025'),
    'clock_skew',
  ],
  [aws('AuthFailure', 'AWS was not able to validate the provided access credentials'), 'bad_credentials'],
  [aws('SignatureDoesNotMatch', 'Signature expired: 2025 is now earlier than 2026'), 'clock_skew'],
  [aws('RequestTimeTooSkewed'), 'clock_skew'],
  [aws('Error', 'getaddrinfo ENOTFOUND ec2.eu-cantral-1.amazonaws.com'), 'wrong_region'],
  [aws('Error', 'connect ECONNREFUSED 127.0.0.1:5000'), 'unreachable'],
  [aws('UnauthorizedOperation', 'You are not authorized to perform this operation.'), 'unauthorised'],
  [aws('InvalidAMIID.NotFound', "The image id '[ami-0ff]' does not exist"), 'unknown_image'],
  [aws('VPCIdNotSpecified'), 'no_default_vpc'],
  [aws('VcpuLimitExceeded'), 'quota'],
  [aws('SecurityGroupLimitExceeded'), 'quota'],
  [aws('RequestLimitExceeded', 'Request limit exceeded.'), 'throttled'],
  [aws('InsufficientInstanceCapacity'), 'no_capacity'],
  [aws('InvalidSubnetID.NotFound', "The subnet ID 'subnet-1' does not exist"), 'unknown_subnet'],
  [aws('InvalidGroup.NotFound', "The security group 'sg-1' does not exist"), 'unknown_security_group'],
  [aws('InvalidKeyPair.NotFound', "The key pair 'k' does not exist"), 'unknown_key_pair'],
  [
    aws(
      'InvalidParameterValue',
      'Value (x) for parameter iamInstanceProfile.name is invalid. Invalid IAM Instance Profile name',
    ),
    'unknown_instance_profile',
  ],
  [aws('InvalidParameterValue'), 'refused'],
  [aws('Unsupported'), 'unsupported'],
  [aws('OptInRequired', 'you need to accept terms and subscribe'), 'terms_not_accepted'],
  [aws('OptInRequired'), 'region_not_enabled'],
  [aws('SomethingNew'), 'failed'],
];

await tap.test('what AWS says becomes a code, the cause and a next step', async (t) => {
  for (const [error, code] of TABLE) {
    const result = seen(error);
    t.equal(result.code, `ec2.${code}`, `${error.name}: ${error.message}`);
    t.equal(result.kind, 'infrastructure');
    t.ok(result.hint);
    t.match(result.message, /^could not start a machine: /);
    t.match(result.details[0], error.name === 'Error' ? error.message : `RunInstances: ${error.name}`);
  }
});

await tap.test('an operation that is not allowed names the IAM action', async (t) => {
  const text =
    'You are not authorized to perform this operation. User: arn:aws:iam::1:user/jo is not authorized to perform: iam:PassRole on resource: arn:x';
  t.match(seen(aws('UnauthorizedOperation', text)).message, /arn:aws:iam::1:user\/jo may not iam:PassRole/);
  t.match(seen(aws('UnauthorizedOperation', 'no')).message, /may not ec2:RunInstances/);
});

await tap.test(
  'capacity, limits and offers make the next type worth a try; other errors do not',
  async (t) => {
    for (const name of [
      'InsufficientInstanceCapacity',
      'SpotMaxPriceTooLow',
      'Unsupported',
      'VcpuLimitExceeded',
    ])
      t.ok(isCapacityError(aws(name)), name);
    for (const name of ['UnsupportedOperation', 'UnauthorizedOperation', 'InvalidAMIID.NotFound'])
      t.notOk(isCapacityError(aws(name)), name);
  },
);

await tap.test('a missing instance profile is named, in the words of EC2 and of the local endpoint', (t) => {
  for (const text of [
    'Value (ssm) for parameter iamInstanceProfile.name is invalid. Invalid IAM Instance Profile name',
    'Value for parameter iamInstanceProfile.name is invalid. Invalid IAM Instance Profile name: Instance Profile ssm not found',
  ]) {
    const error = toEc2Error(aws('InvalidParameterValue', text), {
      operation: 'RunInstances',
      doing: 'x',
      region: 'r',
    });
    t.match(error, { message: /there is no instance profile ssm$/ });
  }
  t.end();
});

await tap.test('an abort stays one', async (t) => {
  const abort = aws('AbortError');
  t.equal(toEc2Error(abort, AT), abort);
});
