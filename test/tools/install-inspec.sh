#!/usr/bin/env bash
# Installs InSpec 5 (the last line that runs without a licence key and offline) with its Docker transport, for tests and
# the bench, into a folder of its own. Prints the path of the program. Does nothing when it is there.
set -euo pipefail

readonly INSPEC=5.24.24
readonly TRAIN=3.16.5
home="${XDG_CACHE_HOME:-$HOME/.cache}/galley/inspec-$INSPEC"
program="$home/inspec"

if [ -x "$program" ]; then
  echo "$program"
  exit 0
fi
for tool in ruby gem make; do
  if ! command -v "$tool" >/dev/null; then
    echo "install-inspec: '$tool' is missing; on Debian and Ubuntu: apt-get install ruby ruby-dev gcc make" >&2
    exit 3
  fi
done
mkdir -p "$home"
install() {
  nice -n 10 gem install --install-dir "$home" --no-document --conservative --minimal-deps "$@" >&2
}
echo "installing InSpec $INSPEC into $home (one or two minutes)" >&2
install "inspec-core-bin:$INSPEC" "inspec-core:$INSPEC" docker-api
# The gem train drags in the SDKs of three clouds; of it only the Docker transport is wanted.
install --ignore-dependencies "train:$TRAIN"
cat > "$program.new" <<EOF
#!/bin/sh
GEM_HOME='$home' GEM_PATH='$home' RUBYLIB='$home/gems/train-$TRAIN/lib' exec ruby '$home/bin/inspec' "\$@"
EOF
chmod +x "$program.new"
CHEF_LICENSE=accept-no-persist "$program.new" version >&2
mv "$program.new" "$program"
echo "$program"
