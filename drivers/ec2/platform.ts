import { didYouMean } from '../../src/core/did-you-mean.ts';
import { GalleyError } from '../../src/core/errors.ts';
import { FAMILIES, type Family, parseVersion, releaseNumber, type Version } from './families.ts';

export const ARCHITECTURES = ['x86_64', 'arm64', 'i386'] as const;
export type Architecture = (typeof ARCHITECTURES)[number];

/** What a platform's name says: `NAME[-VERSION][-ARCHITECTURE]`. */
export interface Platform {
  readonly family: Family;
  /** As written, may be empty. */
  readonly versionText: string;
  readonly version: Version;
  readonly architecture: Architecture | undefined;
}

/** Undefined for a name that no family has. `amazon-2` and `amazon2`, `rocky-9` and `rocky9` are the same. */
export function parsePlatform(name: string): Platform | undefined {
  const parts = name.toLowerCase().split('-');
  const architecture = parts.length > 1 ? ARCHITECTURES.find((one) => one === parts.at(-1)) : undefined;
  const [head = '', ...rest] = architecture === undefined ? parts : parts.slice(0, -1);
  const joined = familyNamed(`${head}${rest.join('-')}`);
  if (joined) return { family: joined, versionText: '', version: [], architecture };
  const [, word = '', number = ''] = rest.length === 0 ? (/^([a-z_]+)([\d.]+)$/.exec(head) ?? []) : [];
  const family = familyNamed(head) ?? familyNamed(word);
  if (!family) return undefined;
  const versionText = versionOf(family, familyNamed(head) ? rest.join('-') : number);
  return { family, versionText, version: parseVersion(versionText), architecture };
}

function versionOf({ name }: Family, text: string): string {
  const [, year, month] = (name === 'ubuntu' && /^(\d\d)(\d\d)$/.exec(text)) || [];
  return year === undefined ? releaseNumber(text) : `${year}.${month}`;
}

function familyNamed(name: string): Family | undefined {
  return FAMILIES.find((family) => family.name === name || family.aliases.includes(name));
}

export function isWindows(platform: string): boolean {
  return /^win/i.test(platform);
}

export function windowsError(platform: string): GalleyError {
  return new GalleyError({
    code: 'ec2.windows',
    kind: 'config',
    message: `${platform}: Windows machines are not supported yet`,
    hint: 'Galley has no WinRM transport; leave the platform out with `excludes:` or --platform, or go on using Test Kitchen for it',
  });
}

/** An image of Windows under a platform of another name. */
export function assertNotWindows(image: { readonly Platform?: string | undefined }, platform: string): void {
  if (image.Platform?.toLowerCase() === 'windows') throw windowsError(platform);
}

export function unknownPlatform(name: string): GalleyError {
  const names = FAMILIES.map((family) => family.name);
  const near = didYouMean(name.split('-')[0] ?? name, [...names, ...FAMILIES.flatMap((one) => one.aliases)]);
  return new GalleyError({
    code: 'ec2.unknown_platform',
    kind: 'config',
    message: `no images are known for the platform ${name}`,
    expected: 'NAME-VERSION, such as debian-12 or ubuntu-24.04-arm64',
    got: name,
    hint: `${near ? `did you mean ${near}? Else` : `known here: ${names.join(', ')}; else`} name an image with image_id: or image_search:`,
  });
}
