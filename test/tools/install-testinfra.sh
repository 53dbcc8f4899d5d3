#!/usr/bin/env bash
# Unpacks Debian's pytest with testinfra into a folder of its own, for tests, and prints the path of the program. Nothing
# is installed on the machine. Does nothing when it is there.
set -euo pipefail

readonly PACKAGES="python3-attr python3-iniconfig python3-more-itertools python3-packaging python3-pluggy python3-py
  python3-pytest python3-testinfra"
home="${XDG_CACHE_HOME:-$HOME/.cache}/galley/testinfra"
program="$home/pytest"

if [ -x "$program" ]; then
  echo "$program"
  exit 0
fi
for tool in apt-get dpkg /usr/bin/python3; do
  if ! command -v "$tool" >/dev/null; then
    echo "install-testinfra: '$tool' is missing; this needs Debian or Ubuntu with python3" >&2
    exit 3
  fi
done
mkdir -p "$home/packages"
cd "$home/packages"
# shellcheck disable=SC2086
apt-get download $PACKAGES >&2 || { apt-get update >&2 && apt-get download $PACKAGES >&2; }
for package in *.deb; do dpkg -x "$package" "$home/root"; done
cat > "$program.new" <<END
#!/bin/sh
PYTHONPATH='$home/root/usr/lib/python3/dist-packages' exec /usr/bin/python3 -m pytest "\$@"
END
chmod +x "$program.new"
"$program.new" --version >&2
mv "$program.new" "$program"
echo "$program"
