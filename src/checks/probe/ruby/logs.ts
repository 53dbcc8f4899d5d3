/** Ruby: twin of `perl/logs.ts`. */
export const rubyLogs = String.raw`
PACKED = /\.(?:gz|xz|bz2|zst)\z/n
def fingerprint(text) text.each_byte.inject(0) { |h, b| (h * 31 + b) % 4_294_967_296 } end
def beside(path)
  dir, name = File.split(path)
  stem = name[/\A[^.]+/n] || name
  found = Dir.entries(dir).select { |o| o != name && o.b.start_with?(stem) }.map do |o|
    s = File.stat("#{dir}/#{o}") rescue next
    { path: "#{dir == '/' ? '' : dir}/#{o}", ino: s.ino, dev: s.dev, size: s.size, mtime: s.mtime.to_i, own: o.b.start_with?(name) } if s.file?
  end
  found.compact.sort_by { |o| o[:mtime] }
end
def pieces_after(path, s, from)
  ino, dev, size, tail, len = from.split(':').map(&:to_i)
  follows = lambda { |p, now| now >= size && fingerprint(slurp(p, len, size - len)) == tail rescue false }
  same = s.ino == ino && s.dev == dev
  return ['same', nil, [[path, size]]] if same && follows.call(path, s.size)
  how = same ? 'truncated' : 'rotated'
  others = beside(path)
  old = others.find { |o| o[:path] !~ PACKED && (len > 0 || (o[:ino] == ino && o[:dev] == dev)) && follows.call(o[:path], o[:size]) }
  unless old
    return [how, nil, [[path, 0]]] if !same && size == 0 && others.none? { |o| o[:own] }
    return [how, same ? 'it was truncated or written anew' : 'it was replaced, and the old file is gone or compressed', [[path, 0]]]
  end
  later = others.select { |o| o[:own] && o[:mtime] >= old[:mtime] && o[:path] != old[:path] }
  packed = later.find { |o| o[:path] =~ PACKED }
  [how, packed && "#{packed[:path]} is compressed", [[old[:path], size]] + later.reject { |o| o[:path] =~ PACKED }.map { |o| [o[:path], 0] } + [[path, 0]]]
end
def read_logs
  zone = Time.now.strftime('%z')
  needs('L').each do |_, path, from|
    tell = lambda { |*row| put('l', path, from, *row, zone) }
    begin
      s = File.stat(path)
    rescue Errno::ENOENT, Errno::ENOTDIR
      next tell.call(0, *([nil] * 10))
    rescue SystemCallError => e
      next tell.call(0, *([nil] * 9), reason(e))
    end
    next tell.call(1, *([nil] * 9), 'not a regular file') unless s.file?
    begin
      len = [s.size, 256].min
      tail = slurp(path, len, s.size - len)
      last = [s.ino, s.dev, s.size, fingerprint(tail), tail.bytesize]
      next tell.call(1, *last, nil, 0, 'same', nil, nil) if from == 'end'
      how, missed, pieces = from == 'start' ? ['same', nil, [[path, 0]]] : pieces_after(path, s, from)
      text = ''.b
      cut = false
      pieces.each do |piece, at|
        room = [(10 << 20) - $sent - text.bytesize, 0].max
        more = slurp(piece, room + 1, at)
        weight = more.bytesize + 5 * more.count('^ -~')
        if more.bytesize > room || weight > room
          cut = true
          more = more.byteslice(0, weight > 0 ? (room * more.bytesize / weight / 2) : 0)
        end
        text << more
        break if cut
      end
      tell.call(1, *last, text, cut ? 1 : 0, how, missed, nil)
    rescue SystemCallError => e
      tell.call(1, *([nil] * 9), reason(e))
    end
  end
end
`;
