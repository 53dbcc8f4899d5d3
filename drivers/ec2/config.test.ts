import tap from 'tap';
import { z } from 'zod';
import { optionStatus } from '../../src/core/option-status.ts';
import { zodIssuesToErrors } from '../../src/core/zod-issues.ts';
import { Ec2Config } from './config.ts';
import { Options } from './options.ts';

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
  t.match(problems({ use_ssm_session_manager: true })[0], /transport: \{name: ssm\}/);
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
