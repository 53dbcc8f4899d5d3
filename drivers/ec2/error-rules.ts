/** What was being done when AWS refused. */
export interface Attempted {
  /** Name of the API operation, `RunInstances`. */
  readonly operation: string;
  /** `start a machine for web-debian-12` */
  readonly doing: string;
  readonly region: string;
  /** Profile and endpoint, when the kitchen or the environment names one. */
  readonly profile?: string | undefined;
  readonly endpoint?: string | undefined;
}

interface Explained {
  /** Last part of the code, after `ec2.`. */
  readonly code: string;
  readonly message: string;
  readonly hint: string;
}

interface Rule {
  /** Against the error's code, or its name. */
  readonly name?: RegExp;
  /** Against its message; both must match when both are given. */
  readonly text?: RegExp;
  readonly explain: (attempted: Attempted, text: string) => Explained;
}

const profileOf = ({ profile }: Attempted): string =>
  profile === undefined ? 'the default credentials' : `the profile ${profile}`;

/** The first that matches counts. */
export const RULES: readonly Rule[] = [
  {
    name: /^(?:NotAws|HPE_\w+)$/,
    explain: (at) => notAws(at),
  },
  { text: /XML parse error|Deserialization error/, explain: (at) => notAws(at) },
  {
    name: /^ERR_PROXY_TUNNEL$/,
    explain: ({ region }) => ({
      code: 'unreachable',
      message: `the proxy does not let through to EC2 in ${region}`,
      hint: 'look at http_proxy:, HTTPS_PROXY and NO_PROXY; a proxy that wants a login has it in its address',
    }),
  },
  {
    text: /Region not accepted|not a valid hostname component/,
    explain: ({ region }) => ({
      code: 'wrong_region',
      message: `${JSON.stringify(region)} is not the name of a region`,
      hint: 'write region: eu-central-1, or correct AWS_REGION',
    }),
  },
  {
    name: /^CredentialsProviderError$/,
    text: /multi-factor|MFA/,
    explain: ({ profile }) => ({
      code: 'mfa_needed',
      message: `${profile === undefined ? 'the profile' : `the profile ${profile}`} wants a code of a second factor, which nobody can type here`,
      hint: 'get a session with the AWS command line first: eval "$(aws configure export-credentials --format env)"',
    }),
  },
  {
    name: /^CredentialsProviderError$/,
    text: /profile .* (?:could not be found|not found)|could not resolve credentials using profile/i,
    explain: ({ profile }) => emptyProfile(profile),
  },
  {
    name: /^(CredentialsProviderError|TokenProviderError)$/,
    text: /sso|token.*expired|refresh/i,
    explain: ({ profile }) => ({
      code: 'expired_token',
      message: 'the sign-in at AWS is over',
      hint: `\`aws sso login${profile === undefined ? '' : ` --profile ${profile}`}\` signs in again`,
    }),
  },
  {
    name: /^(CredentialsProviderError|MissingAuthenticationToken)$/,
    // Of a profile that nobody has written the SDK says no more than of none.
    explain: ({ profile }) =>
      profile !== undefined
        ? emptyProfile(profile)
        : {
            code: 'no_credentials',
            message: 'there are no AWS credentials',
            hint: 'set AWS_PROFILE or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or write shared_credentials_profile:',
          },
  },
  {
    name: /^(RequestTimeTooSkewed|RequestInTheFuture)$|Skew/i,
    explain: () => clockSkew(),
  },
  // EC2 says RequestExpired of a session that is over, too, but then it tells no times.
  { name: /^RequestExpired$/, text: /timestamp date is/i, explain: () => clockSkew() },
  { text: /signature expired|not yet current|clock|too skewed/i, explain: () => clockSkew() },
  {
    name: /^(ExpiredToken|ExpiredTokenException|RequestExpired|InvalidToken)$/,
    explain: (at) => ({
      code: 'expired_token',
      message: `${profileOf(at)} had a session that is over`,
      hint: 'sign in again (`aws sso login`, or whatever gives you the session), then run the command again',
    }),
  },
  {
    name: /^(InvalidClientTokenId|SignatureDoesNotMatch|AuthFailure|UnrecognizedClientException|IncompleteSignature)$/,
    explain: (at) => ({
      code: 'bad_credentials',
      message: `AWS does not accept ${profileOf(at)} in ${at.region}`,
      hint: 'check key and secret, whether the region is enabled for the account, and the clock of this machine',
    }),
  },
  {
    name: /^OptInRequired$/,
    text: /marketplace|accept terms|subscribe/i,
    explain: () => ({
      code: 'terms_not_accepted',
      message: 'the image is sold on the AWS Marketplace and its terms were not accepted',
      hint: 'accept them once on the page that the message names, or choose another image with image_id:',
    }),
  },
  {
    name: /^OptInRequired$/,
    explain: ({ region }) => ({
      code: 'region_not_enabled',
      message: `the account is not signed up for EC2 in ${region}`,
      hint: 'enable the region in the account settings, or write another region:',
    }),
  },
  {
    name: /^(UnauthorizedOperation|AccessDenied|AccessDeniedException|Client\.UnauthorizedOperation)$/,
    explain: (at, text) => {
      const action =
        missingAction(text) ?? (at.operation.includes(':') ? at.operation : `ec2:${at.operation}`);
      const who = /User: (\S+)/.exec(text)?.[1];
      return {
        code: 'unauthorised',
        message: `${who ?? profileOf(at)} may not ${action}`,
        hint: `add ${action} to its policy; docs/ec2.md has the whole policy that is needed`,
      };
    },
  },
  {
    name: /^EC2Instance(NotFound|StateInvalid|Unavailable)Exception$/,
    explain: ({ region }) => ({
      code: 'not_running',
      message: `EC2 Instance Connect finds no such machine that runs in ${region}`,
      hint: 'it was stopped or has ended: galley destroy, then create makes it anew',
    }),
  },
  {
    name: /^InvalidAMIID\.(NotFound|Malformed|Unavailable)$/,
    explain: ({ region }, text) => ({
      code: 'unknown_image',
      message: `there is no image ${/ami-\w+/.exec(text)?.[0] ?? ''} in ${region}`.replace('  ', ' '),
      hint: 'ids of images differ from region to region: correct image_id: or region:',
    }),
  },
  {
    name: /^(VPCIdNotSpecified|DefaultVpcDoesNotExist|MissingInput)$/,
    explain: ({ region }) => ({
      code: 'no_default_vpc',
      message: `the account has no default VPC in ${region}`,
      hint: 'write subnet_id: or subnet_filter:, or make one with `aws ec2 create-default-vpc`',
    }),
  },
  {
    name: /^(InvalidSubnetID|InvalidSubnet)\./,
    explain: ({ region }, text) => notThere('subnet', 'subnet_id:', text, region),
  },
  {
    name: /^InvalidGroup(Id)?\.|^InvalidSecurityGroupID\./,
    explain: ({ region }, text) => notThere('security group', 'security_group_ids:', text, region),
  },
  {
    name: /^InvalidKeyPair\.NotFound$/,
    explain: ({ region }, text) => notThere('key pair', 'aws_ssh_key_id:', text, region),
  },
  {
    text: /Invalid IAM Instance Profile/i,
    explain: (_, text) => ({
      code: 'unknown_instance_profile',
      message: `there is no instance profile ${/Value \(([^)]+)\)|Instance Profile (?:name:? )?(\S+) not found/i.exec(text)?.slice(1).find(Boolean) ?? 'of this name'}`,
      hint: 'iam_profile_name: is the name of an instance profile, not that of a role',
    }),
  },
  {
    name: /^(VcpuLimitExceeded|InstanceLimitExceeded|MaxSpotInstanceCountExceeded)$/,
    explain: ({ region }) => ({
      code: 'quota',
      message: `the account may not have more machines of this kind in ${region}`,
      hint: 'galley gc removes forgotten ones; --concurrency or max_instances: makes fewer at once; Service Quotas raises the limit',
    }),
  },
  {
    name: /(LimitExceeded|QuotaExceeded|ResourceCountExceeded)$/,
    text: /^(?!.*request limit)/i,
    explain: ({ region }) => ({
      code: 'quota',
      message: `a limit of the account is reached in ${region}`,
      hint: 'galley gc removes what was forgotten; Service Quotas raises the limit',
    }),
  },
  {
    name: /^(InsufficientInstanceCapacity|InsufficientHostCapacity|InsufficientCapacityOnHost|InsufficientCapacity|InsufficientReservedInstanceCapacity|SpotMaxPriceTooLow|InsufficientFreeAddressesInSubnet)$/,
    explain: ({ region }) => ({
      code: 'no_capacity',
      message: `AWS has no such machine to give in ${region} now`,
      hint: 'list further types under instance_type:, leave availability_zone: out, or try again later',
    }),
  },
  {
    name: /^(Unsupported|UnsupportedOperation)$/,
    explain: ({ region }) => ({
      code: 'unsupported',
      message: `AWS does not offer this combination in ${region}`,
      hint: 'choose another instance_type: or availability_zone:',
    }),
  },
  {
    name: /^(RequestLimitExceeded|Throttling|ThrottlingException|TooManyRequestsException)$/,
    explain: () => ({
      code: 'throttled',
      message: 'AWS refuses further requests for now (throttling)',
      hint: 'run with less --concurrency, or raise retry_limit:',
    }),
  },
  {
    name: /^(InvalidParameter|InvalidParameterValue|InvalidParameterCombination|MissingParameter|InvalidBlockDeviceMapping|ValidationError)/,
    explain: () => ({
      code: 'refused',
      message: 'AWS refuses a setting',
      hint: 'the line below says which one; galley explain shows where it comes from',
    }),
  },
  {
    text: /ENOTFOUND|EAI_AGAIN|getaddrinfo/,
    explain: ({ region, endpoint }) => ({
      code: 'wrong_region',
      message: `the address ${endpoint ?? `of EC2 in ${region}`} does not resolve`,
      hint:
        endpoint === undefined
          ? 'is there such a region? Else look at the network and the name servers of this machine'
          : `look at endpoint: or AWS_ENDPOINT_URL: ${endpoint}`,
    }),
  },
  {
    text: /ECONNREFUSED|ECONNRESET|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|socket hang up|TimeoutError/,
    explain: ({ endpoint, region }) => ({
      code: 'unreachable',
      message: `${endpoint ?? `EC2 in ${region}`} cannot be reached`,
      hint: /^http:\/\/(127\.|localhost)/.test(endpoint ?? '')
        ? 'a local endpoint that has ended took its machines along: remove the state files of its instances, .galley/INSTANCE.json'
        : 'look at the network, http_proxy: and AWS_ENDPOINT_URL',
    }),
  },
];

function emptyProfile(profile: string | undefined): Explained {
  return {
    code: 'unknown_profile',
    message: `there are no credentials in the profile ${profile ?? 'that AWS_PROFILE names'}`,
    hint: 'look at ~/.aws/config and ~/.aws/credentials, or correct shared_credentials_profile: and AWS_PROFILE',
  };
}

function notAws({ endpoint, region }: Attempted): Explained {
  return {
    code: 'not_aws',
    message: `what answers at ${endpoint ?? `the address of EC2 in ${region}`} is not EC2`,
    hint: 'a proxy, or a network that wants a login first, answers like this: look at http_proxy:, HTTPS_PROXY and AWS_ENDPOINT_URL',
  };
}

function clockSkew(): Explained {
  return {
    code: 'clock_skew',
    message: 'the clock of this machine is wrong: AWS refuses what it signs',
    hint: 'set the clock (`timedatectl set-ntp true`)',
  };
}

function notThere(what: string, key: string, text: string, region: string): Explained {
  // moto's words for a name are '{'NAME'}'.
  const name = /'(?:\{')?([^'{}]+)'/.exec(text)?.[1];
  return {
    code: `unknown_${what.replaceAll(' ', '_')}`,
    message: `there is no ${what}${name === undefined ? '' : ` ${name}`} in ${region}`,
    hint: `correct ${key} or region:`,
  };
}

/** `perform: ec2:RunInstances on resource` → `ec2:RunInstances`. */
function missingAction(text: string): string | undefined {
  return /perform:? ([a-z0-9-]+:\w+)/i.exec(text)?.[1];
}
