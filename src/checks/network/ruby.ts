/** Ruby: twin of `perl.ts`. */
export const rubyDial = String.raw`
require 'socket'
def text(v) v.nil? ? 'null' : '"' + v.to_s.b.gsub(/[^ !#-\[\]-~]/n) { |c| format('\\u%04x', c.ord) } + '"' end
def row(*all) '[' + all.map { |v| text(v) }.join(',') + ']' end
def now() Process.clock_gettime(Process::CLOCK_MONOTONIC) end
AWAY = [Errno::ENETUNREACH, Errno::EADDRNOTAVAIL, Errno::EAFNOSUPPORT]
RANK = { 'refused' => 1, 'reset' => 2, 'unreachable' => 3, 'timeout' => 4, 'error' => 5 }
def outcome(e)
  case e
  when Errno::ECONNREFUSED then 'refused'
  when Errno::ETIMEDOUT then 'timeout'
  when Errno::EHOSTUNREACH, Errno::ENETDOWN, *AWAY then 'unreachable'
  when Errno::ECONNRESET then 'reset'
  else 'error'
  end
end
def reason(e) e.message.sub(/ - .*/m, '') end
def try_one(to, kind, ms, payload)
  stop = now + ms / 1000.0
  left = -> { [stop - now, 0].max }
  s = Socket.new(to.afamily, %w[udp ask].include?(kind) ? Socket::SOCK_DGRAM : Socket::SOCK_STREAM, 0)
  begin
    s.connect_nonblock(to)
  rescue IO::WaitWritable
    return ['timeout'] unless IO.select(nil, [s], nil, left.call)
    begin
      s.connect_nonblock(to)
    rescue Errno::EISCONN
      nil
    end
  end
  return ['connected'] if kind == 'tcp' && payload.empty?
  s.write_nonblock(payload)
  s.send('', 0) if payload.empty?
  got = ''.b
  loop do
    return [kind == 'udp' ? 'silent' : 'timeout', got] unless IO.select([s], nil, nil, left.call)
    begin
      part = s.readpartial(65_536)
    rescue EOFError
      return ['closed', got]
    end
    got << part
    return ['answered', got] if kind == 'udp' || kind == 'ask'
    return ['answered', got] if got.bytesize >= 2 && got.bytesize >= 2 + got.unpack('n')[0]
  end
rescue SystemCallError => e
  [outcome(e), nil, reason(e), AWAY.any? { |c| e.is_a?(c) }]
ensure
  s.close if s
end
def one(line)
  id, kind, host, port, ms, hex = line.split("\t", -1)
  begun = now
  if kind == 'self'
    listener = TCPServer.new('127.0.0.1', 0)
    host, port, kind = '127.0.0.1', listener.addr[1].to_s, 'tcp'
  end
  if host == 'resolv.conf'
    host = (File.read('/etc/resolv.conf') rescue '')[/^\s*nameserver\s+(\S+)/, 1]
    return row(id, 'error', nil, 0, nil, '/etc/resolv.conf names no server') unless host
  end
  begin
    found = Addrinfo.getaddrinfo(host, port.empty? ? nil : port, nil, %w[udp ask].include?(kind) ? :DGRAM : :STREAM)
  rescue SocketError => e
    missing = e.message =~ /not known|No address associated/i
    return row(id, missing ? 'unresolved' : 'resolver', nil, ((now - begun) * 1000).to_i, nil, e.message.sub(/\Agetaddrinfo: /, ''))
  end
  return row(id, 'resolved', found.map(&:ip_address).uniq.join(' '), ((now - begun) * 1000).to_i, nil, nil) if kind == 'resolve'
  last = rank = nil
  found.each do |to|
    left = ms.to_i - (now - begun) * 1000
    break if last && left <= 0
    start = now
    result, got, error, away = try_one(to, kind, left, [hex].pack('H*'))
    now_rank = %w[connected answered closed silent].include?(result) ? 9 : away ? 0 : RANK[result] || 5
    next if last && now_rank <= rank
    rank = now_rank
    last = [result, to.ip_address, format('%.2f', (now - start) * 1000), got && got.unpack('H*')[0], error]
    break if rank == 9
  end
  row(id, *last)
end
# All at the same time, so that silence costs its time once.
ARGV[2].split("\n").map { |line| Thread.new { one(line) } }.each { |thread| puts thread.value }
puts '["end"]'
`;
