/** Shell scripts of the look: POSIX sh and the basic tools. Standard error goes the same way as output. */

/** `$1`: user. Prints `file PATH` before the lines of each file of keys, `absent PATH` for one that is not there. */
const AUTHORIZED_KEYS = String.raw`
user=$1 home=
while IFS=: read -r n _ _ _ _ h _; do [ "$n" = "$user" ] && home=$h; done </etc/passwd
[ -n "$home" ] || home=$(getent passwd "$user" 2>/dev/null | cut -d: -f6)
[ -n "$home" ] || exit 3
files=$(cat /etc/ssh/sshd_config.d/*.conf /etc/ssh/sshd_config 2>/dev/null |
  sed -n 's/^[[:space:]]*[Aa]uthorized[Kk]eys[Ff]ile[[:space:]=]*//p' | head -n 1)
[ -n "$files" ] || files='.ssh/authorized_keys .ssh/authorized_keys2'
set -f
for f in $files; do
  f=$(printf '%s\n' "$f" | sed "s|%h|$home|g;s|%u|$user|g;s|%%|%|g")
  case $f in /*) ;; none) continue ;; *) f=$home/$f ;; esac
  if [ -e "$f" ]; then echo "file $f"; cat "$f" || exit 4; echo; else echo "absent $f"; fi
done`;

/** All installed packages after a line with the manager: name, architecture, want, state, version, tab separated. */
const PACKAGES = String.raw`
if [ -s /var/lib/dpkg/status ] && command -v dpkg-query >/dev/null 2>&1; then
  echo 'manager dpkg'
  exec dpkg-query -W -f="\${Package}\t\${Architecture}\t\${db:Status-Want}\t\${db:Status-Status}\t\${Version}\n"
elif command -v rpm >/dev/null 2>&1 && [ -d "$(rpm -E '%_dbpath' 2>/dev/null)" ]; then
  echo 'manager rpm'
  cat /etc/dnf/plugins/versionlock.list /etc/yum/pluginconf.d/versionlock.list 2>/dev/null |
    sed -n 's/^\([^#! ][^ ]*\)$/lock \1/p'
  exec rpm -qa --qf '%{NAME}\t%{ARCH}\tinstall\tinstalled\t%|EPOCH?{%{EPOCH}:}:{}|%{VERSION}-%{RELEASE}\n'
fi
for db in /lib/apk/db /usr/lib/apk/db; do
  [ -s $db/installed ] || continue
  echo 'manager apk'
  sed 's/^/lock /' /etc/apk/world 2>/dev/null
  exec sed -n '/^[PVA]:/p' $db/installed
done
if [ -s /var/lib/dpkg/status ]; then echo 'manager none: dpkg-query is missing'
else echo 'manager none: neither dpkg, rpm nor apk has a package database on this machine'; fi`;

/** `$1`: package. Where its installed version came from. */
const REPO = String.raw`
if [ -s /var/lib/dpkg/status ]; then
  command -v apt-cache >/dev/null 2>&1 || { echo 'apt-cache is missing'; exit 9; }
  echo 'manager dpkg'; exec apt-cache policy -- "$1"
elif command -v rpm >/dev/null 2>&1; then
  command -v dnf >/dev/null 2>&1 || { echo 'dnf is missing'; exit 9; }
  echo 'manager rpm'; exec dnf -C -q repoquery --installed --qf '%{from_repo}\n' "$1"
fi
command -v apk >/dev/null 2>&1 || { echo 'no package manager that could tell'; exit 9; }
echo 'manager apk'; exec apk policy "$1"`;

/** `$1`: package. Its files that differ from what was installed; for dpkg also what it was told to leave out. */
const VERIFY = String.raw`
if [ -s /var/lib/dpkg/status ]; then
  echo 'manager dpkg'
  cat /etc/dpkg/dpkg.cfg /etc/dpkg/dpkg.cfg.d/* 2>/dev/null | sed -n 's/^ *\(path-[a-z]*\)[ =]*/\1 /p'
  ls /var/lib/dpkg/info/"$1".md5sums /var/lib/dpkg/info/"$1":*.md5sums 2>/dev/null | sed 's/^/sums /'
  dpkg --verify -- "$1"; [ $? -lt 2 ]
elif command -v rpm >/dev/null 2>&1; then
  echo 'manager rpm'; rpm -V -- "$1"; [ $? -lt 2 ]
else
  echo 'apk cannot verify one package'; exit 9
fi`;

/**
 * `$1`: folder or '', then names. Each prints `dir PATH` for every folder it looked into, then what is there. They
 * read folders, so that a gem or a module is found where its tool is not installed.
 */
const PROVIDERS = {
  gem: String.raw`
folder=$1
if [ -n "$folder" ]; then
  set -- "$folder" "$folder"/lib/ruby/gems/* "$folder"/ruby/* "$folder"/vendor/bundle/ruby/*
elif command -v gem >/dev/null 2>&1; then
  IFS=:; set -- $(gem environment gempath); unset IFS
else
  set -- /var/lib/gems/* /usr/share/rubygems-integration/* /usr/lib/ruby/gems/* /usr/lib64/ruby/gems/* \
    /usr/local/lib/ruby/gems/* /usr/share/gems
fi
for d; do
  [ -d "$d/specifications" ] || continue
  echo "dir $d"
  ls "$d/specifications" "$d/specifications/default" 2>/dev/null | sed -n 's/^.*\.gemspec$/spec &/p'
done`,
  pip: String.raw`
folder=$1
if [ -n "$folder" ]; then
  set -- "$folder" "$folder"/lib/python*/site-packages "$folder"/lib64/python*/site-packages
elif command -v python3 >/dev/null 2>&1; then
  IFS='
'; set -- $(python3 -c 'import sys; print("\n".join(p for p in sys.path if p))'); unset IFS
else
  set -- /usr/lib/python3*/dist-packages /usr/lib/python3*/site-packages \
    /usr/local/lib/python3*/dist-packages /usr/local/lib/python3*/site-packages
fi
for d; do
  [ -d "$d" ] || continue
  specs=$(cd "$d" && ls -d *.dist-info *.egg-info 2>/dev/null)
  case $d in */site-packages | */dist-packages) ;; *) [ -n "$specs" ] || continue ;; esac
  echo "dir $d"
  printf '%s\n' "$specs" | sed -n 's/^..*$/spec &/p'
done`,
  npm: String.raw`
folder=$1; shift
if [ -n "$folder" ]; then dirs=$folder/node_modules
else
  dirs='/usr/local/lib/node_modules /usr/lib/node_modules /usr/share/nodejs /usr/share/node_modules'
  node=$(command -v node 2>/dev/null) && node=$(readlink -f "$node") &&
    dirs="$(dirname "$(dirname "$node")")/lib/node_modules $dirs"
fi
[ -n "$folder" ] && IFS=
for d in $dirs; do
  [ -d "$d" ] || continue
  echo "dir $d"
  for n; do
    [ -f "$d/$n/package.json" ] && { printf 'json '; tr -d '\n\r' <"$d/$n/package.json" | head -c 200000; echo; }
  done
  (cd "$d" && for f in */package.json @*/*/package.json; do [ -f "$f" ] && echo "name $f"; done)
done; :`,
} as const;

/** Two lists of systemctl show: the timers and, after a line of dashes, the units that they start. */
const TIMERS = String.raw`
[ -d /run/systemd/system ] || exit 0
command -v systemctl >/dev/null 2>&1 || { echo 'systemctl is missing'; exit 9; }
timers=$(systemctl show --no-pager -p Id,Unit,TimersCalendar,TimersMonotonic,ActiveState -- '*.timer') ||
  { echo "$timers"; exit 9; }
printf '%s\n-----\n' "$timers"
units=$(printf '%s\n' "$timers" | sed -n 's/^Unit=//p')
[ -z "$units" ] || systemctl show --no-pager -p Id,ExecStart,User -- $units`;

/** By the name under which a request refers to them. */
export const SCRIPTS: Readonly<Record<string, string>> = {
  keys: AUTHORIZED_KEYS,
  system: PACKAGES,
  ...PROVIDERS,
  repo: REPO,
  verify: VERIFY,
  timers: TIMERS,
};
