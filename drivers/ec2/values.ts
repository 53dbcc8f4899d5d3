import { z } from 'zod';

/** Kinds of values that configs of kitchen-ec2 write in more than one way. Each gives one form. */

const scalar = z.union([z.string(), z.number(), z.boolean()]).transform(String);

/** One text or a list of texts. */
export const texts = z.union([z.string().transform((one) => [one]), z.array(z.string()).min(1)]);

/** Tags; a null is an empty value, as in kitchen-ec2. */
export const tags = z.record(
  z
    .string()
    .max(128, 'a tag key has at most 128 characters')
    .regex(/^(?!aws:)/i, 'tag keys that begin with aws: belong to AWS')
    .regex(/^(?!galley\.)/, 'tag keys that begin with galley. are written by Galley'),
  z.union([scalar, z.null().transform(() => '')]),
);

/** Filters of DescribeImages. */
export const filters = z.record(
  z.string(),
  z.union([scalar.transform((one) => [one]), z.array(scalar).min(1)]),
);

const groupFilter = z
  .strictObject({ name: z.string().optional(), tag: z.string().optional(), value: scalar.optional() })
  .refine(
    (one) => one.name !== undefined || one.tag !== undefined,
    'needs a name or a tag: without, it would take every security group of the region',
  );
/** One filter or a list of them, each of which must find a group. */
export const groupFilters = z.union([groupFilter.transform((one) => [one]), z.array(groupFilter).min(1)]);

const subnetFilter = z.strictObject({ tag: z.string(), value: scalar });
/** One tag or a list of tags that a subnet must all have. */
export const subnetFilters = z.union([subnetFilter.transform((one) => [one]), z.array(subnetFilter).min(1)]);

const CIDR =
  /^(?:(?:\d{1,3}\.){3}\d{1,3}\/(?:[0-9]|[12]\d|3[0-2])|[0-9a-f:]+:[0-9a-f:.]*\/(?:\d{1,2}|1[01]\d|12[0-8]))$/i;
const cidr = z.string().regex(CIDR, 'is not an address range: write 203.0.113.7/32');
export const cidrs = z.union([cidr.transform((one) => [one]), z.array(cidr).min(1)]);

const ebs = z.strictObject({
  volume_size: z.coerce.number().int().positive().optional(),
  volume_type: z.enum(['standard', 'io1', 'io2', 'gp2', 'gp3', 'sc1', 'st1']).optional(),
  delete_on_termination: z.boolean().optional(),
  snapshot_id: z.string().optional(),
  iops: z.coerce.number().int().positive().optional(),
  throughput: z.coerce.number().int().positive().optional(),
  encrypted: z.boolean().optional(),
  kms_key_id: z.string().optional(),
});

export const blockDevices = z.array(
  z.strictObject({
    device_name: z.string(),
    virtual_name: z.string().optional(),
    no_device: z.string().optional(),
    ebs: ebs.optional(),
  }),
);
export type BlockDevice = z.infer<typeof blockDevices>[number];

export const metadataOptions = z.strictObject({
  http_tokens: z.enum(['required', 'optional']).optional(),
  http_endpoint: z.enum(['enabled', 'disabled']).optional(),
  http_put_response_hop_limit: z.coerce.number().int().min(1).max(64).optional(),
  http_protocol_ipv_6: z.enum(['enabled', 'disabled']).optional(),
  instance_metadata_tags: z.enum(['enabled', 'disabled']).optional(),
});

export const placement = z
  .strictObject({
    affinity: z.string().optional(),
    availability_zone: z.string().optional(),
    group_id: z.string().optional(),
    group_name: z.string().optional(),
    host_id: z.string().optional(),
    host_resource_group_arn: z.string().optional(),
    partition_number: z.coerce.number().int().positive().optional(),
    tenancy: z.enum(['default', 'dedicated', 'host']).optional(),
  })
  .refine(
    (one) => one.group_id === undefined || one.group_name === undefined,
    'has a group_id and a group_name: write one of them',
  );

export const licenses = z.array(z.strictObject({ license_configuration_arn: z.string() }));
