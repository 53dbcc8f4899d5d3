/**
 * Perl: tries what the request names, one line each, and prints a JSON array per line. perl-base only. Arguments:
 * the program, the request. A request line: id, tcp|udp|ask|resolve|self, host, port, milliseconds, payload in hex.
 * Answer: id, outcome, address, milliseconds, answer in hex, words.
 */
export const perlDial = String.raw`
use strict; use Socket qw(:all); use POSIX ();
my $clock = eval { require Time::HiRes; sub { Time::HiRes::clock_gettime(1) } } || do {
  # perl-base has no Time::HiRes: clock_gettime(CLOCK_MONOTONIC) by its number, else ticks of 10 ms.
  my %n = (x86_64 => 228, aarch64 => 113, riscv64 => 113, s390x => 260, ppc64le => 246);
  my $call = $n{(POSIX::uname())[4]};
  $call ? sub { my $b = "\0" x 16; syscall($call, 1, $b); my ($s, $ns) = unpack 'qq', $b; $s + $ns / 1e9 } : sub { (POSIX::times())[0] / 100 };
};
sub text { my $v = shift; return 'null' unless defined $v; $v =~ s/([^ !#-\[\]-~])/sprintf('\\u%04x', ord $1)/ge; return '"' . $v . '"' }
sub say_ { print '[', join(',', map { text($_) } @_), "]\n" }
# No way for this kind of address at all (ENETUNREACH, EADDRNOTAVAIL, EAFNOSUPPORT): another address may have one.
sub away { return $_[0] == 101 || $_[0] == 99 || $_[0] == 97 }
# Of several addresses the one counts that proves least, so that a refusal by one does not hide the silence of another.
my %RANK = (refused => 1, reset => 2, unreachable => 3, timeout => 4, error => 5);
sub outcome { my $n = shift; return $n == 111 ? 'refused' : $n == 110 ? 'timeout' : $n == 113 || $n == 100 || away($n) ? 'unreachable' : $n == 104 ? 'reset' : 'error' }
sub addresses {
  my ($host, $port, $type) = @_;
  my ($error, @found) = getaddrinfo($host, $port, { socktype => $type });
  return (\@found) unless $error;
  my $n = $error + 0;
  return (undef, $n == -2 || $n == -5 ? 'unresolved' : 'resolver', "$error");
}
sub numeric { my ($e, $host) = getnameinfo($_[0], NI_NUMERICHOST | NI_NUMERICSERV); return $host }
sub ready { my ($s, $write, $left) = @_; my $v = ''; vec($v, fileno $s, 1) = 1; my $w = $v; return select($write ? undef : $v, $write ? $w : undef, undef, $left > 0 ? $left : 0) > 0 }
sub try_one {
  my ($to, $kind, $ms, $payload) = @_;
  my $end = $clock->() + $ms / 1000;
  socket(my $s, $to->{family}, ($kind eq 'udp' || $kind eq 'ask' ? SOCK_DGRAM : SOCK_STREAM), 0) or return ('error', undef, "$!");
  my $flags = fcntl($s, 3, 0); fcntl($s, 4, $flags | 2048);
  if (!connect($s, $to->{addr})) {
    my $n = $! + 0; return (outcome($n), undef, "$!", away($n)) unless $n == 115;
    return ('timeout') unless ready($s, 1, $end - $clock->());
    my $n = unpack 'i', getsockopt($s, SOL_SOCKET, SO_ERROR);
    if ($n) { $! = $n; return (outcome($n), undef, "$!", away($n)) }
  }
  return ('connected') if $kind eq 'tcp' && !length $payload;
  if (!defined syswrite($s, $payload)) { return (outcome($! + 0), undef, "$!") }
  my $got = '';
  while (1) {
    return ($kind eq 'udp' ? 'silent' : 'timeout', $got) unless ready($s, 0, $end - $clock->());
    my $n = sysread($s, my $part, 65536);
    return (outcome($! + 0), undef, "$!") unless defined $n;
    $got .= $part;
    return ('answered', $got) if $kind eq 'udp' || $kind eq 'ask' && $n;
    return ('closed', $got) unless $n;
    return ('answered', $got) if length $got >= 2 && length $got >= 2 + unpack 'n', $got;
  }
}
sub one {
  my ($line) = @_;
  my ($id, $kind, $host, $port, $ms, $hex) = split /\t/, $line, -1;
  my $begun = $clock->();
  my $listener;
  if ($kind eq 'self') {
    socket($listener, PF_INET, SOCK_STREAM, 0); bind($listener, pack_sockaddr_in(0, INADDR_LOOPBACK)); listen($listener, 1);
    ($host, $port, $kind) = ('127.0.0.1', (sockaddr_in(getsockname $listener))[0], 'tcp');
  }
  if ($host eq 'resolv.conf') {
    open my $fh, '<', '/etc/resolv.conf'; my ($first) = map { /^\s*nameserver\s+(\S+)/ ? $1 : () } <$fh>;
    if (!defined $first) { say_($id, 'error', undef, 0, undef, '/etc/resolv.conf names no server'); return }
    $host = $first;
  }
  my ($found, $why, $words) = addresses($host, $port, $kind eq 'udp' || $kind eq 'ask' ? SOCK_DGRAM : SOCK_STREAM);
  if (!$found) { say_($id, $why, undef, int(1000 * ($clock->() - $begun)), undef, $words); return }
  if ($kind eq 'resolve') {
    my %seen; my @all = grep { !$seen{$_}++ } map { numeric($_->{addr}) } @$found;
    say_($id, 'resolved', join(' ', @all), int(1000 * ($clock->() - $begun)), undef, undef); return;
  }
  my (@last, $rank);
  for my $to (@$found) {
    my $left = $ms - 1000 * ($clock->() - $begun);
    last if @last && $left <= 0;
    my $start = $clock->();
    my ($outcome, $got, $error, $away) = try_one($to, $kind, $left, pack('H*', $hex));
    my $now = $outcome =~ /^(connected|answered|closed|silent)$/ ? 9 : $away ? 0 : $RANK{$outcome} || 5;
    next if @last && $now <= $rank;
    $rank = $now;
    @last = ($outcome, numeric($to->{addr}), sprintf('%.2f', 1000 * ($clock->() - $start)), defined $got ? unpack('H*', $got) : undef, $error);
    last if $rank == 9;
  }
  say_($id, @last);
}
# All at the same time, so that silence costs its time once; each child has a pipe of its own.
my @pipes;
for my $line (split /\n/, $ARGV[2]) {
  pipe(my $r, my $w) or die "pipe: $!";
  my $pid = fork;
  die "fork: $!" unless defined $pid;
  if (!$pid) { close $r; select $w; $| = 1; one($line); POSIX::_exit(0) }
  close $w; push @pipes, $r;
}
for my $r (@pipes) { local $/; print <$r> }
print "[\"end\"]\n";
`;
