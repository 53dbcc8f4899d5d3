/**
 * Perl: small files by pattern, folders, commands, states of passwords and raw netlink dumps. What they mean is
 * worked out in `../system/*.ts`, so that there is one reading of them for both languages.
 * The content of /etc/shadow never leaves the machine: only the state of a password does.
 */
export const perlSystem = String.raw`
sub read_globs {
  for my $need (needs('G')) {
    my $glob = $need->[1];
    my @paths = $glob =~ /[*?\[]/ ? (grep { -e $_ } glob($glob)) : ($glob);
    for my $path (@paths) {
      if (!-e $path) { my $why = $! == 2 || $! == 20 ? undef : "$!"; put('g', $glob, $path, 0, undef, 0, $why); next }
      next if -d _;
      my $text = slurp($path, (1 << 18) + 1);
      my $why = defined $text ? undef : "$!";
      put('g', $glob, $path, 1, defined $text ? substr($text, 0, 1 << 18) : undef, defined $text && length $text > 1 << 18 ? 1 : 0, $why);
    }
  }
}
sub read_folders {
  for my $need (needs('D')) {
    my $names = entries($need->[1]);
    my $why = $names || $! == 2 || $! == 20 ? undef : "$!";
    my @names = sort @{ $names || [] };
    put('d', $need->[1], $names ? 1 : 0, \@names, [grep { -f "$need->[1]/$_" && -x _ } @names], $why);
  }
}
sub run_commands {
  my %SCRIPT = map { $_->[1] => $_->[2] } needs('T');
  for my $need (needs('X')) {
    my (undef, $id, @argv) = @$need;
    @argv = ('sh', '-c', $SCRIPT{$1}, 'sh', @argv[1 .. $#argv]) if $argv[0] =~ /^script:(.*)$/;
    if (!which($argv[0])) { put('c', $id, 'missing', undef, 127); next }
    my ($text, $code) = run(@argv);
    put('c', $id, defined $text ? 'ran' : 'timeout', defined $text ? substr($text, 0, 1 << 20) : undef, $code);
  }
}
sub read_passwords {
  my $text = slurp('/etc/shadow', 8 << 20);
  my $why = defined $text ? undef : "/etc/shadow: $!";
  for my $need (needs('W')) {
    my ($hash) = (defined $text ? $text : '') =~ /^\Q$need->[1]\E:([^:\n]*)/m;
    put('w', $need->[1], !defined $hash ? 'absent' : $hash eq '' ? 'none' : $hash =~ /^[!*]/ ? 'locked' : 'set', $why);
  }
}
# A dump of rtnetlink (NETLINK_ROUTE): type 18 links, 22 addresses, 26 routes.
sub read_netlink {
  my ($type) = @_;
  socket(my $s, 16, 3, 0) or return failed('network', "netlink: $!");
  defined syswrite($s, pack('LSSLLC4x12', 32, $type, 0x301, 1, 0, 0, 0, 0, 0)) or return failed('network', "netlink: $!");
  for (1 .. 10000) {
    my $r = ''; vec($r, fileno $s, 1) = 1;
    return failed('network', 'netlink gave no answer') unless select($r, undef, undef, 2) > 0;
    my $n = sysread($s, my $buf, 262144);
    return failed('network', "netlink: $!") unless $n;
    my ($at, $end) = (0, 0);
    while ($at + 16 <= $n) {
      my ($len, $kind) = unpack('LS', substr $buf, $at, 6);
      last if $len < 16;
      return failed('network', 'netlink refused the request') if $kind == 2;
      $end = 1 if $kind == 3;
      $at += ($len + 3) & ~3;
    }
    put('n', $type, unpack('H*', $buf));
    return if $end;
  }
}
`;
