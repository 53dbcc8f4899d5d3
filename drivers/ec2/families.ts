/** What is needed to find the images of one operating system and to log into what is made of them. */
export interface Family {
  readonly name: string;
  /** Other names of platforms for it. */
  readonly aliases: readonly string[];
  /** AWS accounts that publish its images. */
  readonly owner: (version: Version) => string;
  /** Patterns of DescribeImages' `name` filter; more may match than is meant, `versionOf` decides. */
  readonly patterns: (version: string) => readonly string[];
  /** Recognises an image of the family by its name; the first group is its version, when the name has one. */
  readonly recognise: RegExp;
  /** An image whose name matches is taken only when there is no other: previews, images with another kernel. */
  readonly notWanted?: RegExp;
  readonly user: (version: Version) => string;
  /** A name with a major version only stands for the newest of them, as those of a rolling release do. */
  readonly bareIsNewest?: boolean;
  /** Boots with cloud-init, which reads multi-part user data. */
  readonly cloudInit: boolean;
}

/** `8.10` → [8, 10]; none → []. */
export type Version = readonly number[];

const DEBIAN_CODENAMES: Readonly<Record<string, string>> = {
  trixie: '13',
  bookworm: '12',
  bullseye: '11',
  buster: '10',
  stretch: '9',
  jessie: '8',
  wheezy: '7',
  squeeze: '6',
};

const always = (text: string) => () => text;
const major = (version: Version): number => version[0] ?? Number.POSITIVE_INFINITY;
const starred = (version: string): string => (version === '' ? '*' : `${version}*`);

/**
 * By the publishers' pages and kitchen-ec2's rules: https://wiki.debian.org/Cloud/AmazonEC2Image,
 * https://cloud-images.ubuntu.com/locator/ec2, https://wiki.almalinux.org/cloud/AWS.html, https://rockylinux.org/cloud-images,
 * https://www.centos.org/download/aws-images, https://fedoraproject.org/cloud/download.
 */
export const FAMILIES: readonly Family[] = [
  {
    name: 'debian',
    aliases: [],
    owner: (version) => (major(version) >= 10 ? '136693071363' : '379101102735'),
    patterns(version) {
      const release = version.split('.')[0] ?? '';
      if (release === '') return ['debian-*'];
      const [codename] = Object.entries(DEBIAN_CODENAMES).find(([, number]) => number === release) ?? [];
      return [
        Number(release) < 10 && codename !== undefined ? `debian-${codename}-*` : `debian-${release}-*`,
      ];
    },
    recognise: /^debian-(?:(\d+|[a-z]+)-)?/i,
    notWanted: /backports|daily|sid/i,
    user: always('admin'),
    cloudInit: true,
  },
  {
    name: 'ubuntu',
    aliases: [],
    owner: always('099720109477'),
    patterns: (version) => [`ubuntu/images/*/ubuntu-*-${starred(version)}`],
    recognise: /ubuntu.*?-(\d+\.\d+)\b/i,
    user: always('ubuntu'),
    cloudInit: true,
  },
  {
    name: 'amazon2023',
    aliases: ['alinux2023', 'amazonlinux2023'],
    owner: always('137112412989'),
    patterns: (version) => [`al2023-ami-2023.${starred(version)}`],
    recognise: /^al2023-ami-2023\.([\d.]*\d)/i,
    user: always('ec2-user'),
    cloudInit: true,
  },
  {
    name: 'amazon2',
    aliases: ['alinux2', 'amazonlinux2'],
    owner: always('137112412989'),
    patterns: (version) => [`amzn2-ami-hvm-2.0.${starred(version)}`],
    recognise: /^amzn2-ami-(?:kernel-[\d.]+-)?hvm-2\.0\.([\d.]*\d)/i,
    user: always('ec2-user'),
    cloudInit: true,
  },
  {
    name: 'amazon',
    aliases: ['alinux', 'amazonlinux'],
    owner: always('137112412989'),
    patterns: (version) => [version === '' ? 'amzn-ami-*' : `amzn-ami-*-${version}*`],
    recognise: /^amzn-ami-\w+-([\d.]*\d)/i,
    user: always('ec2-user'),
    cloudInit: true,
  },
  {
    name: 'alma',
    aliases: ['almalinux'],
    owner: always('764336703387'),
    patterns: (version) => [`AlmaLinux OS ${starred(version)}`],
    recognise: /^AlmaLinux OS (?:Kitten )?([\d.]*\d)?/i,
    notWanted: /Kitten|beta/i,
    user: always('ec2-user'),
    cloudInit: true,
  },
  {
    name: 'rocky',
    aliases: ['rockylinux'],
    owner: always('792107900819'),
    patterns: (version) =>
      version.includes('.')
        ? [`Rocky-${version}-*`, `Rocky-${version.split('.')[0]}-*-${version}-*`]
        : [
            version === '' ? 'Rocky-*' : `Rocky-${version}-*`,
            ...(version === '' ? [] : [`Rocky-${version}.*`]),
          ],
    recognise: /^Rocky-(?:\d+-[A-Za-z0-9]+-[A-Za-z]+-)?(\d+(?:\.\d+)?)/i,
    user: always('rocky'),
    cloudInit: true,
  },
  {
    name: 'rhel',
    aliases: ['el', 'redhat'],
    owner: always('309956199498'),
    patterns: (version) => [`RHEL-${starred(version)}`],
    recognise: /^RHEL-([\d.]*\d)/i,
    notWanted: /_Beta-/i,
    user: (version) => (version.length > 0 && compareVersions(version, [6, 4]) < 0 ? 'root' : 'ec2-user'),
    cloudInit: true,
  },
  {
    name: 'centos',
    aliases: [],
    owner: always('125523088429'),
    patterns(version) {
      const stream = /^stream-?(.*)$/.exec(version)?.[1];
      if (stream !== undefined) return [`CentOS Stream ${starred(stream)}`];
      return [
        `CentOS ${starred(version)}`,
        version === '' ? 'CentOS-*-GA-*' : `CentOS-${version}*-GA-*`,
        `CentOS Linux ${starred(version)}`,
        `CentOS Stream ${starred(version)}`,
      ];
    },
    bareIsNewest: true,
    recognise: /^CentOS(?:[ -](?:Linux|Stream))?[ -]([\d.]*\d)?/i,
    user: (version) => (major(version) < 9 ? 'centos' : 'ec2-user'),
    cloudInit: true,
  },
  {
    name: 'fedora',
    aliases: [],
    owner: always('125523088429'),
    patterns: (version) =>
      version === ''
        ? ['Fedora-Cloud-Base-*']
        : [`Fedora-Cloud-Base-AmazonEC2.*-${version}-*`, `Fedora-Cloud-Base-${version}-*`],
    recognise: /^Fedora-Cloud-Base-(?:AmazonEC2\.\w+-)?(\d+)?/i,
    notWanted: /-(?:Rawhide|ELN|Prerelease)-/i,
    user: always('fedora'),
    cloudInit: true,
  },
  {
    name: 'freebsd',
    aliases: [],
    owner: always('782442783595'),
    patterns: (version) => [
      `FreeBSD ${starred(version)}-RELEASE*`,
      `FreeBSD/EC2 ${starred(version)}-RELEASE*`,
    ],
    recognise: /^FreeBSD(?:\/EC2)? (\d+(?:\.\d+)?)/i,
    // Those with cloud-init come first.
    notWanted: /^(?!.*cloud-init)/i,
    user: always('ec2-user'),
    cloudInit: false,
  },
  {
    name: 'macos',
    aliases: ['mac_os_x'],
    owner: always('628277914472'),
    patterns: (version) => [`amzn-ec2-macos-${starred(version)}`],
    recognise: /^amzn-ec2-macos-([\d.]*\d)/i,
    user: always('ec2-user'),
    cloudInit: false,
  },
];

/** The number of a release of Debian that is called by its name; other texts as they are. */
export function releaseNumber(text: string): string {
  return DEBIAN_CODENAMES[text.toLowerCase()] ?? text;
}

/** Numbers of a version as an image's name or a platform has it. */
export function parseVersion(text: string | undefined): Version {
  const number = releaseNumber(text ?? '').replace(/^stream-?/, '');
  return /^\d+(?:\.\d+)*$/.test(number) ? number.split('.').map(Number) : [];
}

/** Number by number: 8.10 is newer than 8.9. Less than 0 when `a` is older; what has fewer numbers is older. */
export function compareVersions(a: Version, b: Version): number {
  for (let at = 0; at < Math.max(a.length, b.length); at += 1) {
    const difference = (a[at] ?? -1) - (b[at] ?? -1);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Family and version of an image by its name. */
export function familyOfImage(
  name: string,
): { readonly family: Family; readonly version: Version } | undefined {
  for (const family of FAMILIES) {
    const match = family.recognise.exec(name);
    if (!match) continue;
    const version = parseVersion(match[1]);
    const isBare = version.length === 1 && family.bareIsNewest;
    return { family, version: isBare ? [...version, Number.POSITIVE_INFINITY] : version };
  }
  return undefined;
}
