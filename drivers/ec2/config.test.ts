import tap from 'tap';
import { z } from 'zod';
import { optionStatus } from '../../src/core/option-status.ts';
import { zodIssuesToErrors } from '../../src/core/zod-issues.ts';
import { Ec2Config } from './config.ts';
import { serviceUrl } from './instance-connect.ts';
import { Options } from './options.ts';
import { tunnelCommand } from './tunnel.ts';

/** Options of kitchen-ec2 3.23. */
const PEER =
  `region availability_zone shared_credentials_profile aws_ssh_key_id aws_ssh_key_type instance_type image_id
image_search ebs_optimized block_device_mappings security_group_ids security_group_filter security_group_cidr_ip subnet_id
subnet_filter tags user_data iam_profile_name private_ip_address associate_public_ip associate_ipv6 interface
elastic_network_interface_id metadata_options spot_price spot_wait block_duration_minutes
instance_initiated_shutdown_behavior retryable_tries retryable_sleep retry_limit tenancy allocate_dedicated_host
deallocate_dedicated_host placement licenses http_proxy ssl_verify_peer use_instance_connect instance_connect_endpoint_id
instance_connect_max_tunnel_duration use_ssm_session_manager ssm_session_manager_document_name skip_cost_warning
delete_on_termination`.split(/\s+/);

const problems = (config: object): readonly string[] => {
  const result = Ec2Config.safeParse(config);
  if (result.success) return [];
  const context = { locate: () => undefined, pathPrefix: ['driver'], schema: Ec2Config, value: config };
  return zodIssuesToErrors(result.error.issues, context).map((one) =>
    [one.message, one.expected, one.got, one.hint].join(' | '),
  );
};

await tap.test('every option of kitchen-ec2 is known', async (t) => {
  const known = Object.keys(Options.shape);
  t.same(
    PEER.filter((key) => !known.includes(key)),
    [],
  );
});

/** Its defaults that are a value (lib/kitchen/driver/ec2.rb, default_config); all others are none, or by the environment. */
const PEER_DEFAULTS = {
  ebs_optimized: false,
  delete_on_termination: true,
  security_group_cidr_ip: '0.0.0.0/0',
  tags: { 'created-by': 'test-kitchen' },
  retryable_tries: 60,
  retryable_sleep: 5,
  spot_wait: 60,
  aws_ssh_key_type: 'rsa',
  retry_limit: 3,
  tenancy: 'default',
  ssl_verify_peer: true,
  skip_cost_warning: false,
  allocate_dedicated_host: false,
  deallocate_dedicated_host: false,
  use_instance_connect: false,
  instance_connect_max_tunnel_duration: 3600,
  use_ssm_session_manager: false,
} as const;
/** Defaults of ours that are others, and why. */
const OTHER_DEFAULTS: Readonly<Record<string, string>> = {
  security_group_cidr_ip: 'open to everybody',
  tags: 'they name the tool',
  aws_ssh_key_type: 'ed25519',
  retry_limit: 'a fleet is throttled',
  tenancy: 'is not said, which is the same to AWS',
  deallocate_dedicated_host: 'a host that stays goes on to cost',
};

await tap.test(
  'an option that is not written means what it means to kitchen-ec2, or is listed',
  async (t) => {
    const surroundings: Readonly<Record<string, object>> = {
      spot_wait: { spot_price: 0.1 },
      instance_connect_max_tunnel_duration: { use_instance_connect: true },
      delete_on_termination: { block_device_mappings: [{ device_name: '/dev/sdf', ebs: {} }] },
      deallocate_dedicated_host: {
        allocate_dedicated_host: true,
        tenancy: 'host',
        availability_zone: 'a',
      },
    };
    const others = Object.entries(PEER_DEFAULTS).filter(([option, value]) => {
      const around = surroundings[option] ?? {};
      const unsaid = JSON.stringify(Ec2Config.parse(around));
      return JSON.stringify(Ec2Config.parse({ ...around, [option]: value })) !== unsaid;
    });
    t.same(
      others.map(([option]) => option),
      Object.keys(OTHER_DEFAULTS),
    );
  },
);

await tap.test('every option says what it does', async (t) => {
  const silent = Object.entries(Options.shape).filter(([, schema]) => {
    const inner = schema as z.ZodType;
    const status = optionStatus(inner);
    return status.text === undefined && !inner.safeParse(false).success;
  });
  t.same(
    silent.map(([key]) => key),
    [],
  );
});

await tap.test('unsafe defaults of kitchen-ec2 are not those here', async (t) => {
  const config = Ec2Config.parse({});
  t.equal(config.cidrs, undefined, 'not 0.0.0.0/0');
  t.equal(config.metadata['http_tokens'], 'required');
  t.equal(config.shutdown, 'terminate');
  t.equal(config.keyType, 'ed25519');
  t.equal(
    Ec2Config.parse({ metadata_options: { http_tokens: 'optional' } }).metadata['http_tokens'],
    'optional',
  );
});

await tap.test('what kitchen-ec2 lets pass or dies of is said', async (t) => {
  t.match(problems({ security_group_filter: {} })[0], /needs a name or a tag/);
  t.match(problems({ aws_access_key_id: 'x' })[0], /shared_credentials_profile/);
  t.match(problems({ image_id: 'ami-1', image_search: { name: 'x' } })[0], /no effect beside image_id/);
  t.match(problems({ placement: { group_id: 'a', group_name: 'b' } })[0], /write one of them/);
  t.match(problems({ region: 'europe' })[0], /is not a region/);
  t.match(problems({ security_group_cidr_ip: '1.2.3.4' })[0], /address range/);
  t.match(
    problems({ use_ssm_session_manager: true, use_instance_connect: true })[0],
    /contradicts use_instance_connect/,
  );
  t.match(problems({ instance_connect_endpoint_id: 'x' })[0], /is not an id: write eice-/);
  t.match(problems({ instance_connect_max_tunnel_duration: 3601 })[0], /3600/);
  const host = { allocate_dedicated_host: true, tenancy: 'host', availability_zone: 'a' };
  t.same(problems({ ...host, deallocate_dedicated_host: false }), []);
  t.match(problems({ ...host, tenancy: 'default' })[0], /without tenancy: host/);
  t.match(problems({ ...host, availability_zone: undefined })[0], /needs availability_zone/);
  t.match(problems({ ...host, placement: { host_id: 'h-1' } })[0], /names a host/);
  t.match(problems({ ...host, spot_price: 0.1 })[0], /contradicts spot_price/);
  t.match(problems({ tags: { 'aws:x': '1' } })[0], /belong to AWS/);
  t.match(problems({ client: { from: 'url' } })[0], /has no url/);
  t.equal(problems({ use_ssm_session_manager: false, allocate_dedicated_host: false }).length, 0);
  t.ok(
    problems({ block_device_mappings: [{ device_name: '/dev/sda1', ebs: { volume_type: 'gp9' } }] }).length,
  );
});

await tap.test('one or several', async (t) => {
  t.same(Ec2Config.parse({ instance_type: 't3.micro' }).instanceTypes, ['t3.micro']);
  t.same(Ec2Config.parse({ security_group_ids: 'sg-1', subnet_filter: { tag: 'a', value: 1 } }), {
    ...Ec2Config.parse({}),
    securityGroupIds: ['sg-1'],
    subnetFilters: [{ tag: 'a', value: '1' }],
  });
  t.same(Ec2Config.parse({ tags: { a: null, b: 3 } }).tags, { a: '', b: '3' });
  t.same(Ec2Config.parse({ image_search: { name: 'x*', 'owner-id': 123 } }).imageSearch, {
    name: ['x*'],
    'owner-id': ['123'],
  });
});

await tap.test('the command that leads to a machine without an address, as kitchen-ec2 has it', async (t) => {
  const at = { instanceId: 'i-1', region: 'eu-west-1', profile: 'my team' };
  const command = (settings: object) => tunnelCommand(Ec2Config.parse(settings), at);
  t.equal(command({}), undefined);
  t.equal(command({ use_instance_connect: true }), undefined, 'its address does');
  t.equal(
    command({ use_ssm_session_manager: true, ssm_session_manager_document_name: 'Mine' }),
    "aws ssm start-session --target i-1 --document-name Mine --region eu-west-1 --profile 'my team'",
  );
  t.match(
    command({ use_ssm_session_manager: true }),
    /--document-name AWS-StartSSHSession --parameters portNumber=%p/,
    'a session without it is a shell',
  );
  t.match(
    command({ use_instance_connect: true, instance_connect_endpoint_id: 'eice-1' }),
    /--instance-connect-endpoint-id eice-1 --max-tunnel-duration 3600 /,
  );
});

await tap.test(
  'EC2 Instance Connect is not asked at the address of EC2, unless all is on this machine',
  async (t) => {
    t.equal(serviceUrl({}, undefined), undefined);
    t.equal(serviceUrl({}, 'https://vpce-1.ec2.eu-west-1.vpce.amazonaws.com'), undefined);
    t.equal(serviceUrl({}, 'http://127.0.0.1:4000'), 'http://127.0.0.1:4000');
    t.equal(serviceUrl({ AWS_ENDPOINT_URL: 'http://a' }, 'http://127.0.0.1:4000'), 'http://a');
    t.equal(
      serviceUrl(
        { AWS_ENDPOINT_URL: 'http://a', AWS_ENDPOINT_URL_EC2_INSTANCE_CONNECT: 'http://b' },
        undefined,
      ),
      'http://b',
    );
  },
);
