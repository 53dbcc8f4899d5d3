#!/usr/bin/env bash
# Installs berks and chef-cli from their gems into a folder of their own, for tests. Prints the folder of the programs.
# Does nothing when it is there.
set -euo pipefail

readonly BERKSHELF=8.1.23
readonly CHEF_CLI=6.1.34
home="${XDG_CACHE_HOME:-$HOME/.cache}/galley/workstation-$BERKSHELF-$CHEF_CLI"
programs="$home/programs"

if [ -x "$programs/chef-cli" ]; then
  echo "$programs"
  exit 0
fi
for tool in ruby gem make; do
  if ! command -v "$tool" >/dev/null; then
    echo "install-workstation: '$tool' is missing; on Debian and Ubuntu: apt-get install ruby ruby-dev gcc make" >&2
    exit 3
  fi
done
mkdir -p "$programs"
echo "installing berks $BERKSHELF and chef-cli $CHEF_CLI into $home (one to three minutes)" >&2
nice -n 10 gem install --install-dir "$home" --no-document --conservative --minimal-deps \
  "berkshelf:$BERKSHELF" "chef-cli:$CHEF_CLI" >&2
for program in berks chef-cli; do
  cat > "$programs/$program.new" <<EOF
#!/bin/sh
GEM_HOME='$home' GEM_PATH='$home' exec ruby '$home/bin/$program' "\$@"
EOF
  chmod +x "$programs/$program.new"
  CHEF_LICENSE=accept-no-persist "$programs/$program.new" --version >&2
  mv "$programs/$program.new" "$programs/$program"
done
echo "$programs"
