import { z } from 'zod';
import { clientSource } from '../../src/core/client-source.ts';
import { unneeded, unsupported } from '../../src/core/option-status.ts';
import { driverConcurrency, timeSpan } from '../../src/core/option-values.ts';
import { UNNEEDED, UNSUPPORTED } from './known-options.ts';
import * as v from './values.ts';

const id = (prefix: string) =>
  z.string().regex(new RegExp(`^${prefix}-[0-9a-z]+$`), `is not an id: write ${prefix}-0123456789abcdef0`);

const seconds = z.coerce.number().nonnegative();

const unneededOptions = Object.fromEntries(
  Object.entries(UNNEEDED).map(([key, why]) => [key, unneeded(why)]),
);
const unsupportedOptions = Object.fromEntries(
  Object.entries(UNSUPPORTED).map(([key, instead]) => [key, unsupported(instead)]),
);

/** The options as a kitchen.yml writes them, those of kitchen-ec2 first. */
export const Options = z.strictObject({
  region: z
    .string()
    .regex(/^[a-z]{2}(?:-[a-z]+)+-\d$/, 'is not a region: write eu-central-1')
    .optional()
    .describe('default: AWS_REGION, the region of the profile, else us-east-1'),
  availability_zone: z.string().optional().describe('eu-central-1a, or its last letter'),
  shared_credentials_profile: z.string().optional().describe('profile of ~/.aws; default: AWS_PROFILE'),
  image_id: id('ami').optional().describe('default: the newest image of the platform'),
  image_search: v.filters.optional().describe('filters of DescribeImages; the newest found is taken'),
  instance_type: v.texts
    .optional()
    .describe('or several, tried in turn; default: t3.micro, t4g.micro for arm64'),
  ebs_optimized: z.boolean().optional().describe('true: bandwidth of its own to the volumes'),
  block_device_mappings: v.blockDevices.optional().describe('volumes; default: those of the image'),
  aws_ssh_key_id: z
    .string()
    .optional()
    .describe('a key pair of yours; _disable: none; default: AWS_SSH_KEY_ID, else one made for the run'),
  aws_ssh_key_type: z
    .enum(['ed25519', 'rsa'])
    .optional()
    .describe('of the key that is made; default: ed25519'),
  security_group_ids: v.texts.optional().describe('default: a group made for the run'),
  security_group_filter: v.groupFilters.optional().describe('groups found by name or tag and value'),
  security_group_cidr_ip: v.cidrs
    .optional()
    .describe("who may reach the group that is made; default: the caller's own address"),
  subnet_id: id('subnet').optional().describe('default: one of the default VPC'),
  subnet_filter: v.subnetFilters
    .optional()
    .describe('by tag and value; the one with most free addresses is taken'),
  private_ip_address: z.ipv4().optional().describe('default: chosen by AWS'),
  associate_public_ip: z.boolean().optional().describe('default: what the subnet says'),
  associate_ipv6: z.boolean().optional().describe('true: an IPv6 address, too'),
  elastic_network_interface_id: id('eni').optional().describe('a second network interface of yours'),
  interface: z
    .enum(['dns', 'public', 'private', 'private_dns', 'id'])
    .optional()
    .describe('address that is connected to; default: dns, public, private, the first there is'),
  user_data: z.string().optional().describe('a script or cloud-config, or the file that holds it'),
  iam_profile_name: z.string().optional().describe('instance profile of the machine'),
  metadata_options: v.metadataOptions.optional().describe('http_tokens: required unless given'),
  placement: v.placement.optional().describe('group, host, partition, …'),
  tenancy: z.enum(['default', 'dedicated', 'host']).optional().describe('as placement.tenancy'),
  licenses: v.licenses.optional().describe('license_configuration_arn of each'),
  instance_initiated_shutdown_behavior: z
    .enum(['stop', 'terminate', ''])
    .optional()
    .describe('default: terminate, so that a machine past its time ends itself'),
  tags: v.tags.optional().describe('on everything that is made, beside those of Galley'),
  spot_price: z
    .union([z.number().positive(), z.string().regex(/^(?:on-demand|\d*\.?\d+)$/, 'is a price or on-demand')])
    .optional()
    .describe('spot instances at this price at most; on-demand: without a limit of your own'),
  spot_wait: seconds.optional().describe('seconds to try for a spot instance; default: 60'),
  spot_fallback: z.boolean().optional().describe('false: no on-demand instance when there is no spot one'),
  retry_limit: z.coerce
    .number()
    .int()
    .nonnegative()
    .optional()
    .describe('tries of a request after the first; default: 8'),
  retryable_tries: z.coerce
    .number()
    .int()
    .positive()
    .optional()
    .describe('with retryable_sleep: how long is waited; default: 60'),
  retryable_sleep: seconds
    .optional()
    .describe('seconds; retryable_tries × this is waited for a machine; default: 5'),
  http_proxy: z.url().optional().describe('for requests to AWS; default: HTTPS_PROXY, HTTP_PROXY'),
  ssl_verify_peer: z.boolean().optional().describe('false: certificates of AWS are not verified'),
  delete_on_termination: z
    .boolean()
    .optional()
    .describe('for volumes that do not say so themselves; default: true'),
  allocate_dedicated_host: z
    .boolean()
    .optional()
    .describe('true, with tenancy: host: a host is allocated when none of this kitchen has room'),
  deallocate_dedicated_host: z
    .boolean()
    .optional()
    .describe('false: destroy leaves the allocated host for the next run, until it expires; default: true'),
  use_instance_connect: z
    .boolean()
    .optional()
    .describe('true: EC2 Instance Connect lets the key in before each login, no key pair is made'),
  instance_connect_endpoint_id: id('eice')
    .optional()
    .describe(
      'with use_instance_connect: ssh goes through this endpoint, by the AWS command line; default: one of the VPC for machines without a public address',
    ),
  instance_connect_max_tunnel_duration: z.coerce
    .number()
    .int()
    .min(1)
    .max(3600)
    .optional()
    .describe('seconds; default: 3600'),
  use_ssm_session_manager: z
    .boolean()
    .optional()
    .describe(
      'true: ssh goes through a session of SSM, by the AWS command line and its plugin; transport: {name: ssm} needs neither',
    ),
  ssm_session_manager_document_name: z
    .string()
    .min(1)
    .optional()
    .describe('document of the session; default: AWS-StartSSHSession'),
  endpoint: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('of the EC2 API; default: AWS_ENDPOINT_URL'),
  ssh_port: z.coerce.number().int().min(1).max(65535).optional().describe('port of the sshd; default: 22'),
  status_checks: z.boolean().optional().describe('true: wait also until both status checks passed'),
  lock_images: z
    .boolean()
    .optional()
    .describe('true: the images found are written to galley-images.lock.json and kept'),
  client: clientSource.optional().describe('the Chef or Cinc client: from, url, product, version, image'),
  expires: timeSpan
    .optional()
    .describe('after this time the machine ends itself and gc removes it; default: 24h'),
  prices: z
    .record(z.string(), z.number().nonnegative())
    .optional()
    .describe('price of an hour by instance type, for the estimate of --dry-run'),
  init: z
    .literal('systemd', { error: 'is systemd on machines of EC2, or what their image has: leave it out' })
    .optional()
    .describe('systemd, as the driver docker has it: these machines boot it anyway'),
  max_instances: z.coerce
    .number()
    .int()
    .positive()
    .optional()
    .describe('machines that exist at once; default: no limit'),
  concurrency: driverConcurrency,
  ...unneededOptions,
  ...unsupportedOptions,
});
