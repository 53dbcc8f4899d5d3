/**
 * Perl of every probe: output, small readers and the request. perl-base only (no JSON, Digest::SHA or Time::HiRes).
 * Each output line is a JSON array of strings; bytes above 0x7e travel as \u00XX and are put together again in
 * `parse-snapshot.ts`, so any binary data is safe. No backtick and no dollar-brace in these texts (String.raw).
 */
export const perlBase = String.raw`
use strict;
$SIG{PIPE} = 'DEFAULT';
my %ESC = ("\n" => '\\n', "\t" => '\\t', '"' => '\\"', '\\' => '\\\\');
sub js {
  my $v = shift;
  return 'null' unless defined $v;
  return '[' . join(',', map { js($_) } @$v) . ']' if ref $v;
  $v =~ s/([^ !#-\[\]-~])/$ESC{$1} || sprintf('\\u%04x', ord $1)/ge;
  return '"' . $v . '"';
}
my $SENT = 0;
sub put { my $line = js([@_]); $SENT += length $line; print STDOUT $line, "\n" }
sub failed { put('error', @_) }
sub slurp {
  my ($path, $max, $from) = @_;
  sysopen(my $fh, $path, 0) or return undef;
  !$from or defined sysseek($fh, $from, 0) or return undef;
  my $text = '';
  while (length($text) < $max) {
    my $want = $max - length($text);
    my $n = sysread($fh, $text, $want > 65536 ? 65536 : $want, length $text);
    return undef unless defined $n;
    last unless $n;
  }
  return $text;
}
sub entries { opendir(my $d, $_[0]) or return undef; my @names = grep { $_ ne '.' && $_ ne '..' } readdir $d; return \@names }
sub which { for my $d (split /:/, $ENV{PATH}) { return "$d/$_[0]" if -x "$d/$_[0]" } return undef }
# Output and exit code of a command, killed after 10 s; output undef when it was killed.
sub run {
  my $pid = open(my $fh, '-|');
  return (undef, -1) unless defined $pid;
  if (!$pid) {
    open STDERR, '>&STDOUT'; open STDIN, '<', '/dev/null';
    alarm 10; exec { $_[0] } @_; kill 'KILL', $$;
  }
  local $/; my $text = <$fh>; close $fh;
  return ($? & 127 ? undef : $text, $? >> 8);
}
my %AUX;
{ my $raw = slurp('/proc/self/auxv', 8192); my @w = unpack((length pack('P', 0)) == 8 ? 'Q*' : 'L*', defined $raw ? $raw : ''); while (@w > 1) { my $k = shift @w; $AUX{$k} = shift @w } }
my $HZ = $AUX{17} || 100;
my (@NEEDS, $now);
for my $line (split /\n/, $ARGV[2]) {
  my @f = map { s/%([0-9A-F]{2})/chr hex $1/ge; $_ } split /\t/, $line, -1;
  push @NEEDS, \@f;
}
sub needs { my $kind = shift; return grep { $_->[0] eq $kind } @NEEDS }
# In a sidecar the process namespace is shared and the root is not: move into the root of PID 1.
my ($mnt, $mnt1) = (readlink '/proc/self/ns/mnt', readlink '/proc/1/ns/mnt');
my ($net, $net1) = (readlink '/proc/self/ns/net', readlink '/proc/1/ns/net');
my $foreign = defined $mnt && defined $mnt1 && $mnt ne $mnt1;
my $othernet = defined $net && defined $net1 && $net ne $net1;
if (needs('R')) { require Socket }
if ($foreign) {
  if (!chroot('/proc/1/root')) { failed('all', "cannot enter the root of PID 1: $!"); put('end'); exit 0 }
  chdir '/';
}
my ($status) = slurp('/proc/self/status', 8192) || '';
my $ptrace = $status =~ /^CapEff:\s*([0-9a-f]+)/m ? (hex(substr $1, -8) >> 19) & 1 : 0;
sub uptime { (slurp('/proc/uptime', 64) || '') =~ /^([\d.]+)/ ? $1 : undef }
my $boot = 0;
{
  my ($up, $least);
  # The time of day is that of a moment between two looks at the uptime: on a busy machine they can lie far apart.
  for (1 .. 9) {
    my $before = uptime();
    my ($t) = run('date', '+%s.%N');
    my $after = uptime();
    my $time = defined $t && $t =~ /^(\d+\.\d+)$/m ? $1 : time;
    my $apart = defined $before && defined $after ? $after - $before : 0;
    ($now, $up, $least) = ($time, defined $after ? $after - $apart / 2 : undef, $apart) if !defined $least || $apart < $least;
    last if $least <= 0.03;
  }
  my ($bt) = (slurp('/proc/stat', 4 << 20) || '') =~ /^btime (\d+)/m;
  # btime is whole seconds; uptime is finer, unless something (lxcfs) gives the container's own.
  $boot = defined $up && (!defined $bt || abs($now - $up - $bt) < 3) ? $now - $up : $bt;
}
put('head', '1', $now, 'perl', $foreign ? 1 : 0, $othernet ? 1 : 0, $ptrace, unpack('C', pack('S', 1)) ? 'little' : 'big');
my (%USER, %GROUP);
for (split /\n/, slurp('/etc/passwd', 4 << 20) || '') { my @f = split /:/; $USER{$f[2]} = $f[0] if @f > 2 && !exists $USER{$f[2]} }
for (split /\n/, slurp('/etc/group', 4 << 20) || '') { my @f = split /:/; $GROUP{$f[2]} = $f[0] if @f > 2 && !exists $GROUP{$f[2]} }
sub user { my $u = shift; $USER{$u} = ($foreign ? undef : getpwuid $u) || $u unless exists $USER{$u}; return $USER{$u} }
sub group { my $g = shift; $GROUP{$g} = ($foreign ? undef : getgrgid $g) || $g unless exists $GROUP{$g}; return $GROUP{$g} }
`;
