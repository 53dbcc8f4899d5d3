/**
 * Perl: environment of processes. `live` follows libc's `environ` pointer: the dynamic symbol table is read from the
 * process's own memory (so a library replaced on disk does not matter), main binary first because a COPY relocation
 * moves the variable there (uwsgi-core does), then libc. `at exec` is /proc/PID/environ. Everything is bounded.
 * Layouts: ELF gABI (Ehdr, Phdr, Dyn, Sym), DT_GNU_HASH as glibc's dl-lookup.c reads it; little endian, 32 and 64 bit.
 */
export const perlEnviron = String.raw`
my %SYMBOL;
sub rd {
  my ($fh, $at, $len) = @_;
  return undef unless defined sysseek($fh, $at, 0);
  my $n = sysread($fh, my $buf, $len);
  return defined $n && $n > 0 ? $buf : undef;
}
sub rdx { my $b = rd(@_); return defined $b && length $b == $_[2] ? $b : undef }
sub u32 { my $b = rdx(@_, 4); return defined $b ? unpack('V', $b) : undef }
sub gnu_hash { my $h = 5381; $h = ($h * 33 + ord) & 0xffffffff for split //, $_[0]; return $h }
sub sysv_hash { my $h = 0; for (split //, $_[0]) { $h = (($h << 4) + ord) & 0xffffffff; my $g = $h & 0xf0000000; $h ^= $g >> 24; $h &= ~$g } return $h }
# Address of the first of the names that the image at base defines.
sub symbol {
  my ($fh, $base, @names) = @_;
  my $eh = rdx($fh, $base, 64);
  return undef unless defined $eh && substr($eh, 0, 4) eq "\x7fELF" && ord(substr $eh, 5, 1) == 1;
  my $wide = ord(substr $eh, 4, 1) == 2;
  my ($phoff, $phsize, $phnum) = $wide ? unpack('x32 Q< x14 v v', $eh) : unpack('x28 V x10 v v', $eh);
  return undef if $phnum > 64 || $phsize > 256;
  my $ph = rdx($fh, $base + $phoff, $phsize * $phnum);
  return undef unless defined $ph;
  my ($bias, $dyn, $dynsize);
  for my $i (0 .. $phnum - 1) {
    my ($type, $off, $vaddr, $memsz) = $wide ? (unpack('V x4 Q< Q< x8 x8 Q<', substr $ph, $i * $phsize, $phsize)) : (unpack('V V V x4 x4 V', substr $ph, $i * $phsize, $phsize));
    $bias = $base - ($vaddr - $off) if $type == 1 && !defined $bias;
    ($dyn, $dynsize) = ($vaddr, $memsz) if $type == 2;
  }
  return undef unless defined $bias && defined $dyn && $dynsize < 65536;
  my $d = rdx($fh, $bias + $dyn, $dynsize);
  return undef unless defined $d;
  my @d = unpack($wide ? '(Q<)*' : 'V*', $d);
  my %t;
  while (@d > 1) { my $tag = shift @d; my $val = shift @d; last if $tag == 0; $t{$tag} = $val }
  # glibc relocates these pointers in place, musl does not.
  for (4, 5, 6, 0x6ffffef5) { $t{$_} += $bias if defined $t{$_} && $t{$_} < $bias }
  my ($str, $sym) = ($t{5}, $t{6});
  return undef unless $str && $sym;
  my $size = $wide ? 24 : 16;
  my $try = sub {
    my ($i, $name) = @_;
    my $s = rdx($fh, $sym + $i * $size, $size);
    return undef unless defined $s;
    my ($n, $shndx, $value) = $wide ? unpack('V x2 v Q<', $s) : (unpack('V V x6 v', $s))[0, 2, 1];
    return undef unless $shndx && $value;
    my $text = rdx($fh, $str + $n, 1 + length $name);
    return defined $text && $text eq "$name\0" ? $bias + $value : undef;
  };
  for my $name (@names) {
    if (my $gh = $t{0x6ffffef5}) {
      my $head = rdx($fh, $gh, 16);
      next unless defined $head;
      my ($buckets, $first, $bloom) = unpack 'V3', $head;
      next unless $buckets;
      my $b = $gh + 16 + $bloom * ($wide ? 8 : 4);
      my $h = gnu_hash($name);
      my $i = u32($fh, $b + 4 * ($h % $buckets));
      next unless $i && $i >= $first;
      for (1 .. 10000) {
        my $c = u32($fh, $b + 4 * $buckets + 4 * ($i - $first));
        last unless defined $c;
        if (($c | 1) == ($h | 1)) { my $found = $try->($i, $name); return $found if $found }
        last if $c & 1;
        $i++;
      }
    } elsif (my $sh = $t{4}) {
      my $buckets = u32($fh, $sh);
      next unless $buckets;
      my $i = u32($fh, $sh + 8 + 4 * (sysv_hash($name) % $buckets));
      for (1 .. 10000) {
        last unless $i;
        my $found = $try->($i, $name);
        return $found if $found;
        $i = u32($fh, $sh + 8 + 4 * $buckets + 4 * $i);
      }
    }
  }
  return undef;
}
# The wanted keys as libc sees them now: (undef, error) or (\%found).
sub live_environ {
  my ($pid, $keys) = @_;
  sysopen(my $fh, "/proc/$pid/mem", 0) or return (undef, why('memory'));
  my $maps = slurp("/proc/$pid/maps", 8 << 20);
  return (undef, why('memory map')) unless defined $maps;
  return (undef, 'the process has no memory (zombie)') if $maps eq '';
  my $exe = readlink "/proc/$pid/exe";
  my (%base, @order);
  for (split /\n/, $maps) {
    my ($start, $offset, $id, $path) = m{^([0-9a-f]+)-\S+ \S+ ([0-9a-f]+) (\S+ \d+)\s+(/.*)$} or next;
    next if exists $base{$path} || $offset !~ /^0+$/;
    $base{$path} = [hex $start, $id]; push @order, $path;
  }
  my ($main) = grep { defined $exe && $_ eq $exe } @order;
  $main = $order[0] unless defined $main;
  my ($libc) = grep { m{/(?:libc[.-][^/]*|ld-musl-[^/]*)$} } @order;
  return (undef, 'its program file is not mapped') unless defined $main;
  my $at;
  for my $image ($main, defined $libc ? $libc : ()) {
    my ($base, $id) = @{ $base{$image} };
    $id = "$id $image";
    if (!exists $SYMBOL{$id}) { my $found = symbol($fh, $base, 'environ', '__environ', '_environ'); $SYMBOL{$id} = defined $found ? $found - $base : undef }
    if (defined $SYMBOL{$id}) { $at = $base + $SYMBOL{$id}; last }
  }
  return (undef, defined $libc ? 'no environ symbol in its libc' : 'no libc environ (static binary)') unless defined $at;
  my $class = rdx($fh, $base{$main}[0] + 4, 1);
  my ($size, $word) = defined $class && ord $class == 1 ? (4, 'V') : (8, 'Q<');
  for my $attempt (1, 2) {
    my $raw = rdx($fh, $at, $size);
    return (undef, why('memory')) unless defined $raw;
    my $list = unpack $word, $raw;
    my ($found, $error) = walk($fh, $list, $size, $word, $keys);
    return ($found) if $found;
    return (undef, $error) if $attempt == 2;
  }
}
sub walk {
  my ($fh, $list, $size, $word, $keys) = @_;
  my %found;
  my $names = names_wanted($keys, \%found);
  return \%found unless $list;
  for my $chunk (0 .. 255) {
    my $raw = rd($fh, $list + $chunk * 256 * $size, 256 * $size);
    return (undef, 'its environment changed while being read') unless defined $raw && length $raw >= $size;
    my @p = unpack "($word)*", substr $raw, 0, length($raw) - length($raw) % $size;
    for my $p (@p) {
      return \%found unless $p;
      my $text = rd($fh, $p, 256);
      return (undef, 'its environment changed while being read') unless defined $text;
      $found{'*'} .= "$1\n" if $names && $text =~ /^([A-Za-z_]\w{0,127})=/;
      for my $key (@$keys) {
        next if exists $found{$key} || index($text, "$key=") != 0;
        while (index($text, "\0") < 0) {
          return (undef, "the value of $key is longer than 128 KiB") if length $text > 131072;
          my $more = rd($fh, $p + length $text, 4096);
          return (undef, 'its environment changed while being read') unless defined $more;
          $text .= $more;
        }
        $found{$key} = substr $text, 1 + length $key, index($text, "\0") - 1 - length $key;
      }
    }
    return (undef, 'its environment changed while being read') if length $raw < 256 * $size && $chunk == 255;
  }
  return (undef, 'more than 65536 variables');
}
# The key '*' asks for the names of all variables, without their values.
sub names_wanted {
  my ($keys, $found) = @_;
  return 0 unless grep { $_ eq '*' } @$keys;
  $found->{'*'} = '';
  return 1;
}
sub why {
  my $n = $! + 0;
  return "no right to read its $_[0] (needs root with CAP_SYS_PTRACE)" if $n == 13 || $n == 1;
  return 'gone' if $n == 2 || $n == 3;
  return "$_[0] cannot be read: $!";
}
# A title may be written over the block, and what is padded with: the entry after it may be half of one.
sub exec_environ {
  my ($pid, $keys) = @_;
  my $text = slurp("/proc/$pid/environ", 4 << 20);
  return (undef, why('exec block')) unless defined $text;
  my %found;
  my @entries = split /\0/, $text;
  my $over = length $text && ($text !~ /^[^\s=\0][^=\0]*=/ || spilled($pid));
  if ($over) { while (@entries) { last if length shift @entries } }
  my $names = !$over && names_wanted($keys, \%found);
  for my $entry (@entries) {
    $found{'*'} .= "$1\n" if $names && $entry =~ /^([A-Za-z_]\w{0,127})=/;
    for my $key (@$keys) { $found{$key} = substr $entry, 1 + length $key if index($entry, "$key=") == 0 && !exists $found{$key} }
  }
  return (\%found, $over ? 'its block at start was overwritten (by the title it gave itself): what it had is not known' : undef);
}
# The kernel's own rule for a title that is longer than the arguments: their last byte is not NUL.
sub spilled {
  my ($pid) = @_;
  my (undef, @f) = stat_of($pid);
  return 0 unless @f > 48 && $f[46];
  sysopen(my $fh, "/proc/$pid/mem", 0) or return 0;
  my $last = rdx($fh, $f[46] - 1, 1);
  return defined $last && $last ne "\0";
}
sub stat_of {
  my ($comm, $rest) = (slurp("/proc/$_[0]/stat", 4096) || '') =~ /^\d+ \((.*)\) (.*)$/s or return;
  return ($comm, split / /, $rest);
}
sub read_environ {
  my %keys;
  for my $need (needs('E')) {
    my (undef, $key, $unit, @names) = @$need;
    @names = grep { length } @names;
    # The same program file under another name, as uWSGI's emperor starts its vassals.
    my %program;
    for my $name (@names) { for (values %PROC) { $program{$_->{exe}} = 1 if defined $_->{exe} && $_->{names}{$name} && index(base($_->{exe}), $name) == 0 } }
    for my $pid (@PIDS) {
      my $p = $PROC{$pid};
      next if length $unit && (!defined $p->{unit} || $p->{unit} ne $unit);
      next if @names && !(defined $p->{exe} && $program{$p->{exe}}) && !grep { $p->{names}{$_} || (length $_ > 15 && $p->{comm} eq substr $_, 0, 15) } @names;
      $keys{$pid}{$key} = 1;
    }
  }
  for my $pid (sort { $a <=> $b } keys %keys) {
    my @keys = sort keys %{ $keys{$pid} };
    my ($live, $live_error) = live_environ($pid, \@keys);
    my ($block, $block_error) = exec_environ($pid, \@keys);
    my (undef, @f) = stat_of($pid);
    # What was read may be of no process (a zombie has no memory) or of another that has got the number since.
    if (!@f || $f[0] =~ /[ZXx]/ || $f[19] ne $PROC{$pid}{born}) { put('e', $pid, $_, 0, 'gone', 0, 'gone') for @keys; next }
    for (@keys) {
      my $known = $block && (!defined $block_error || exists $block->{$_});
      put('e', $pid, $_, defined $live ? 1 : 0, $live ? $live->{$_} : $live_error, $known ? 1 : 0, $known ? $block->{$_} : $block_error);
    }
  }
}
`;
