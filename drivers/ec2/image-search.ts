import type { Filter, Image } from '@aws-sdk/client-ec2';
import { compareVersions, type Family, familyOfImage, type Version } from './families.ts';
import type { ImageArchitecture } from './instance-type.ts';
import type { Platform } from './platform.ts';

/** Filters of DescribeImages for a platform. */
export function platformFilters(platform: Platform, architecture: ImageArchitecture): readonly Filter[] {
  return toFilters({
    'owner-id': [platform.family.owner(platform.version)],
    name: platform.family.patterns(platform.versionText),
    architecture: [architecture],
    state: ['available'],
  });
}

/** The user's own search; what it leaves open about architecture and state is filled in. */
export function ownFilters(
  search: Readonly<Record<string, readonly string[]>>,
  architecture: ImageArchitecture,
): readonly Filter[] {
  return toFilters({ architecture: [architecture], state: ['available'], ...search });
}

function toFilters(filters: Readonly<Record<string, readonly string[]>>): readonly Filter[] {
  return Object.entries(filters).map(([Name, values]) => ({ Name, Values: [...values] }));
}

/**
 * The best first: wanted ones, newest version, hardware virtualisation, on EBS, on SSD, newest date; at last the name,
 * so that the order is always the same. With a platform, images of another version than its own are left out: the
 * pattern `RHEL-8.1*` also finds 8.10.
 */
export function rankImages(images: readonly Image[], platform: Platform | undefined): readonly Image[] {
  return images
    .map((image) => ({ image, ...(familyOfImage(image.Name ?? '') ?? { family: undefined, version: [] }) }))
    .filter(({ version }) => !platform || isOfVersion(version, platform.version))
    .toSorted(
      (a, b) =>
        flag(isWanted(b)) - flag(isWanted(a)) ||
        compareVersions(b.version, a.version) ||
        flag(b.image.VirtualizationType === 'hvm') - flag(a.image.VirtualizationType === 'hvm') ||
        flag(b.image.RootDeviceType === 'ebs') - flag(a.image.RootDeviceType === 'ebs') ||
        flag(isOnSsd(b.image)) - flag(isOnSsd(a.image)) ||
        compareText(b.image.CreationDate, a.image.CreationDate) ||
        compareText(a.image.Name, b.image.Name),
    )
    .map(({ image }) => image);
}

/** `wanted` is how the version begins; one that the name does not tell fits. */
function isOfVersion(version: Version, wanted: Version): boolean {
  // A name that says less than was asked for (`debian-12` for 12.5) is as near as it gets.
  return version.every((part, at) => wanted[at] === undefined || part === wanted[at]);
}

function isWanted({
  image,
  family,
}: {
  readonly image: Image;
  readonly family: Family | undefined;
}): boolean {
  return !family?.notWanted?.test(image.Name ?? '');
}

function isOnSsd({ BlockDeviceMappings = [], RootDeviceName }: Image): boolean {
  return BlockDeviceMappings.some(
    ({ DeviceName, Ebs }) => DeviceName === RootDeviceName && /^gp[23]$/.test(Ebs?.VolumeType ?? ''),
  );
}

function flag(value: boolean): number {
  return value ? 1 : 0;
}

function compareText(a = '', b = ''): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** What is searched for, in words for messages and dry runs: `debian-12-* of 136693071363, x86_64`. */
export function describeFilters(filters: readonly Filter[]): string {
  const of = (name: string) => filters.find((one) => one.Name === name)?.Values?.join(' or ');
  const rest = filters
    .filter(({ Name }) => !['name', 'owner-id', 'architecture', 'state'].includes(Name ?? ''))
    .map(({ Name, Values }) => `${Name} ${Values?.join(' or ')}`);
  const owner = of('owner-id');
  return [`${of('name') ?? 'any name'}${owner ? ` of ${owner}` : ''}`, of('architecture'), ...rest]
    .filter(Boolean)
    .join(', ');
}
