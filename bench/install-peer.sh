#!/usr/bin/env bash
# Installs the peer of the bench: Test Kitchen with kitchen-dokken, into a folder of its own. Does nothing when it is
# there. Needs Ruby ≥ 3.1 with `gem` and a compiler for native extensions. `--force` installs anew.
set -euo pipefail
# shellcheck source=test/tools/gem-programs.sh
. "$(dirname "$0")/../test/tools/gem-programs.sh"

readonly TEST_KITCHEN=4.1.5
readonly DOKKEN=2.25.0
peer="${XDG_CACHE_HOME:-$HOME/.cache}/galley/peer"
stamp="$peer/installed-test-kitchen-$TEST_KITCHEN-kitchen-dokken-$DOKKEN"

need_ruby install-peer

if [ "${1:-}" = --force ]; then rm -rf "$peer"; fi
if [ -e "$stamp" ]; then
  echo "peer is installed: test-kitchen $TEST_KITCHEN, kitchen-dokken $DOKKEN in $peer"
  exit 0
fi

# A half installed peer is completed: gem leaves alone what is there.
mkdir -p "$peer"
echo "installing test-kitchen $TEST_KITCHEN and kitchen-dokken $DOKKEN into $peer (about a minute)"
install_gems "$peer" "test-kitchen:$TEST_KITCHEN" "kitchen-dokken:$DOKKEN"
GEM_HOME="$peer" "$peer/bin/kitchen" version
touch "$stamp"
