import { z } from 'zod';
import { orDefault } from '../core/option-values.ts';

/** Options that Test Kitchen gives to every provisioner. */

export const rootPath = orDefault(
  z.string().regex(/^\/[^\n]*[^/\n]$/, 'must be an absolute path without a trailing slash'),
  '/opt/kitchen',
).describe('folder on the instance; default: /opt/kitchen');

export const testBasePath = orDefault(z.string(), 'test/integration').describe(
  "folder of the suites' folders; default: test/integration",
);

export const maxRetries = orDefault(z.int().min(0), 1).describe('how often; default: 1');

export const waitForRetry = orDefault(z.number().min(0), 30).describe(
  'seconds between two tries; default: 30',
);

const transfers = orDefault(z.record(z.string(), z.string()), {});

export const uploads = transfers.describe('files to send before: LOCAL: REMOTE');

export const downloads = transfers.describe('files to fetch after: REMOTE: LOCAL');
