/** Perl: service units from the manager that PID 1 is: systemd, runit, else init scripts. Names of hosts, too. */
export const perlUnits = String.raw`
sub read_units {
  my @units = map { $_->[1] } needs('U');
  my $init = slurp('/proc/1/comm', 64) || ''; chomp $init;
  return systemd_units(@units) if $init eq 'systemd' || -d '/run/systemd/system';
  return runit_units(@units) if $init =~ /^runit|^runsvdir/;
  return sysv_units($init, @units);
}
sub systemd_units {
  my @names = map { /\.[a-z]+$/ ? $_ : "$_.service" } @_;
  return failed('units', 'PID 1 is systemd but systemctl is missing') unless which('systemctl');
  my @props = map { @$_[1 .. $#$_] } needs('UP');
  my ($text, $code) = run('systemctl', 'show', '--no-pager', '-p', 'Id,LoadState,ActiveState,SubState,UnitFileState,MainPID,NRestarts,Result,Environment,EnvironmentFiles,NeedDaemonReload,InvocationID,InactiveExitTimestampMonotonic', (map { ('-p', $_) } @props), '--', @names);
  return failed('units', 'systemctl show took longer than 10 s') unless defined $text;
  my @blocks = grep { /=/ } split /\n\n+/, $text;
  if (@blocks != @names || $text !~ /^LoadState=/m) {
    # Not its properties: Environment= may hold secrets.
    $text = join ' ', grep { /\S/ && !/^\w+=/ } split /\n/, $text;
    return failed('units', 'systemctl show failed: ' . substr $text, 0, 300);
  }
  for my $i (0 .. $#names) {
    my (%v, @files);
    for (split /\n/, $blocks[$i]) { my ($k, $v) = split /=/, $_, 2; if ($k eq 'EnvironmentFiles') { push @files, $v } else { $v{$k} = $v } }
    put('u', $_[$i], 'systemd', $v{LoadState} eq 'not-found' ? 0 : 1, $v{ActiveState}, $v{SubState}, $v{UnitFileState}, $v{MainPID} || 0,
      $v{NRestarts} || 0, $v{Result}, $v{Environment}, \@files, $v{NeedDaemonReload} eq 'yes' ? 1 : 0, [map { ($_, defined $v{$_} ? $v{$_} : '') } grep { exists $v{$_} } 'InvocationID', 'InactiveExitTimestampMonotonic', @props]);
  }
}
sub runit_units {
  for my $unit (@_) {
    my ($text) = run('sv', 'status', $unit);
    if (!defined $text) { failed('units', "sv status $unit took longer than 10 s"); next }
    my ($dir) = grep { -e } "/etc/service/$unit", "/var/service/$unit", "/service/$unit";
    my $known = defined $dir || $text !~ /file does not exist|unable to change to service directory/;
    my $up = $text =~ /^run:/;
    # Copied: arguments are aliases, and the next match would change $1 under them.
    my ($sub) = $text =~ /^(\w+):/;
    my ($pid) = $text =~ /\(pid (\d+)\)/;
    put('u', $unit, 'runit', $known ? 1 : 0, $up ? 'active' : 'inactive', defined $sub ? $sub : '', defined $dir && !-e "$dir/down" ? 'enabled' : 'disabled',
      $pid || 0, 0, '', '', [], 0);
  }
}
sub sysv_units {
  my ($init, @units) = @_;
  for my $unit (@units) {
    my $script = "/etc/init.d/$unit";
    if (!-e $script && which('sv') && grep { -d } "/etc/service/$unit", "/var/service/$unit", "/service/$unit") { runit_units($unit); next }
    if (!-e $script) { put('u', $unit, -d '/etc/init.d' ? 'sysv' : 'none', 0, '', '', '', 0, 0, '', '', [], 0); next }
    my ($text, $code) = run($script, 'status');
    if (!defined $text) { failed('units', "$script status took longer than 10 s"); next }
    my ($file) = (slurp($script, 1 << 20) || '') =~ /^\s*PIDFILE=["']?([^"'\s\$]+)/m;
    my ($pid) = map { (slurp($_, 32) || '') =~ /^\s*(\d+)/ } grep { defined } $file, "/run/$unit.pid", "/run/$unit/$unit.pid";
    put('u', $unit, 'sysv', 1, $code == 0 ? 'active' : 'inactive', "status exit $code", (glob "/etc/rc[2345].d/S[0-9][0-9]$unit") ? 'enabled' : 'disabled',
      $pid || 0, 0, '', '', [], 0);
  }
}
sub read_names {
  for my $need (needs('R')) {
    my $name = $need->[1];
    if ($othernet) { put('elsewhere', 'names'); return }
    my ($error, @found) = Socket::getaddrinfo($name, '', { socktype => Socket::SOCK_STREAM() });
    my @addresses = map { (Socket::getnameinfo($_->{addr}, Socket::NI_NUMERICHOST()))[1] } @found;
    put('r', $name, \@addresses, $error ? "$error" : undef);
  }
}
`;
