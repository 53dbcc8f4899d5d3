/** Perl: files. A link is followed for everything but `type` and `target`; a dangling one describes itself. */
export const perlFiles = String.raw`
my %TYPES = (0100000 => 'file', 0040000 => 'directory', 0120000 => 'symlink', 0140000 => 'socket', 0010000 => 'fifo', 0060000 => 'block', 0020000 => 'char');
sub digest {
  my $path = shift;
  if (eval { require Digest::SHA; 1 }) { my $d = eval { Digest::SHA->new(256)->addfile($path, 'b')->hexdigest }; return $d if defined $d }
  my ($text) = which('sha256sum') ? run('sha256sum', '--', $path) : ('');
  return defined $text && $text =~ /^\\?([0-9a-f]{64})/ ? $1 : undef;
}
sub read_files {
  my @files = needs('F');
  my %wanted = map { $_->[2] => 1 } @files;
  for my $need (needs('FG')) {
    require File::Glob;
    my @paths = sort grep { lstat $_ } File::Glob::bsd_glob($need->[2]);
    my $more = @paths > 1000 ? 1 : 0;
    $#paths = 999 if $more;
    put('fg', $need->[2], \@paths, $more);
    push @files, map { ['F', $need->[1], $_] } grep { !$wanted{$_}++ } @paths;
  }
  my %mtime;
  # stat(1) of coreutils gives the fraction of the second, Perl's own stat does not.
  if (which('stat')) {
    my @paths = map { $_->[2] } @files;
    for my $look ([[grep { -e } @paths], '-L'], [[grep { -l && !-e } @paths]]) {
      my ($there, @follow) = @$look;
      my ($text) = @$there ? run('stat', @follow, '-c', '%.9Y', '--', @$there) : ('');
      my @lines = grep { /^\d+\.\d+$/ } split /\n/, defined $text ? $text : '';
      @mtime{@$there} = @lines if @lines == @$there;
    }
  }
  my $total = 0;
  for my $need (@files) {
    my (undef, $content, $path) = @$need;
    my @l = lstat $path;
    if (!@l) {
      put('f', $path, 0, $! == 2 || $! == 20 ? () : ((undef) x 11, "$!"));
      next;
    }
    my $type = $TYPES{ $l[2] & 0170000 };
    my $target = $type eq 'symlink' ? readlink $path : undef;
    my @s = stat $path;
    my $dangling = !@s;
    @s = @l if $dangling;
    my $regular = ($s[2] & 0170000) == 0100000;
    my ($text, $cut, $error);
    if ($content && $regular) {
      if ($total > 8 << 20 || $SENT > 12 << 20) { $error = 'more than 8 MiB of file content in one look' }
      else {
        $text = slurp($path, (1 << 20) + 1);
        $error = "$!" unless defined $text;
        if (defined $text) { $cut = length $text > 1 << 20; $text = substr $text, 0, 1 << 20; $total += length $text }
      }
    }
    put('f', $path, 1, $type, $s[2] & 07777, $s[4], $s[5], user($s[4]), group($s[5]), $s[7],
      defined $mtime{$path} ? $mtime{$path} : $s[9], $target, $text, $cut ? 1 : 0, $error,
      $content && $regular && $s[7] < 1 << 28 ? digest($path) : undef);
  }
}
`;
