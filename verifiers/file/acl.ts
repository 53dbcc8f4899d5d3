import type { Connection } from '../../src/core/transport.ts';

/**
 * getfacl, or perl that reads the attribute system.posix_acl_access itself (getxattr(2); the entries are in
 * include/uapi/linux/posix_acl_xattr.h). Exit 69: neither is there. No attribute means that the mode is all there is.
 */
const SCRIPT = String.raw`
if command -v getfacl >/dev/null 2>&1; then exec getfacl -cpE -- "$@"; fi
command -v perl >/dev/null 2>&1 || exit 69
exec perl -e '
  my %CALL = (x86_64 => 191, aarch64 => 8);
  my $call = $CALL{(split " ", qx(uname -m))[0]} or exit 69;
  my %TAG = (1 => "user", 2 => "user", 4 => "group", 8 => "group", 16 => "mask", 32 => "other");
  for my $path (@ARGV) {
    my ($name, $buf) = ("system.posix_acl_access\0", "\0" x 65536);
    my $n = syscall($call, "$path\0", $name, $buf, 65536);
    if ($n < 0 && $! != 61 && $! != 95) { print STDERR "$path: $!\n"; exit 1 }
    my @entries;
    if ($n > 0) {
      for (my $at = 4; $at + 8 <= $n; $at += 8) {
        my ($tag, $perm, $id) = unpack("SSL", substr $buf, $at, 8);
        my $who = $tag == 2 ? (getpwuid $id) || $id : $tag == 8 ? (getgrgid $id) || $id : "";
        push @entries, [$TAG{$tag}, $who, $perm];
      }
    } else {
      my $mode = (stat $path)[2];
      @entries = (["user", "", $mode >> 6 & 7], ["group", "", $mode >> 3 & 7], ["other", "", $mode & 7]);
    }
    printf "%s:%s:%s%s%s\n", $_->[0], $_->[1], $_->[2] & 4 ? "r" : "-", $_->[2] & 2 ? "w" : "-", $_->[2] & 1 ? "x" : "-" for @entries;
    print "\n";
  }
' "$@"
`;

/** Entries of the access list of each path, in getfacl's form. Throws when they cannot be read. */
export async function readAcls(
  paths: readonly string[],
  connection: Connection,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const done = await connection.execute(['sh', '-c', SCRIPT, 'sh', ...paths], { signal, timeoutMs: 30_000 });
  if (done.exitCode === 69) throw new Error('access lists cannot be read: there is neither getfacl nor perl');
  const blocks = done.stdout.split(/\n\n+/).filter((block) => block.trim() !== '');
  if (done.exitCode !== 0 || blocks.length !== paths.length)
    throw new Error(`access lists cannot be read: ${done.stderr.trim() || `exit ${done.exitCode}`}`);
  return new Map(
    paths.map((path, at) => [path, (blocks[at] ?? '').split('\n').filter((line) => line !== '')]),
  );
}
