/** Shell lines that the Dockerfiles of several recipes share. */
export const APT = 'DEBIAN_FRONTEND=noninteractive apt-get';

export const TIDY =
  'apt-get clean && rm -rf /var/lib/apt/lists/* /var/cache/apt/*.bin /var/log/apt /var/log/dpkg.log';

/** Keeps packages from starting their services while an image is built. */
export const NO_SERVICES = `printf '#!/bin/sh\\nexit 101\\n' > /usr/sbin/policy-rc.d && chmod +x /usr/sbin/policy-rc.d`;
