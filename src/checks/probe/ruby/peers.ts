/** Ruby: twin of `perl/peers.ts`. */
export const rubyPeers = String.raw`
def plain_path(path) path.sub(%r{\A/var/run/}n, '/run/') end
def read_peers
  wanted = needs('XP').map { |n| plain_path(n[1]) }
  return failed('peers', 'the ends of unix sockets are not visible from here') if OTHERNET
  why = 'the kernel does not tell the other end of a unix socket (UNIX_DIAG)'
  lines = {}
  bound = {}
  slurp('/proc/net/unix', 64 << 20).split("\n").each do |l|
    m = /\A\S+: \S+ \S+ ([0-9A-F]+) ([0-9A-F]+) ([0-9A-F]+)\s+(\d+)(?: (.+))?\z/n.match(l) or next
    lines[m[4].to_i] = [m[1], m[2], m[3], !m[5].nil?]
    bound[m[4].to_i] = plain_path(m[5]) if m[5] && wanted.include?(plain_path(m[5]))
  end
  s = Socket.new(16, Socket::SOCK_RAW, 4)
  request = [1, 0, 0, 1 << 1, 0, 4, 0xffffffff, 0xffffffff].pack('CCSLLLLL')
  s.send([16 + request.bytesize, 20, 0x301, 1, 0].pack('LSSLL') + request, 0)
  10_000.times do
    return failed('peers', why) unless IO.select([s], nil, nil, 2)
    buf = s.recv(65_536)
    at = 0
    while at + 16 <= buf.bytesize
      len, type = buf.byteslice(at, 6).unpack('LS')
      return if type == 3
      return failed('peers', why) if len < 16 || type == 2
      inode = buf.byteslice(at + 20, 4).unpack('L')[0]
      a = at + 32
      while a + 8 <= at + len
        alen, atype = buf.byteslice(a, 4).unpack('SS')
        break if alen < 4
        path = atype == 2 ? bound[buf.byteslice(a + 4, 4).unpack('L')[0]] : nil
        if path
          flags, kind, state, named = lines[inode] || ['0', '1', '3', false]
          INODES[inode.to_s] = true
          put('x', flags, kind, state, inode, '') unless named
          put('xp', inode, path)
        end
        a += (alen + 3) & ~3
      end
      at += (len + 3) & ~3
    end
  end
rescue SystemCallError => e
  failed('peers', "#{why}: #{reason(e)}")
end
`;
