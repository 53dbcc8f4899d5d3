/**
 * Finds something that can try a connection: `sh -c LAUNCHER galley-probe PERL RUBY REQUEST`. Without perl or ruby a
 * bash, or the nc of busybox, tries TCP and getent resolves names; what they say is passed on as `plain` lines.
 * Exit 69: nothing there that could look.
 */
export const DIAL_LAUNCHER = String.raw`PATH="$PATH:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"; export PATH LC_ALL=C
if command -v perl >/dev/null 2>&1 && perl -MSocket -MPOSIX -e 1 2>/dev/null; then
  echo '["tool","perl"]'; exec perl -e 'eval $ARGV[1]; die $@ if $@' galley-probe "$1" "$3"
fi
for ruby in /opt/cinc/embedded/bin/ruby /opt/chef/embedded/bin/ruby ruby; do
  if command -v "$ruby" >/dev/null 2>&1; then echo '["tool","ruby"]'; exec "$ruby" -e 'eval ARGV[1]' galley-probe "$2" "$3"; fi
done
tool=
if command -v bash >/dev/null 2>&1 && command -v timeout >/dev/null 2>&1; then tool=bash
elif command -v nc >/dev/null 2>&1; then tool=nc; fi
[ -n "$tool" ] || { echo "no perl, ruby, bash or nc" >&2; exit 69; }
echo "[\"tool\",\"$tool\"]"
tab=$(printf '\t')
printf '%s\n' "$3" | { while IFS=$tab read -r id kind host port ms hex; do (
  case $kind in
    tcp)
      s=$(( (ms + 999) / 1000 ))
      if [ $tool = bash ]; then words=$(timeout "$s" bash -c 'exec 3<>"/dev/tcp/$1/$2"' bash "$host" "$port" 2>&1 </dev/null); code=$?
      else words=$(nc -z -v -w "$s" "$host" "$port" 2>&1 </dev/null); code=$?; fi ;;
    resolve) words=$(getent ahosts "$host" 2>&1); code=$? ;;
    *) words="$tool cannot do this"; code=70 ;;
  esac
  echo "plain $id $kind $code $(printf '%s' "$words" | tr '\n' ' ')"
) & done; wait; }
echo '["end"]'`;
