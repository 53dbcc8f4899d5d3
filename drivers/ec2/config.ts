import type { z } from 'zod';
import type { ClientSource } from '../../src/core/client-source.ts';
import { defined } from '../../src/core/defined.ts';
import { Options } from './options.ts';
import type { BlockDevice } from './values.ts';

/** The settings after names were brought together and defaults that depend on nothing else filled in. */
export interface Ec2Config {
  readonly region: string | undefined;
  readonly availabilityZone: string | undefined;
  readonly profile: string | undefined;
  readonly endpoint: string | undefined;
  readonly imageId: string | undefined;
  readonly imageSearch: Readonly<Record<string, readonly string[]>> | undefined;
  readonly lockImages: boolean;
  /** In the order they are tried; empty: by the architecture. */
  readonly instanceTypes: readonly string[];
  readonly ebsOptimized: boolean;
  readonly blockDevices: readonly BlockDevice[];
  /** Undefined: one is made, or the environment names one. */
  readonly keyName: string | undefined;
  readonly keyType: 'ed25519' | 'rsa';
  readonly securityGroupIds: readonly string[] | undefined;
  readonly securityGroupFilters: readonly GroupFilter[] | undefined;
  readonly cidrs: readonly string[] | undefined;
  readonly subnetId: string | undefined;
  readonly subnetFilters: readonly { readonly tag: string; readonly value: string }[] | undefined;
  readonly privateIp: string | undefined;
  readonly publicIp: boolean | undefined;
  readonly ipv6: boolean;
  readonly networkInterfaceId: string | undefined;
  /** Undefined: a key pair lets in. */
  readonly instanceConnect:
    | { readonly endpointId: string | undefined; readonly maxSeconds: number }
    | undefined;
  /** ssh through a session of SSM; undefined: none. */
  readonly sessionManager: { readonly document: string | undefined } | undefined;
  readonly interface: 'dns' | 'public' | 'private' | 'private_dns' | 'id' | undefined;
  readonly sshPort: number;
  readonly userData: string | undefined;
  readonly iamProfile: string | undefined;
  /** With names as the option has them, `http_tokens`. */
  readonly metadata: Readonly<Record<string, string | number>>;
  readonly placement: Readonly<Record<string, string | number>>;
  /** A host is allocated for the machine; undefined: none is. */
  readonly dedicatedHost: { readonly isKept: boolean } | undefined;
  readonly licenses: readonly string[];
  readonly shutdown: 'stop' | 'terminate';
  readonly tags: Readonly<Record<string, string>>;
  readonly spot: Spot | undefined;
  /** Requests are sent this often at most. */
  readonly attempts: number;
  readonly waitMs: number;
  readonly proxy: string | undefined;
  readonly verifiesTls: boolean;
  readonly waitsForStatusChecks: boolean;
  readonly client: ClientSource;
  readonly expiresMs: number | undefined;
  readonly prices: Readonly<Record<string, number>>;
  readonly maxInstances: number | undefined;
  readonly concurrency: number | undefined;
}

export interface GroupFilter {
  readonly name?: string | undefined;
  readonly tag?: string | undefined;
  readonly value?: string | undefined;
}

export interface Spot {
  /** Undefined: up to the price of an on-demand instance. */
  readonly maxPrice: string | undefined;
  readonly waitMs: number;
  readonly fallsBack: boolean;
}

export const Ec2Config: z.ZodType<Ec2Config> = Options.superRefine((o, ctx) => {
  const issue = (path: string, message: string) => ctx.addIssue({ code: 'custom', path: [path], message });
  if (o.image_id !== undefined && o.image_search !== undefined)
    issue('image_search', 'has no effect beside image_id: remove one of them');
  if (o.tenancy !== undefined && o.placement?.tenancy !== undefined && o.tenancy !== o.placement.tenancy)
    issue('tenancy', 'contradicts placement.tenancy: write one of them');
  if (o.use_instance_connect === true && o.use_ssm_session_manager === true)
    issue('use_ssm_session_manager', 'contradicts use_instance_connect: write one of them');
  if (o.allocate_dedicated_host !== true) return;
  if ((o.placement?.tenancy ?? o.tenancy) !== 'host')
    issue('allocate_dedicated_host', 'has no effect without tenancy: host');
  if ((o.availability_zone ?? o.placement?.availability_zone) === undefined)
    issue('allocate_dedicated_host', 'needs availability_zone: a host is in one zone');
  if (o.placement?.host_id !== undefined || o.placement?.host_resource_group_arn !== undefined)
    issue('allocate_dedicated_host', 'contradicts placement, which names a host: write one of them');
  if (o.spot_price !== undefined)
    issue('allocate_dedicated_host', 'contradicts spot_price: AWS has no spot instances on dedicated hosts');
}).transform((o) => ({
  region: o.region,
  availabilityZone: o.availability_zone ?? o.placement?.availability_zone,
  profile: o.shared_credentials_profile,
  endpoint: o.endpoint,
  imageId: o.image_id,
  imageSearch: o.image_search,
  lockImages: o.lock_images ?? false,
  instanceTypes: o.instance_type ?? [],
  ebsOptimized: o.ebs_optimized ?? false,
  blockDevices: (o.block_device_mappings ?? []).map((one) => volume(one, o.delete_on_termination ?? true)),
  keyName: o.aws_ssh_key_id,
  keyType: o.aws_ssh_key_type ?? 'ed25519',
  securityGroupIds: o.security_group_ids,
  securityGroupFilters: o.security_group_filter,
  cidrs: o.security_group_cidr_ip,
  subnetId: o.subnet_id,
  subnetFilters: o.subnet_filter,
  privateIp: o.private_ip_address,
  publicIp: o.associate_public_ip,
  ipv6: o.associate_ipv6 ?? false,
  networkInterfaceId: o.elastic_network_interface_id,
  instanceConnect:
    o.use_instance_connect === true
      ? {
          endpointId: o.instance_connect_endpoint_id,
          maxSeconds: o.instance_connect_max_tunnel_duration ?? 3600,
        }
      : undefined,
  sessionManager:
    o.use_ssm_session_manager === true ? { document: o.ssm_session_manager_document_name } : undefined,
  interface: o.interface,
  sshPort: o.ssh_port ?? 22,
  userData: o.user_data,
  iamProfile: o.iam_profile_name,
  metadata: { http_tokens: 'required', ...defined(o.metadata_options ?? {}) },
  placement: defined({ tenancy: o.tenancy, ...o.placement }),
  dedicatedHost:
    o.allocate_dedicated_host === true ? { isKept: o.deallocate_dedicated_host === false } : undefined,
  licenses: (o.licenses ?? []).map((one) => one.license_configuration_arn),
  shutdown: o.instance_initiated_shutdown_behavior || 'terminate',
  tags: o.tags ?? { 'created-by': 'galley' },
  spot:
    o.spot_price === undefined
      ? undefined
      : {
          maxPrice: o.spot_price === 'on-demand' ? undefined : String(o.spot_price),
          waitMs: (o.spot_wait ?? 60) * 1000,
          fallsBack: o.spot_fallback ?? true,
        },
  attempts: (o.retry_limit ?? 8) + 1,
  waitMs: (o.retryable_tries ?? 60) * (o.retryable_sleep ?? 5) * 1000,
  proxy: o.http_proxy,
  verifiesTls: o.ssl_verify_peer ?? true,
  waitsForStatusChecks: o.status_checks ?? false,
  client: o.client ?? {},
  expiresMs: o.expires,
  prices: o.prices ?? {},
  maxInstances: o.max_instances,
  concurrency: o.concurrency,
}));

/** A volume that outlives its machine is what people find on their bill. */
function volume(device: BlockDevice, goesWithMachine: boolean): BlockDevice {
  if (device.ebs === undefined) return device;
  return { ...device, ebs: { delete_on_termination: goesWithMachine, ...device.ebs } };
}
