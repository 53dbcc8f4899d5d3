/** Ruby: twin of `perl/processes.ts`. */
export const rubyProcesses = String.raw`
PROCS = {}
# What led here: sudo and shells with the probe on their command lines, in quotes of their own; all that lies below sshd.
ABOVE = {}
above = Process.ppid
while above > 1 && ABOVE.size < 64
  m = /\A\d+ \((.*)\) \S+ (\d+)/mn.match(read("/proc/#{above}/stat", 4096).to_s) or break
  break ABOVE.each_key { |pid| ABOVE[pid] = 2 } if m[1].start_with?('sshd')
  ABOVE[above] = 1
  above = m[2].to_i
end
def unit_of(path, prefix)
  path = path[prefix.bytesize..-1] if path.start_with?(prefix)
  path[%r{.*/([^/]+\.service)(?:/|\z)}n, 1] || path[%r{.*/([^/]+\.scope)(?:/|\z)}n, 1]
end
def cgroup_of(pid)
  text = read("/proc/#{pid}/cgroup", 65_536).to_s
  text[/^\d+:name=systemd:(.*)$/n, 1] || text[/^0::(.*)$/n, 1] || ''
end
def hides
  line = read('/proc/self/mounts', 4 << 20).to_s.split("\n").map(&:split).find { |f| f[1] == '/proc' && f[2] == 'proc' }
  line && line[3][/hidepid=([1-9]|noaccess|invisible|ptraceable)/, 1]
end
def title(args) args.size == 1 ? args[0][/\A([^\s:\[]+)[\s:\[]/n, 1] : nil end
def read_processes(emit)
  pids = Dir.entries('/proc').grep(/\A\d+\z/).map(&:to_i).sort
  return failed('processes', '/proc holds no processes (is it mounted?)') if pids.empty?
  hidepid = hides
  failed('processes', "/proc is mounted with hidepid=#{hidepid}, which hides processes from this user") if hidepid && PTRACE == 0
  if pids.size > 20_000
    failed('processes', "#{pids.size} processes: only the first 20000 were read")
    pids = pids.first(20_000)
  end
  prefix = cgroup_of(1).sub(%r{/init\.scope\z}, '')
  prefix = '' if prefix == '/'
  denied = 0
  pids.each do |pid|
    next if pid == $$
    if $sent > 6 << 20
      failed('processes', 'the command lines of all processes are longer than 6 MiB: the rest was not read')
      break
    end
    begin
      dir = "/proc/#{pid}"
      stat = slurp("#{dir}/stat", 4096)
      m = /\A\d+ \((.*)\) (.*)\z/mn.match(stat) or next
      comm, f = m[1], m[2].split(' ')
      next if f[6].to_i & 0x00200000 != 0
      cmd = slurp("#{dir}/cmdline", 4097)
      next if cmd =~ /(?:\A|\0)galley-(?:probe|sidecar)(?:\0|\z)/n || (ABOVE[pid] && (ABOVE[pid] == 2 || cmd.include?('galley-probe')))
      next if FOREIGN && link("#{dir}/ns/mnt") == MNT
      cut = cmd.bytesize > 4096
      args = cmd.byteslice(0, 4096).split("\0")
      status = slurp("#{dir}/status", 16_384)
      uid = status[/^Uid:\s*\d+\s+(\d+)/, 1] or next
      exe = link("#{dir}/exe")
      unit = unit_of(cgroup_of(pid), prefix)
      PROCS[pid] = { names: [comm, base(args[0]), base(exe), title(args)].compact.reject(&:empty?), comm: comm, unit: unit, born: f[19], exe: exe }
      next unless emit
      put('p', pid, f[1], comm, args, cut ? 1 : 0, exe, uid, user(uid), f[0], format('%.2f', BOOT + f[19].to_i / HZ), unit,
          status[/^VmRSS:\s*(\d+)/, 1] || 0, f[17], f[25])
      next if needs('PD').empty?
      fds = Dir.entries("#{dir}/fd").size - 2 rescue nil
      score = read("#{dir}/oom_score", 32)
      put('pd', pid, link("#{dir}/cwd"), fds, score && score.chomp, read("#{dir}/limits", 8192))
    rescue Errno::EACCES, Errno::EPERM
      denied += 1
    rescue SystemCallError
      next
    end
  end
  failed('processes', "#{denied} processes could not be read (hidepid?)") if denied > 0
rescue SystemCallError => e
  failed('processes', "/proc cannot be read: #{reason(e)}")
end
`;
