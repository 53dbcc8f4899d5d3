#!/usr/bin/env bash
# Installs InSpec 5 (the last line that runs without a licence key and offline) with its Docker transport, for tests and
# the bench, into a folder of its own. Prints the path of the program. Does nothing when it is there.
set -euo pipefail
# shellcheck source=test/tools/gem-programs.sh
. "$(dirname "$0")/gem-programs.sh"

readonly INSPEC=5.24.24
readonly TRAIN=3.16.5
home="${XDG_CACHE_HOME:-$HOME/.cache}/galley/inspec-$INSPEC"
program="$home/inspec"

alone "$home"
if [ ! -x "$program" ]; then
  need_ruby install-inspec
  echo "installing InSpec $INSPEC into $home (one or two minutes)" >&2
  install_gems "$home" "inspec-core-bin:$INSPEC" "inspec-core:$INSPEC" docker-api
  # The gem train drags in the SDKs of three clouds; of it only the Docker transport is wanted.
  install_gems "$home" --ignore-dependencies "train:$TRAIN"
  write_program "$home" inspec "$program" "$home/gems/train-$TRAIN/lib"
fi
echo "$program"
