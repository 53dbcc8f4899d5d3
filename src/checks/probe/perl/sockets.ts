/**
 * Perl: sockets as raw hex lines of /proc/net (decoded by the caller), their holders from /proc/PID/fd, and which
 * IPv6 sockets take no IPv4, asked with sock_diag (inet_diag attribute 11, INET_DIAG_SKV6ONLY), which /proc/net lacks.
 */
export const perlSockets = String.raw`
my %INODE;
sub read_sockets {
  my $dir = $othernet ? '/proc/1/net' : '/proc/net';
  my $count = 0;
  for my $kind ('tcp', 'tcp6', 'udp', 'udp6') {
    my $text = slurp("$dir/$kind", 64 << 20);
    if (!defined $text) {
      next if $! == 2 && $kind =~ /6$/;
      failed('sockets', "$dir/$kind cannot be read: $!"); next;
    }
    my @lines = split /\n/, $text; shift @lines;
    for (@lines) {
      my @f = split ' ';
      next unless @f > 9;
      if (++$count > 50000) { failed('sockets', 'more than 50000 sockets: the rest was not read'); return }
      $INODE{$f[9]} = 1 if $f[9];
      put('s', $kind, $f[1], $f[2], $f[3], $f[7], $f[9]);
    }
  }
  my $text = slurp("$dir/unix", 64 << 20);
  if (!defined $text) { failed('sockets', "$dir/unix cannot be read: $!"); return }
  for (split /\n/, $text) {
    next unless /^\S+: \S+ \S+ ([0-9A-F]+) ([0-9A-F]+) ([0-9A-F]+)\s+(\d+) (.+)$/;
    if (++$count > 50000) { failed('sockets', 'more than 50000 sockets: the rest was not read'); return }
    $INODE{$4} = 1;
    put('x', $1, $2, $3, $4, $5);
  }
}
sub read_owners {
  my (%held, %number, @unreadable);
  for my $pid (@PIDS) {
    my $names = entries("/proc/$pid/fd");
    if (!$names) { push @unreadable, $pid if $! == 13 || $! == 1; next }
    my %seen;
    for my $fd (@$names) {
      my $to = readlink "/proc/$pid/fd/$fd";
      if (!defined $to) { push @unreadable, $pid if ($! == 13 || $! == 1) && !$seen{denied}++; next }
      next unless $to =~ /^socket:\[(\d+)\]$/ && $INODE{$1} && !$seen{$1}++;
      push @{ $held{$1} }, $pid; push @{ $number{$1} }, $fd;
    }
  }
  put('o', $_, $held{$_}, $number{$_}) for sort { $a <=> $b } keys %held;
  put('unreadable', \@unreadable);
}
sub read_v6only {
  return if $othernet;
  socket(my $s, 16, 3, 4) or return;
  for my $q ([10, 6, 1 << 10], [10, 17, 1 << 7], [2, 6, 1 << 10], [1, 0, 1 << 10]) {
    my $unix = $q->[0] == 1;
    # struct inet_diag_req_v2, or unix_diag_req that asks for UDIAG_SHOW_RQLEN.
    my $req = $unix ? pack('CCSLLLLL', 1, 0, 0, $q->[2], 0, 0x10, ~0 & 0xffffffff, ~0 & 0xffffffff) : pack('CCCCL', $q->[0], $q->[1], 0, 0, $q->[2]) . ("\0" x 48);
    defined syswrite($s, pack('LSSLL', 16 + length $req, 20, 0x301, 1, 0) . $req) or return;
    my $rounds = 0;
    READ: while ($rounds++ < 10000) {
      my $r = ''; vec($r, fileno $s, 1) = 1;
      last unless select($r, undef, undef, 2) > 0;
      my $n = sysread($s, my $buf, 65536);
      last unless $n;
      my $at = 0;
      while ($at + 16 <= $n) {
        my ($len, $type) = unpack('LS', substr $buf, $at, 6);
        last READ if $len < 16 || $type == 3 || $type == 2;
        my $inode = unpack('L', substr $buf, $at + 16 + ($unix ? 4 : 68), 4);
        my $a = $at + 16 + ($unix ? 16 : 72);
        # Of a listener, the send queue is the longest queue there may be.
        put('bl', $inode, unpack('L', substr $buf, $at + 16 + 60, 4)) if !$unix && $q->[1] == 6;
        while ($a + 5 <= $at + $len) {
          my ($alen, $atype) = unpack('SS', substr $buf, $a, 4);
          last if $alen < 4;
          put('v6', $inode, unpack('C', substr $buf, $a + 4, 1)) if !$unix && $atype == 11;
          put('bl', $inode, unpack('L', substr $buf, $a + 8, 4)) if $unix && $atype == 4;
          $a += ($alen + 3) & ~3;
        }
        $at += ($len + 3) & ~3;
      }
    }
  }
}
`;
