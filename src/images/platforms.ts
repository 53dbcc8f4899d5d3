import { didYouMean } from '../core/did-you-mean.ts';

/** What is to be process 1 of a container; undefined is systemd where the image has it. */
type Init = 'systemd' | 'none';

interface Family {
  /** First the name that images have. */
  readonly names: readonly string[];
  /** Which part of a version images carry: Debian 12.7 is `12`, but Ubuntu is `24.04`. */
  readonly release: 'major' | 'whole';
  /** Versions that are not meant although the name is. */
  readonly except?: RegExp;
  /** Image with an init system, `dokken/NAME-RELEASE` when missing; `{}` stands for the release. */
  readonly systemd?: string;
  /** Official image, `NAME:RELEASE` when missing. */
  readonly plain?: string;
  /** Names of releases. */
  readonly codenames?: Readonly<Record<string, string>>;
}

/** Distributions for which images with an init system are published. */
const FAMILIES: readonly Family[] = [
  {
    names: ['debian'],
    release: 'major',
    codenames: { jessie: '8', stretch: '9', buster: '10', bullseye: '11', bookworm: '12', trixie: '13' },
  },
  {
    names: ['ubuntu'],
    release: 'whole',
    codenames: {
      trusty: '14.04',
      xenial: '16.04',
      bionic: '18.04',
      focal: '20.04',
      jammy: '22.04',
      noble: '24.04',
      resolute: '26.04',
    },
  },
  { names: ['almalinux', 'alma'], release: 'major' },
  { names: ['rockylinux', 'rocky'], release: 'major', plain: 'rockylinux/rockylinux:{}' },
  // No official image of it is on the default registry.
  {
    names: ['centos-stream', 'centosstream'],
    release: 'major',
    plain: 'dokken/centos-stream-{}',
  },
  { names: ['centos'], release: 'major' },
  { names: ['oraclelinux', 'oracle'], release: 'major' },
  { names: ['rhel', 'redhat'], release: 'major', systemd: 'redhat/ubi{}-init', plain: 'redhat/ubi{}' },
  { names: ['fedora'], release: 'major' },
  { names: ['amazonlinux', 'amazon', 'alinux'], release: 'major' },
  {
    names: ['opensuse-leap', 'opensuse', 'leap'],
    release: 'whole',
    // Before Leap, under the same name.
    except: /^1[0-4]\b/,
    plain: 'opensuse/leap:{}',
  },
];

/** Official images of distributions under their own name, without an init system. */
const OFFICIAL = ['alpine', 'archlinux', 'clearlinux', 'mageia', 'photon'];

const NO_LINUX = /^(win|mac(os|osx)|darwin|freebsd|openbsd|netbsd|solaris|omnios|smartos|aix)/;

/**
 * The image of a platform whose config names none. `debian-12` is `dokken/debian-12` with an init system and
 * `debian:12` without one; so for the other families, also in the spellings that Vagrant boxes and clouds use. Any
 * other `name-version` is `name:version`, as kitchen-dokken has it, the rest is taken as an image reference. Undefined
 * for what is no Linux.
 */
export function platformImage(platform: string, init: Init | undefined): string | undefined {
  const name = platform.toLowerCase();
  if (/[/:]/.test(platform)) return platform;
  if (NO_LINUX.test(name)) return undefined;
  const known = familyOf(nameOnly(platform));
  if (!known) return platform.replace(/-(\d[\w.]*)$/, ':$1');
  return imageOf(known.family, known.release, init);
}

/**
 * What is doubtful about the image that follows from a platform's name, in words: it is no Linux, or no distribution
 * that images are known of, as `debain-12`. Undefined when there is nothing to say.
 */
export function platformDoubt(platform: string): string | undefined {
  if (/[/:]/.test(platform)) return undefined;
  const image = platformImage(platform, undefined);
  if (image === undefined)
    return `${platform} is no Linux, so there is no image for it: leave it out with --platform`;
  const name = nameOnly(platform);
  const known = FAMILIES.flatMap(({ names }) => names);
  // `debian` alone is its newest release.
  if (familyOf(name) || [...known, ...OFFICIAL].includes(image.split(':')[0] ?? '')) return undefined;
  const [, word = name, version = ''] = /^(.*?)[-.]?(\d[\d.]*)?$/.exec(name) ?? [];
  const near = didYouMean(word, known);
  const hint =
    near === undefined
      ? 'driver.image names one'
      : `did you mean ${near}${version === '' ? '' : `-${version}`}?`;
  return `no image is known for the platform ${platform}, so ${image} is taken: ${hint}`;
}

/** Clouds put their own name before that of the distribution. */
function nameOnly(platform: string): string {
  return platform.toLowerCase().replace(/^(aws|az|azure|gcp)-/, '');
}

function imageOf({ names, systemd, plain }: Family, release: string, init: Init | undefined): string {
  const pattern = init === 'none' ? (plain ?? `${names[0]}:{}`) : (systemd ?? `dokken/${names[0]}-{}`);
  return pattern.replace('{}', release);
}

function familyOf(name: string): { readonly family: Family; readonly release: string } | undefined {
  for (const family of FAMILIES) {
    const code = family.codenames?.[name.replace(`${family.names[0]}-`, '')];
    if (code !== undefined) return { family, release: code };
    for (const word of family.names) {
      const version = name.startsWith(word) ? versionIn(name.slice(word.length)) : undefined;
      if (version === undefined || family.except?.test(version)) continue;
      return { family, release: family.release === 'major' ? version.replace(/\..*$/, '') : version };
    }
  }
  return undefined;
}

/** `-24.04`, `-24-04`, `2404` and `-9` as versions; `latest` is one too. Undefined for anything else. */
function versionIn(rest: string): string | undefined {
  const [, version] = /^-?(\d+(?:[.-]\d+)*|latest)$/.exec(rest) ?? [];
  if (version === undefined) return undefined;
  return version
    .replace(/^(\d\d)(\d\d)$/, (all, year: string, month: string) =>
      // 2404 is a release of Ubuntu, 2023 one of Amazon Linux.
      Number(month) <= 12 && Number(month) % 2 === 0 ? `${year}.${month}` : all,
    )
    .replaceAll('-', '.');
}

/** Which platform names mean which images, as a table. Markdown, for docs/platforms.md. Pure. */
export function platformReference(): string {
  const rows = FAMILIES.map((family) => {
    const [name = ''] = family.names;
    const version = family.release === 'whole' ? 'VERSION' : 'MAJOR';
    const names = family.names.map((one) => `\`${one}-VERSION\``);
    const codes = Object.entries(family.codenames ?? {}).map(([code, is]) => `\`${code}\` (${is})`);
    const cells = [name, [...names, ...codes].join(', ')];
    for (const init of ['systemd', 'none'] as const) cells.push(`\`${imageOf(family, version, init)}\``);
    return `| ${cells.join(' | ')} |`;
  });
  return ['| | platform names | image | with `init: none` |', '|---|---|---|---|', ...rows, ''].join('\n');
}
