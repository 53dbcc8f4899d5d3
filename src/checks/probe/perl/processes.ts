/** Perl: all processes but kernel threads and probes; also the table `%PROC` that later sections select from. */
export const perlProcesses = String.raw`
my (%PROC, @PIDS, $denied);
# What led here: sudo and shells with the probe on their command lines, in quotes of their own; all that lies below sshd.
my %ABOVE;
{
  my @chain;
  for (my $pid = getppid; $pid > 1 && @chain < 64; ) {
    my ($comm, $up) = (slurp("/proc/$pid/stat", 4096) || '') =~ /^\d+ \((.*)\) \S+ (\d+)/s or last;
    if ($comm =~ /^sshd/) { $ABOVE{$_} = 2 for @chain; last }
    push @chain, $pid; $ABOVE{$pid} = 1; $pid = $up;
  }
}
sub unit_of {
  my ($path, $prefix) = @_;
  $path = substr $path, length $prefix if index($path, $prefix) == 0;
  return $1 if $path =~ m{.*/([^/]+\.service)(?:/|$)};
  return $1 if $path =~ m{.*/([^/]+\.scope)(?:/|$)};
  return undef;
}
sub cgroup_of {
  my $text = slurp("/proc/$_[0]/cgroup", 65536);
  return '' unless defined $text;
  return $1 if $text =~ /^\d+:name=systemd:(.*)$/m;
  return $1 if $text =~ /^0::(.*)$/m;
  return '';
}
sub is_probe { return $_[0] =~ /(?:^|\0)galley-(?:probe|sidecar)(?:\0|$)/ }
sub hides {
  for (split /\n/, slurp('/proc/self/mounts', 4 << 20) || '') {
    my @f = split / /;
    next unless $f[1] eq '/proc' && $f[2] eq 'proc';
    return $1 if $f[3] =~ /hidepid=([1-9]|noaccess|invisible|ptraceable)/;
  }
  return undef;
}
sub read_processes {
  my ($emit) = @_;
  my $names = entries('/proc');
  if (!$names) { failed('processes', "/proc cannot be read: $!"); return }
  my @pids = sort { $a <=> $b } grep { /^\d+$/ } @$names;
  if (!@pids) { failed('processes', '/proc holds no processes (is it mounted?)'); return }
  my $hidepid = hides();
  failed('processes', "/proc is mounted with hidepid=$hidepid, which hides processes from this user") if defined $hidepid && !$ptrace;
  if (@pids > 20000) { failed('processes', scalar(@pids) . ' processes: only the first 20000 were read'); $#pids = 19999 }
  my $prefix = cgroup_of(1);
  $prefix =~ s{/init\.scope$}{};
  $prefix = '' if $prefix eq '/';
  my $mine = $foreign ? $mnt : undef;
  my $details = needs('PD') ? 1 : 0;
  for my $pid (@pids) {
    next if $pid == $$;
    if ($SENT > 6 << 20) { failed('processes', 'the command lines of all processes are longer than 6 MiB: the rest was not read'); last }
    my $stat = slurp("/proc/$pid/stat", 4096);
    if (!defined $stat) { $denied++ if $! == 13 || $! == 1; next }
    my ($comm, $rest) = $stat =~ /^\d+ \((.*)\) (.*)$/s or next;
    my @f = split / /, $rest;
    next if $f[6] & 0x00200000;
    my $cmd = slurp("/proc/$pid/cmdline", 4097);
    next if !defined $cmd || is_probe($cmd) || ($ABOVE{$pid} && ($ABOVE{$pid} == 2 || $cmd =~ /galley-probe/));
    if (defined $mine) { my $m = readlink "/proc/$pid/ns/mnt"; next if defined $m && $m eq $mine }
    my $cut = length $cmd > 4096 ? 1 : 0;
    $cmd = substr $cmd, 0, 4096;
    $cmd =~ s/\0$// unless $cut;
    my @args = split /\0/, $cmd;
    my $status = slurp("/proc/$pid/status", 16384);
    next unless defined $status;
    my ($uid) = $status =~ /^Uid:\s*\d+\s+(\d+)/m;
    next unless defined $uid;
    my $exe = readlink "/proc/$pid/exe";
    my %names = map { $_ => 1 } grep { defined && length } $comm, base($args[0]), base($exe), @args == 1 && $args[0] =~ /^([^\s:\[]+)[\s:\[]/ ? $1 : ();
    $PROC{$pid} = { names => \%names, comm => $comm, state => $f[0], unit => unit_of(cgroup_of($pid), $prefix), born => $f[19], exe => $exe };
    push @PIDS, $pid;
    next unless $emit;
    put('p', $pid, $f[1], $comm, \@args, $cut, $exe, $uid, user($uid), $f[0], sprintf('%.2f', $boot + $f[19] / $HZ),
      $PROC{$pid}{unit}, $status =~ /^VmRSS:\s*(\d+)/m ? $1 : 0, $f[17], $f[25]);
    next unless $details;
    my ($fds, $score) = (entries("/proc/$pid/fd"), slurp("/proc/$pid/oom_score", 32));
    chomp $score if defined $score;
    put('pd', $pid, scalar readlink("/proc/$pid/cwd"), $fds ? scalar @$fds : undef, $score, slurp("/proc/$pid/limits", 8192));
  }
  failed('processes', "$denied processes could not be read (hidepid?)") if $denied;
}
sub base { my $p = shift; return undef unless defined $p; $p =~ s/ \(deleted\)$//; $p =~ s{.*/}{}; return $p }
`;
