import tap from 'tap';
import { parseAwsFiles } from './aws-files.ts';
import { type AwsFacts, judgeCredentials, judgeEndpoint, judgeRegion } from './judge-aws.ts';

const SECRET = 'pl4nted/secret+key';
const CREDENTIALS = `[default]
aws_access_key_id = AKIAPLANTED
aws_secret_access_key = ${SECRET}
[team.a]
aws_access_key_id=AKIAPLANTED2
aws_secret_access_key=${SECRET}
aws_session_token=${SECRET}
`;
const CONFIG = `[default]
region = eu-west-1
s3 =
  max_concurrent_requests = 20
[profile deploy]
role_arn = arn:aws:iam::1:role/deploy
source_profile = team.a
[profile sso]
sso_session = corp
[profile old-sso]
sso_start_url = https://x.example/start
[sso-session corp]
sso_start_url = https://x.example/start
[profile a]
role_arn = x
source_profile = b
[profile b]
role_arn = x
source_profile = a
[profile lonely]
role_arn = x
[profile process]
credential_process = /opt/get --token ${SECRET}
[profile token]
role_arn = x
web_identity_token_file = /nowhere/token
[profile empty]
region = eu-north-1
`;
const NOW = Date.parse('2026-11-21T12:00:00Z');

function facts(change: Partial<AwsFacts> = {}): AwsFacts {
  return {
    env: {},
    files: parseAwsFiles(CREDENTIALS, CONFIG),
    profile: undefined,
    region: undefined,
    tokenEnds: () => undefined,
    fileExists: () => false,
    isEc2: false,
    now: NOW,
    ...change,
  };
}
const noFiles = parseAwsFiles('', '');
const keys = { AWS_ACCESS_KEY_ID: 'AKIAPLANTED', AWS_SECRET_ACCESS_KEY: SECRET };

await tap.test('the source is the one that the standard chain would take', async (t) => {
  const cases: readonly (readonly [Partial<AwsFacts>, string, RegExp])[] = [
    [{}, 'ok', /profile default: keys in the file$/],
    [{ env: keys }, 'ok', /keys in the environment$/],
    [{ env: { ...keys, AWS_SESSION_TOKEN: SECRET } }, 'ok', /environment, temporary/],
    [{ env: { ...keys, AWS_PROFILE: 'team.a' } }, 'ok', /profile team\.a: keys in the file, temporary/],
    [{ profile: 'deploy' }, 'ok', /profile deploy → team\.a: keys/],
    [{ profile: 'process' }, 'ok', /a program of yours/],
    [{ files: noFiles, isEc2: true }, 'ok', /role of this EC2 machine/],
    [{ files: noFiles, env: { AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: '/x' } }, 'ok', /container/],
    [{ profile: 'token', fileExists: () => true }, 'ok', /token in \/nowhere\/token/],
  ];
  for (const [change, status, message] of cases) {
    t.match(judgeCredentials(facts(change)), { status, message }, String(message));
  }
});

await tap.test('what is missing is said with the command that mends it', async (t) => {
  const cases: readonly (readonly [Partial<AwsFacts>, RegExp, RegExp])[] = [
    [{ profile: 'nobody' }, /no profile 'nobody'/, /known profiles: default, deploy/],
    [{ env: { AWS_ACCESS_KEY_ID: 'AKIAPLANTED' } }, /half a key/, /AWS_SECRET_ACCESS_KEY/],
    [{ files: noFiles }, /none in the environment/, /aws configure/],
    [{ files: noFiles, isEc2: true, env: { AWS_EC2_METADATA_DISABLED: 'true' } }, /no role/, /aws configure/],
    [{ profile: 'sso' }, /nobody is signed in/, /aws sso login --profile sso/],
    [{ profile: 'a' }, /a → b → a: the profiles name each other/, /source_profile/],
    [{ profile: 'lonely' }, /without source_profile/, /\.aws\/config/],
    [{ profile: 'token' }, /no token in \/nowhere\/token/, /AWS_WEB_IDENTITY_TOKEN_FILE/],
    [{ profile: 'empty' }, /has no credentials/, /aws configure --profile empty/],
  ];
  for (const [change, message, fix] of cases) {
    t.match(judgeCredentials(facts(change)), { status: 'fail', message, fix }, String(message));
  }
});

await tap.test('a sign-in is judged by its end', async (t) => {
  const judged = (minutes: number, profile = 'sso') =>
    judgeCredentials(facts({ profile, tokenEnds: () => NOW + minutes * 60_000 }));
  t.equal(judged(300).status, 'ok');
  t.equal(judged(300, 'old-sso').status, 'ok');
  t.match(judged(10), { status: 'warn', message: /ends in 10 minutes/ });
  t.match(judged(-1), { status: 'fail', message: /expired/ });
});

await tap.test('the region comes from the kitchen, the environment or the profile', async (t) => {
  t.match(judgeRegion(facts({ region: 'us-east-1' })), {
    status: 'ok',
    message: /us-east-1, from the kitchen/,
  });
  t.match(judgeRegion(facts({ env: { AWS_REGION: 'us-east-2' } })), { status: 'ok', message: /AWS_REGION/ });
  t.match(judgeRegion(facts()), { status: 'ok', message: /eu-west-1, from the profile default/ });
  t.match(judgeRegion(facts({ env: { AWS_PROFILE: 'empty' } })), { message: /eu-north-1/ });
  t.match(judgeRegion(facts({ profile: 'sso' })), {
    status: 'warn',
    message: /^us-east-1/,
    fix: /driver\.region/,
  });
});

await tap.test('an endpoint that is not AWS is told, with where it is said', async (t) => {
  const local = { AWS_ENDPOINT_URL: 'http://127.0.0.1:1' };
  t.same(judgeEndpoint({}, undefined), []);
  t.match(judgeEndpoint(local, undefined), [{ status: 'ok', message: /^http:.*1, from AWS_ENDPOINT_URL:/ }]);
  t.match(judgeEndpoint({ ...local, AWS_ENDPOINT_URL_EC2: 'http://b' }, undefined), [
    { message: /^http:\/\/b, from AWS_ENDPOINT_URL_EC2:/ },
  ]);
  t.match(judgeEndpoint(local, 'http://c'), [{ message: /^http:\/\/c, from the kitchen/ }]);
});

await tap.test('no value of a key is ever in a finding', async (t) => {
  const profiles = [undefined, ...facts().files.profiles.keys()];
  const all = profiles.flatMap((profile) =>
    [{}, keys].map((env) => judgeCredentials(facts({ profile, env }))),
  );
  t.equal(all.length, profiles.length * 2);
  t.notMatch(JSON.stringify(all), /pl4nted|AKIAPLANTED/);
});
