import { z } from 'zod';
import { serviceAddress } from '../service-address.ts';

const text = z.string().min(1);
const seconds = z.coerce.number().positive();

/** How to reach a machine through AWS Systems Manager. Test Kitchen has no such transport; the names are Galley's. */
export const SsmSettings = z.strictObject({
  region: text.optional().describe('default: what the driver says'),
  profile: text.optional().describe('profile of the AWS configuration; default: what the driver says'),
  endpoint: text.optional().describe('address of the service, such as that of an emulator or a VPC endpoint'),
  s3_bucket: text
    .optional()
    .describe(
      'bucket for long files, and for output that is longer than a few pages, which the machine must be allowed to write there',
    ),
  s3_prefix: text.default('galley').describe('folder in the bucket'),
  max_wait_until_ready: seconds
    .default(600)
    .describe('seconds that the agent of a new machine may take until it is online'),
  http_proxy: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('for requests to AWS from here; default: HTTPS_PROXY, HTTP_PROXY'),
  ssl_verify_peer: z.boolean().optional().describe('false: certificates of AWS are not verified'),
  service_address: serviceAddress,
  retry_limit: z.coerce.number().int().min(1).default(8).describe('tries of one request to AWS'),
});
export type SsmSettings = z.infer<typeof SsmSettings>;
