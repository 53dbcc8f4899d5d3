#!/usr/bin/env bash
# Installs berks and chef-cli from their gems into a folder of their own, for tests. Prints the folder of the programs.
# Does nothing when it is there.
set -euo pipefail
# shellcheck source=test/tools/gem-programs.sh
. "$(dirname "$0")/gem-programs.sh"

readonly BERKSHELF=8.1.23
readonly CHEF_CLI=6.1.34
home="${XDG_CACHE_HOME:-$HOME/.cache}/galley/workstation-$BERKSHELF-$CHEF_CLI"
programs="$home/programs"

alone "$home"
if [ ! -x "$programs/chef-cli" ]; then
  need_ruby install-workstation
  mkdir -p "$programs"
  echo "installing berks $BERKSHELF and chef-cli $CHEF_CLI into $home (one to three minutes)" >&2
  install_gems "$home" "berkshelf:$BERKSHELF" "chef-cli:$CHEF_CLI"
  for name in berks chef-cli; do write_program "$home" "$name" "$programs/$name"; done
fi
echo "$programs"
