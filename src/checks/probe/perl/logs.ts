/**
 * Perl: where a log file ends, or what was written to it after a position told earlier. A position names the file by
 * inode and device and knows a fingerprint of the 256 bytes before it: a file that was rotated away, copied and truncated, or
 * written anew is noticed, and the part that went into a rotated file beside it is read there.
 */
export const perlLogs = String.raw`
sub fingerprint { my $h = 0; $h = ($h * 31 + $_) % 4294967296 for unpack 'C*', $_[0]; return $h }
sub beside {
  my ($path) = @_;
  my ($dir, $name) = $path =~ m{^(.*)/([^/]+)$} or return ();
  my ($stem) = $name =~ /^([^.]+)/;
  $stem = $name unless defined $stem;
  my @found;
  for my $other (@{ entries($dir eq '' ? '/' : $dir) || [] }) {
    next if $other eq $name || index($other, $stem) != 0;
    my @s = stat "$dir/$other";
    push @found, { path => "$dir/$other", ino => $s[1], dev => $s[0], size => $s[7], mtime => $s[9], own => index($other, $name) == 0 } if @s && -f _;
  }
  return sort { $a->{mtime} <=> $b->{mtime} } @found;
}
sub pieces_after {
  my ($path, $s, $from) = @_;
  my ($ino, $dev, $size, $tail, $len) = split /:/, $from;
  my $follows = sub {
    my ($p, $now) = @_;
    return 0 if $now < $size;
    my $t = slurp($p, $len, $size - $len);
    return defined $t && fingerprint($t) == $tail;
  };
  my $same = $s->[1] == $ino && $s->[0] == $dev;
  return ('same', undef, [$path, $size]) if $same && $follows->($path, $s->[7]);
  my $how = $same ? 'truncated' : 'rotated';
  my @beside = beside($path);
  my ($old) = grep { $_->{path} !~ /\.(?:gz|xz|bz2|zst)$/ && ($len ? 1 : $_->{ino} == $ino && $_->{dev} == $dev) && $follows->($_->{path}, $_->{size}) } @beside;
  if (!$old) {
    return ($how, undef, [$path, 0]) if !$same && !$size && !grep { $_->{own} } @beside;
    return ($how, $same ? 'it was truncated or written anew' : 'it was replaced, and the old file is gone or compressed', [$path, 0]);
  }
  my @later = grep { $_->{own} && $_->{mtime} >= $old->{mtime} && $_->{path} ne $old->{path} } @beside;
  my ($packed) = grep { $_->{path} =~ /\.(?:gz|xz|bz2|zst)$/ } @later;
  return ($how, $packed ? "$packed->{path} is compressed" : undef, [$old->{path}, $size], (map { [$_->{path}, 0] } grep { $_->{path} !~ /\.(?:gz|xz|bz2|zst)$/ } @later), [$path, 0]);
}
sub read_logs {
  require POSIX;
  my $zone = POSIX::strftime('%z', localtime);
  for my $need (needs('L')) {
    my (undef, $path, $from) = @$need;
    my $tell = sub { put('l', $path, $from, @_[0 .. 10], $zone) };
    my @s = stat $path;
    if (!@s) { $tell->(0, (undef) x 9, $! == 2 || $! == 20 ? undef : "$!"); next }
    if (!-f _) { $tell->(1, (undef) x 9, 'not a regular file'); next }
    my $len = $s[7] < 256 ? $s[7] : 256;
    my $tail = slurp($path, $len, $s[7] - $len);
    if (!defined $tail) { $tell->(1, (undef) x 9, "$!"); next }
    my @end = ($s[1], $s[0], $s[7], fingerprint($tail), length $tail);
    if ($from eq 'end') { $tell->(1, @end, undef, 0, 'same', undef, undef); next }
    my ($how, $missed, @pieces) = $from eq 'start' ? ('same', undef, [$path, 0]) : pieces_after($path, \@s, $from);
    my ($text, $cut, $error) = ('', 0, undef);
    for my $piece (@pieces) {
      my $room = (10 << 20) - $SENT - length $text;
      $room = 0 if $room < 0;
      my $more = slurp($piece->[0], $room + 1, $piece->[1]);
      if (!defined $more) { $error = "$piece->[0]: $!"; last }
      # A byte that is not ASCII travels as six.
      my $weight = length($more) + 5 * ($more =~ tr/\x20-\x7e//c);
      if (length $more > $room || $weight > $room) { $cut = 1; $more = substr $more, 0, $weight ? int($room * length($more) / $weight / 2) : 0 }
      $text .= $more;
      last if $cut;
    }
    $tell->(1, @end, $text, $cut, $how, $missed, $error);
  }
}
`;
