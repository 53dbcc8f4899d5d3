/** Ruby: twin of `perl/sockets.ts`. */
export const rubySockets = String.raw`
INODES = {}
def read_sockets
  dir = OTHERNET ? '/proc/1/net' : '/proc/net'
  count = 0
  %w[tcp tcp6 udp udp6].each do |kind|
    begin
      text = slurp("#{dir}/#{kind}", 64 << 20)
    rescue SystemCallError => e
      failed('sockets', "#{dir}/#{kind} cannot be read: #{reason(e)}") unless e.is_a?(Errno::ENOENT) && kind.end_with?('6')
      next
    end
    text.split("\n").drop(1).each do |line|
      f = line.split(' ')
      next if f.size < 10
      return failed('sockets', 'more than 50000 sockets: the rest was not read') if (count += 1) > 50_000
      INODES[f[9]] = true if f[9] != '0'
      put('s', kind, f[1], f[2], f[3], f[7], f[9])
    end
  end
  slurp("#{dir}/unix", 64 << 20).split("\n").each do |line|
    m = /\A\S+: \S+ \S+ ([0-9A-F]+) ([0-9A-F]+) ([0-9A-F]+)\s+(\d+) (.+)\z/n.match(line) or next
    return failed('sockets', 'more than 50000 sockets: the rest was not read') if (count += 1) > 50_000
    INODES[m[4]] = true
    put('x', m[1], m[2], m[3], m[4], m[5])
  end
rescue SystemCallError => e
  failed('sockets', "#{dir}/unix cannot be read: #{reason(e)}")
end
def read_owners
  held = Hash.new { |h, k| h[k] = {} }
  unreadable = []
  PROCS.each_key do |pid|
    begin
      Dir.entries("/proc/#{pid}/fd").each do |fd|
        begin
          inode = File.readlink("/proc/#{pid}/fd/#{fd}")[/\Asocket:\[(\d+)\]\z/, 1] unless fd.start_with?('.')
        rescue Errno::EACCES, Errno::EPERM
          raise
        rescue SystemCallError
          next
        end
        held[inode][pid] ||= fd if inode && INODES[inode]
      end
    rescue Errno::EACCES, Errno::EPERM
      unreadable << pid
    rescue SystemCallError
      next
    end
  end
  held.sort_by { |inode, _| inode.to_i }.each { |inode, fds| put('o', inode, fds.keys, fds.values) }
  put('unreadable', unreadable)
end
def read_v6only
  return if OTHERNET
  s = Socket.new(16, Socket::SOCK_RAW, 4)
  [[10, 6, 1 << 10], [10, 17, 1 << 7], [2, 6, 1 << 10], [1, 0, 1 << 10]].each do |family, protocol, states|
    unix = family == 1
    request = unix ? [1, 0, 0, states, 0, 0x10, 0xffffffff, 0xffffffff].pack('CCSLLLLL') : [family, protocol, 0, 0, states].pack('CCCCL') + "\0" * 48
    s.syswrite([16 + request.bytesize, 20, 0x301, 1, 0].pack('LSSLL') + request)
    done = false
    until done || !IO.select([s], nil, nil, 2)
      data = s.sysread(65_536)
      at = 0
      while at + 16 <= data.bytesize
        length, type = data.byteslice(at, 6).unpack('LS')
        done = true if length < 16 || type == 3 || type == 2
        break if done
        inode = data.byteslice(at + 16 + (unix ? 4 : 68), 4).unpack('L')[0]
        a = at + 16 + (unix ? 16 : 72)
        put('bl', inode, data.byteslice(at + 76, 4).unpack('L')[0]) if !unix && protocol == 6
        while a + 5 <= at + length
          alen, atype = data.byteslice(a, 4).unpack('SS')
          break if alen < 4
          put('v6', inode, data.getbyte(a + 4)) if !unix && atype == 11
          put('bl', inode, data.byteslice(a + 8, 4).unpack('L')[0]) if unix && atype == 4
          a += (alen + 3) & ~3
        end
        at += (length + 3) & ~3
      end
    end
  end
rescue SystemCallError, EOFError
  nil
end
`;
