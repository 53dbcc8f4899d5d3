/**
 * Perl: who is connected to a unix socket. /proc/net/unix names the accepted end only; sock_diag (unix_diag attribute 2,
 * UNIX_DIAG_PEER) tells which socket is its other end.
 */
export const perlPeers = String.raw`
sub plain_path { my $p = shift; $p =~ s{^/var/run/}{/run/}; return $p }
sub read_peers {
  my %wanted = map { plain_path($_->[1]) => 1 } needs('XP');
  return failed('peers', 'the ends of unix sockets are not visible from here') if $othernet;
  my (%line, %bound);
  for (split /\n/, slurp('/proc/net/unix', 64 << 20) || '') {
    next unless /^\S+: \S+ \S+ ([0-9A-F]+) ([0-9A-F]+) ([0-9A-F]+)\s+(\d+)(?: (.+))?$/;
    $line{$4} = [$1, $2, $3, defined $5];
    $bound{$4} = plain_path($5) if defined $5 && $wanted{plain_path($5)};
  }
  my $why = 'the kernel does not tell the other end of a unix socket (UNIX_DIAG)';
  socket(my $s, 16, 3, 4) or return failed('peers', "$why: $!");
  # struct unix_diag_req: state established (bit 1), UDIAG_SHOW_PEER.
  my $req = pack('CCSLLLLL', 1, 0, 0, 1 << 1, 0, 4, 0xffffffff, 0xffffffff);
  defined syswrite($s, pack('LSSLL', 16 + length $req, 20, 0x301, 1, 0) . $req) or return failed('peers', "$why: $!");
  for (1 .. 10000) {
    my $r = ''; vec($r, fileno $s, 1) = 1;
    return failed('peers', $why) unless select($r, undef, undef, 2) > 0;
    my $n = sysread($s, my $buf, 65536);
    return failed('peers', "$why: $!") unless $n;
    my $at = 0;
    while ($at + 16 <= $n) {
      my ($len, $type) = unpack('LS', substr $buf, $at, 6);
      return if $type == 3;
      return failed('peers', $why) if $len < 16 || $type == 2;
      my $inode = unpack('L', substr $buf, $at + 20, 4);
      my $a = $at + 32;
      while ($a + 8 <= $at + $len) {
        my ($alen, $atype) = unpack('SS', substr $buf, $a, 4);
        last if $alen < 4;
        my $path = $atype == 2 ? $bound{unpack('L', substr $buf, $a + 4, 4)} : undef;
        if (defined $path) {
          my ($flags, $kind, $state, $named) = @{ $line{$inode} || ['0', '1', '3', 0] };
          $INODE{$inode} = 1;
          put('x', $flags, $kind, $state, $inode, '') unless $named;
          put('xp', $inode, $path);
        }
        $a += ($alen + 3) & ~3;
      }
      $at += ($len + 3) & ~3;
    }
  }
}
`;
