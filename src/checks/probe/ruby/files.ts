/** Ruby: twin of `perl/files.ts` and `perl/units.ts`. */
export const rubyFiles = String.raw`
TYPES = { 'file' => 'file', 'directory' => 'directory', 'link' => 'symlink', 'socket' => 'socket', 'fifo' => 'fifo', 'blockSpecial' => 'block', 'characterSpecial' => 'char' }
def digest(path)
  require 'digest'
  Digest::SHA256.file(path).hexdigest
rescue LoadError, SystemCallError
  nil
end
def read_files
  total = 0
  files = needs('F')
  needs('FG').each do |_, content, pattern|
    paths = Dir.glob(pattern.dup.force_encoding('UTF-8')).map(&:b).sort
    put('fg', pattern, paths.first(1000), paths.size > 1000 ? 1 : 0)
    files += paths.first(1000).reject { |p| files.any? { |f| f[2] == p } }.map { |p| ['F', content, p] }
  end
  files.each do |_, content, path|
    begin
      l = File.lstat(path)
    rescue Errno::ENOENT, Errno::ENOTDIR
      put('f', path, 0)
      next
    rescue SystemCallError => e
      put('f', path, 0, *([nil] * 11), reason(e))
      next
    end
    s = File.stat(path) rescue l
    text = cut = error = nil
    if content == '1' && s.file?
      if total > 8 << 20 || $sent > 12 << 20
        error = 'more than 8 MiB of file content in one look'
      else
        begin
          text = slurp(path, (1 << 20) + 1)
          cut = text.bytesize > 1 << 20
          text = text.byteslice(0, 1 << 20)
          total += text.bytesize
        rescue SystemCallError => e
          error = reason(e)
        end
      end
    end
    put('f', path, 1, TYPES[l.ftype], s.mode & 07777, s.uid, s.gid, user(s.uid), group(s.gid), s.size, format('%.9f', s.mtime.to_r),
        l.symlink? ? link(path) : nil, text, cut ? 1 : 0, error, content == '1' && s.file? && s.size < 1 << 28 ? digest(path) : nil)
  end
end
def read_units
  units = needs('U').map { |n| n[1] }
  init = read('/proc/1/comm', 64).to_s.chomp
  return systemd_units(units) if init == 'systemd' || File.directory?('/run/systemd/system')
  return runit_units(units) if init =~ /\Arunit|\Arunsvdir/
  sysv_units(units)
end
def systemd_units(units)
  names = units.map { |u| u =~ /\.[a-z]+\z/ ? u : u + '.service' }
  return failed('units', 'PID 1 is systemd but systemctl is missing') unless which('systemctl')
  props = needs('UP').flat_map { |n| n.drop(1) }
  text, = run('systemctl', 'show', '--no-pager', '-p', 'Id,LoadState,ActiveState,SubState,UnitFileState,MainPID,NRestarts,Result,Environment,EnvironmentFiles,NeedDaemonReload,InvocationID,InactiveExitTimestampMonotonic', *props.flat_map { |n| ['-p', n] }, '--', *names)
  return failed('units', 'systemctl show took longer than 10 s') unless text
  blocks = text.split(/\n\n+/).select { |b| b.include?('=') }
  if blocks.size != names.size || text !~ /^LoadState=/n
    # Not its properties: Environment= may hold secrets.
    said = text.split("\n").reject { |l| l.strip.empty? || l =~ /\A\w+=/n }.join(' ')
    return failed('units', 'systemctl show failed: ' + said[0, 300])
  end
  blocks.each_with_index do |block, i|
    v = {}
    files = []
    block.split("\n").each { |l| k, value = l.split('=', 2); k == 'EnvironmentFiles' ? files << value : v[k] = value }
    put('u', units[i], 'systemd', v['LoadState'] == 'not-found' ? 0 : 1, v['ActiveState'], v['SubState'], v['UnitFileState'], v['MainPID'] || 0,
        v['NRestarts'] || 0, v['Result'], v['Environment'], files, v['NeedDaemonReload'] == 'yes' ? 1 : 0, ['InvocationID', 'InactiveExitTimestampMonotonic', *props].select { |n| v.key?(n) }.flat_map { |n| [n, v[n]] })
  end
end
def runit_units(units)
  units.each do |unit|
    text, = run('sv', 'status', unit)
    next failed('units', "sv status #{unit} took longer than 10 s") unless text
    dir = ["/etc/service/#{unit}", "/var/service/#{unit}", "/service/#{unit}"].find { |d| File.exist?(d) }
    known = dir || text !~ /file does not exist|unable to change to service directory/n
    put('u', unit, 'runit', known ? 1 : 0, text.start_with?('run:') ? 'active' : 'inactive', text[/\A\w+(?=:)/n] || '',
        dir && !File.exist?("#{dir}/down") ? 'enabled' : 'disabled', text[/\(pid (\d+)\)/n, 1] || 0, 0, '', '', [], 0)
  end
end
def sysv_units(units)
  units.each do |unit|
    script = "/etc/init.d/#{unit}"
    next runit_units([unit]) if !File.exist?(script) && which('sv') && ["/etc/service/#{unit}", "/var/service/#{unit}", "/service/#{unit}"].any? { |d| File.directory?(d) }
    next put('u', unit, File.directory?('/etc/init.d') ? 'sysv' : 'none', 0, '', '', '', 0, 0, '', '', [], 0) unless File.exist?(script)
    text, code = run(script, 'status')
    next failed('units', "#{script} status took longer than 10 s") unless text
    file = read(script, 1 << 20).to_s[/^\s*PIDFILE=["']?([^"'\s$]+)/n, 1]
    pid = [file, "/run/#{unit}.pid", "/run/#{unit}/#{unit}.pid"].compact.map { |f| read(f, 32).to_s[/\A\s*(\d+)/, 1] }.compact.first || 0
    put('u', unit, 'sysv', 1, code == 0 ? 'active' : 'inactive', "status exit #{code}", Dir.glob("/etc/rc[2345].d/S[0-9][0-9]#{unit}").empty? ? 'disabled' : 'enabled',
        pid, 0, '', '', [], 0)
  end
end
def read_names
  needs('R').each do |_, name|
    return put('elsewhere', 'names') if OTHERNET
    begin
      put('r', name, Addrinfo.getaddrinfo(name, nil, nil, :STREAM).map(&:ip_address).uniq, nil)
    rescue SocketError => e
      put('r', name, [], e.message)
    end
  end
end
`;
