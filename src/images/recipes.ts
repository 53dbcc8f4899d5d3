import { digestOf } from '../core/digest.ts';
import { APT, NO_SERVICES, TIDY } from './apt-lines.ts';
import { debianSsh, moto } from './ec2-recipes.ts';

/** How a local image is made: a Dockerfile on top of another recipe, or on a tree that debootstrap makes. */
export interface Recipe {
  /** Permanent name, also the local repository: `galley/<name>`. */
  readonly name: string;
  readonly title: string;
  readonly dockerfile: string;
  /** Further files of the build context: path → text. */
  readonly files: Readonly<Record<string, string>>;
  /** Recipe whose image the Dockerfile's `FROM base` means, or the Debian suite of its `rootfs.tar`. */
  readonly base: { readonly recipe: string } | { readonly suite: string };
}

const DEBIAN_SUITES = { '11': 'bullseye', '12': 'bookworm', '13': 'trixie' } as const;
export type DebianRelease = keyof typeof DEBIAN_SUITES;

/**
 * Packages of the systemd images, comparable to `dokken/debian-*`: an init, what `curl https://` needs, and what
 * everyday resources call (`apt_repository` needs gnupg, `cron` needs cron).
 */
const SYSTEMD_PACKAGES =
  'systemd systemd-sysv dbus iproute2 procps curl ca-certificates sudo gnupg cron netbase tzdata';

/**
 * Units that fail or hang in a container: they load kernel modules, write kernel settings, want a console or a
 * hardware clock. With them masked, `systemctl is-system-running` says `running` on 11, 12 and 13.
 */
const MASKED_UNITS = [
  'dev-hugepages.mount',
  'sys-fs-fuse-connections.mount',
  'sys-kernel-config.mount',
  'sys-kernel-debug.mount',
  'sys-kernel-tracing.mount',
  'dev-mqueue.mount',
  'proc-sys-fs-binfmt_misc.automount',
  'systemd-modules-load.service',
  'systemd-sysctl.service',
  'systemd-remount-fs.service',
  'systemd-udevd.service',
  'systemd-udev-trigger.service',
  'systemd-udevd-control.socket',
  'systemd-udevd-kernel.socket',
  'systemd-firstboot.service',
  'systemd-ask-password-console.path',
  'systemd-ask-password-wall.path',
  'getty.target',
  'console-getty.service',
  'apt-daily.timer',
  'apt-daily-upgrade.timer',
  'e2scrub_all.timer',
  'fstrim.timer',
];

function debianBase(release: DebianRelease): Recipe {
  return {
    name: `debian-${release}-base`,
    title: `Debian ${release}, minimal`,
    base: { suite: DEBIAN_SUITES[release] },
    files: {},
    dockerfile: 'FROM scratch\nADD rootfs.tar /\nCMD ["bash"]\n',
  };
}

function debianSystemd(release: DebianRelease): Recipe {
  return {
    name: `debian-${release}`,
    title: `Debian ${release} with systemd`,
    base: { recipe: `debian-${release}-base` },
    files: {},
    dockerfile: `FROM base
ENV container=docker LANG=C.UTF-8
RUN apt-get update \\
 && ${APT} install -y --no-install-recommends ${SYSTEMD_PACKAGES} \\
 && ${TIDY} \\
 && systemctl set-default multi-user.target \\
 && systemctl mask ${MASKED_UNITS.join(' ')} \\
 && : > /etc/machine-id && rm -f /var/lib/dbus/machine-id
STOPSIGNAL SIGRTMIN+3
CMD ["/lib/systemd/systemd"]
`,
  };
}

/**
 * The contract of the official image's entrypoint, as far as applications use it: a user and a database from the
 * environment, SCRAM over TCP, and no TCP port before initialisation is over.
 */
const POSTGRES_ENTRYPOINT = `#!/bin/sh
set -eu
bin=$(echo /usr/lib/postgresql/*/bin)
data=\${PGDATA:-/var/lib/postgresql/data}
user=\${POSTGRES_USER:-postgres}
db=\${POSTGRES_DB:-$user}
if [ "$(id -u)" = 0 ]; then
  mkdir -p "$data" /run/postgresql
  chown postgres:postgres "$data" /run/postgresql
  chmod 700 "$data"
  exec setpriv --reuid=postgres --regid=postgres --init-groups "$0" "$@"
fi
export PATH="$bin:$PATH" PGDATA="$data"
if [ ! -s "$data/PG_VERSION" ]; then
  auth=scram-sha-256
  if [ "\${POSTGRES_HOST_AUTH_METHOD:-}" = trust ]; then
    auth=trust
  elif [ -z "\${POSTGRES_PASSWORD:-}" ]; then
    echo 'Error: set POSTGRES_PASSWORD (or POSTGRES_HOST_AUTH_METHOD=trust)' >&2
    exit 1
  fi
  pw=$(mktemp)
  printf '%s\\n' "\${POSTGRES_PASSWORD:-unused}" > "$pw"
  initdb --pgdata "$data" --username "$user" --pwfile "$pw" --encoding UTF8 --locale C.UTF-8 \\
    --auth-local trust --auth-host "$auth" --no-sync >&2
  rm -f "$pw"
  echo "host all all all $auth" >> "$data/pg_hba.conf"
  pg_ctl -s -w -D "$data" -o "-c listen_addresses='' -c log_min_messages=fatal" start >&2
  [ "$db" = postgres ] || createdb --username "$user" --maintenance-db postgres -- "$db"
  for file in /docker-entrypoint-initdb.d/*; do
    case "$file" in
      *.sql) psql -v ON_ERROR_STOP=1 --username "$user" --dbname "$db" -f "$file" >&2 ;;
      *.sh) . "$file" ;;
    esac
  done
  pg_ctl -s -w -m fast -D "$data" stop >&2
fi
[ "\${1:-postgres}" != postgres ] || [ $# -eq 0 ] || shift
exec postgres -c listen_addresses='*' "$@"
`;

const postgres: Recipe = {
  name: 'postgres',
  title: 'PostgreSQL 15 on Debian 12',
  base: { recipe: 'debian-12-base' },
  files: { 'entrypoint.sh': POSTGRES_ENTRYPOINT },
  dockerfile: `FROM base
ENV LANG=C.UTF-8 PGDATA=/var/lib/postgresql/data
RUN ${NO_SERVICES} && apt-get update \\
 && mkdir -p /etc/postgresql-common && echo 'create_main_cluster = false' > /etc/postgresql-common/createcluster.conf \\
 && ${APT} install -y --no-install-recommends postgresql-15 \\
 && ${TIDY} && rm /usr/sbin/policy-rc.d \\
 && ln -s /usr/lib/postgresql/15/bin/pg_ctl /usr/lib/postgresql/15/bin/postgres /usr/local/bin/ \\
 && mkdir -p /docker-entrypoint-initdb.d
COPY entrypoint.sh /usr/local/bin/docker-entrypoint.sh
RUN chmod 755 /usr/local/bin/docker-entrypoint.sh
VOLUME /var/lib/postgresql/data
EXPOSE 5432
STOPSIGNAL SIGINT
ENTRYPOINT ["/usr/local/bin/docker-entrypoint.sh"]
CMD ["postgres"]
`,
};

const redis: Recipe = {
  name: 'redis',
  title: 'Redis on Debian 12',
  base: { recipe: 'debian-12-base' },
  files: {},
  dockerfile: `FROM base
RUN ${NO_SERVICES} && apt-get update \\
 && ${APT} install -y --no-install-recommends redis-server redis-tools \\
 && ${TIDY} && rm /usr/sbin/policy-rc.d && mkdir -p /data && chown redis:redis /data
USER redis
WORKDIR /data
EXPOSE 6379
ENTRYPOINT ["redis-server", "--bind", "* -::*", "--protected-mode", "no"]
`,
};

const releases = Object.keys(DEBIAN_SUITES) as DebianRelease[];

/** Every image that can be built without a registry, by name. */
export const RECIPES: ReadonlyMap<string, Recipe> = new Map(
  [
    ...releases.map(debianBase),
    ...releases.map(debianSystemd),
    ...releases.map(debianSsh),
    postgres,
    redis,
    moto,
  ].map((one) => [one.name, one]),
);

export function recipeOrThrow(name: string): Recipe {
  const recipe = RECIPES.get(name);
  if (!recipe) throw new Error(`no recipe named ${name}`);
  return recipe;
}

/** Bumped when the code that carries recipes out changes what comes out. */
const BUILD_VERSION = 1;

/** 12 hex digits over everything that decides the content, including the recipes below it. */
export function recipeHash(recipe: Recipe): string {
  const base = 'recipe' in recipe.base ? recipeHash(recipeOrThrow(recipe.base.recipe)) : recipe.base.suite;
  return digestOf([BUILD_VERSION, recipe.dockerfile, recipe.files, base]).slice(0, 12);
}

/** The tag that an edited recipe changes, e.g. `galley/debian-12:0a1b2c3d4e5f`. */
export function localTag(recipe: Recipe): string {
  return `galley/${recipe.name}:${recipeHash(recipe)}`;
}

/** The tag that always names the newest build. */
export function movingTag(recipe: Recipe): string {
  return `galley/${recipe.name}:latest`;
}
