import { GalleyError } from '../../src/core/errors.ts';
import type { Architecture } from './platform.ts';

/** Architecture names of DescribeImages. */
export type ImageArchitecture = Architecture | 'arm64_mac' | 'x86_64_mac';

/**
 * The architecture that an instance type runs, by its name: `FAMILY GENERATION OPTIONS . SIZE`, where a `g` among the
 * options is a Graviton processor (https://docs.aws.amazon.com/ec2/latest/instancetypes/instance-type-names.html).
 */
export function architectureOf(instanceType: string): ImageArchitecture {
  const [name = ''] = instanceType.toLowerCase().split('.');
  if (name.startsWith('mac')) return name === 'mac1' ? 'x86_64_mac' : 'arm64_mac';
  if (name === 'a1') return 'arm64';
  const [, options = ''] = /^[a-z]+\d+([a-z]*)/.exec(name) ?? [];
  return options.includes('g') ? 'arm64' : 'x86_64';
}

export interface TypesAndArchitecture {
  readonly types: readonly string[];
  /** Values of the `architecture` filter. */
  readonly architecture: ImageArchitecture;
}

/** Instance types to try and the architecture that the image must have. Throws when they contradict each other. */
export function chooseTypes(
  configured: readonly string[],
  wanted: Architecture | undefined,
  isMac: boolean,
): TypesAndArchitecture {
  const [first, ...others] = configured;
  if (first === undefined) {
    if (isMac) {
      throw new GalleyError({
        code: 'ec2.mac_needs_host',
        kind: 'config',
        message: 'a macOS machine runs on a dedicated host only',
        hint: 'write instance_type: mac2.metal, tenancy: host, availability_zone: and allocate_dedicated_host: true, or placement: {host_id: h-…} of one that you have',
      });
    }
    return wanted === 'arm64'
      ? { types: ['t4g.micro'], architecture: 'arm64' }
      : { types: ['t3.micro'], architecture: wanted ?? 'x86_64' };
  }
  const architecture = architectureOf(first);
  const other = others.find((type) => architectureOf(type) !== architecture);
  if (other !== undefined) {
    throw mismatch(`${first} and ${other} have different processors: no image runs on both`, [
      `${first}: ${architecture}`,
      `${other}: ${architectureOf(other)}`,
    ]);
  }
  const plain = architecture.replace(/_mac$/, '');
  const fits = wanted === undefined || plain === wanted || (wanted === 'i386' && architecture === 'x86_64');
  if (!fits) throw mismatch(`${first} has another processor than the platform says`, [`${first}: ${plain}`]);
  return { types: configured, architecture: wanted === 'i386' ? 'i386' : architecture };
}

function mismatch(message: string, details: readonly string[]): GalleyError {
  return new GalleyError({
    code: 'ec2.architecture_mismatch',
    kind: 'config',
    message,
    details,
    hint: 'choose instance_type: of one architecture, the one at the end of the platform name (debian-12-arm64)',
  });
}
