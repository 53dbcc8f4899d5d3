import type { Init } from './config.ts';

/** Platforms for which images with an init system are published as `dokken/NAME-VERSION`. */
const DOKKEN =
  /^(debian|ubuntu|centos-stream|almalinux|rockylinux|fedora|amazonlinux|oraclelinux|opensuse-leap)-(\d[\d.]*)$/;

/** Official images whose name differs from the platform's. */
const OFFICIAL: Readonly<Record<string, string>> = {
  'opensuse-leap': 'opensuse/leap:',
  rockylinux: 'rockylinux/rockylinux:',
};

/**
 * The image of a platform whose config names none. `debian-12` is `dokken/debian-12` with an init system and
 * `debian:12` without one. Any other `name-version` is `name:version`, as kitchen-dokken has it, the rest is taken as
 * an image reference.
 */
export function platformImage(platform: string, init: Init | undefined): string {
  const name = platform.toLowerCase();
  const known = DOKKEN.exec(name);
  if (known) {
    const [, family = '', version = ''] = known;
    // The images carry the major version: Debian 12.7 is dokken/debian-12, but Ubuntu is 24.04.
    const release =
      family === 'ubuntu'
        ? version
        : version.replace(/^(\d+)(\.\d+)+$/, family === 'opensuse-leap' ? '$&' : '$1');
    // No official image of it is on the default registry.
    if (init !== 'none' || family === 'centos-stream') return `dokken/${family}-${release}`;
    return `${OFFICIAL[family] ?? `${family}:`}${release}`;
  }
  return /[/:]/.test(platform) ? platform : platform.replace(/-(\d[\w.]*)$/, ':$1');
}
