/**
 * Finds an interpreter on the instance and hands it the program: `sh -c LAUNCHER galley-probe PERL RUBY REQUEST
 * CLIENT_RUBY`. The marker `galley-probe` comes early on every command line so that probes do not see each other.
 * Exit 69 (EX_UNAVAILABLE): nothing there that could look.
 */
export const LAUNCHER = String.raw`PATH="$PATH:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"; export PATH LC_ALL=C
if command -v perl >/dev/null 2>&1; then exec perl -e 'eval $ARGV[1]; die $@ if $@' galley-probe "$1" "$3"; fi
for ruby in "$4" /opt/cinc/embedded/bin/ruby /opt/chef/embedded/bin/ruby ruby; do
  if [ -n "$ruby" ] && command -v "$ruby" >/dev/null 2>&1; then exec "$ruby" -e 'eval ARGV[1]' galley-probe "$2" "$3"; fi
done
echo "neither perl nor a ruby (of a Chef or Cinc client) is on this machine" >&2
exit 69`;

/** Exit code of the launcher when there is no interpreter. */
export const NO_INTERPRETER = 69;

/** Version of the line format between the programs and `parse-snapshot.ts`. */
export const PROBE_VERSION = '1';
