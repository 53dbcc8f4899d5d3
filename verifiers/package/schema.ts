import { z } from 'zod';
import { absentAlone } from '../../src/checks/judge-exists.ts';
import { matcher, version } from '../../src/checks/matcher-schema.ts';

const attributes = {
  version: matcher(z.array(version))
    .optional()
    .describe('the whole version, e.g. 1.22.1-9+deb12u1; gems may be installed in several'),
  architecture: matcher(z.array(z.string())).optional().describe('amd64, arm64, all, noarch … (system)'),
  held: z.boolean().optional().describe('kept from upgrades: apt-mark hold, versionlock, a pin (system)'),
  repo: matcher(z.array(z.string()))
    .optional()
    .describe('where the installed version came from, e.g. http://host/debian bookworm/main amd64 (system)'),
  files: z
    .strictObject({
      verify: z
        .union([z.boolean(), matcher(z.array(z.string()), { plain: true })])
        .describe('true: none was changed, configuration aside; or the paths that differ, configuration too'),
    })
    .optional(),
};

/** Names of packages of any provider; no patterns, which dpkg would take for its own. */
const name = z
  .string()
  .trim()
  .regex(/^@?[\w][\w.+:/~-]*$/, 'expected the name of a package, no pattern');

const selector = z.union([
  name.transform((text) => ({ name: text })),
  z.strictObject({
    name: name.describe('name of the package'),
    provider: z
      .enum(['system', 'gem', 'pip', 'npm'])
      .optional()
      .describe('default: system (dpkg, rpm or apk)'),
    in: z
      .string()
      .regex(/^(\/|\$\{)/, 'expected an absolute path')
      .optional()
      .describe('virtualenv, project or gem folder'),
  }),
]);

const SYSTEM_ONLY = ['architecture', 'held', 'repo', 'files'] as const;

export const packageSpec = z
  .strictObject({
    package: selector.describe('name, or {name, provider: gem, pip or npm, in: folder}'),
    installed: z.boolean().optional().describe('default: true'),
    ...attributes,
  })
  .refine(...absentAlone<{ installed?: boolean | undefined }>('installed', attributes, 'a package'))
  .superRefine((spec, context) => {
    const { provider = 'system', in: folder } = { provider: undefined, in: undefined, ...spec.package };
    const odd = provider === 'system' ? undefined : SYSTEM_ONLY.find((key) => spec[key] !== undefined);
    if (odd !== undefined)
      context.addIssue({ code: 'custom', path: [odd], message: `a package of ${provider} has no '${odd}'` });
    if (provider === 'system' && folder !== undefined)
      context.addIssue({
        code: 'custom',
        path: ['package', 'in'],
        message: "'in' needs a provider: gem, pip or npm",
      });
  });

export type PackageSpec = z.infer<typeof packageSpec>;
