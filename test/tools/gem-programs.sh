# Sourced by the installers beside it: programs from gems in a folder of their own, beside the machine's Ruby.

# alone HOME: waits for whoever else installs there (two test files may want the same program at once).
alone() {
  mkdir -p "$1"
  exec 9> "$1.lock"
  if command -v flock >/dev/null; then flock 9; fi
}

# need_ruby INSTALLER: ends with 3 when gems cannot be built here.
need_ruby() {
  local tool
  for tool in ruby gem make; do
    if ! command -v "$tool" >/dev/null; then
      echo "$1: '$tool' is missing; on Debian and Ubuntu: apt-get install ruby ruby-dev gcc make" >&2
      exit 3
    fi
  done
}

# install_gems HOME GEM:VERSION …
install_gems() {
  local home="$1"
  shift
  nice -n 10 gem install --install-dir "$home" --no-document --conservative --minimal-deps "$@" >&2
}

# write_program HOME NAME FILE [RUBYLIB]: FILE runs bin/NAME of HOME; it is only there when that has run once.
write_program() {
  local home="$1" name="$2" file="$3" lib="${4:-}"
  cat > "$file.new" <<EOF
#!/bin/sh
GEM_HOME='$home' GEM_PATH='$home' ${lib:+RUBYLIB='$lib' }exec ruby '$home/bin/$name' "\$@"
EOF
  chmod +x "$file.new"
  CHEF_LICENSE=accept-no-persist "$file.new" --version >&2
  mv "$file.new" "$file"
}
