/** Ruby: twin of `perl/environ.ts`. */
export const rubyEnviron = String.raw`
SYMBOLS = {}
class Unreadable < StandardError; end
def rd(f, at, len)
  f.sysseek(at)
  f.sysread(len)
rescue SystemCallError, EOFError, RangeError
  nil
end
def rdx(f, at, len) b = rd(f, at, len); b && b.bytesize == len ? b : nil end
def u32(f, at) b = rdx(f, at, 4); b && b.unpack('V')[0] end
def gnu_hash(name) name.each_byte.inject(5381) { |h, c| (h * 33 + c) & 0xffffffff } end
def sysv_hash(name)
  name.each_byte.inject(0) { |h, c| h = ((h << 4) + c) & 0xffffffff; g = h & 0xf0000000; (h ^ (g >> 24)) & ~g }
end
def symbol(f, at, names)
  eh = rdx(f, at, 64)
  return nil unless eh && eh.byteslice(0, 4) == "\x7fELF".b && eh.getbyte(5) == 1
  wide = eh.getbyte(4) == 2
  phoff = eh.byteslice(wide ? 32 : 28, wide ? 8 : 4).unpack(wide ? 'Q<' : 'V')[0]
  phsize, phnum = eh.byteslice(wide ? 54 : 42, 4).unpack('vv')
  return nil if phnum > 64 || phsize > 256
  ph = rdx(f, at + phoff, phsize * phnum) or return nil
  bias = dyn = dynsize = nil
  phnum.times do |i|
    type, off, vaddr, memsz = ph.byteslice(i * phsize, phsize).unpack(wide ? 'V x4 Q< Q< x8 x8 Q<' : 'V V V x4 x4 V')
    bias = at - (vaddr - off) if type == 1 && bias.nil?
    dyn, dynsize = vaddr, memsz if type == 2
  end
  return nil unless bias && dyn && dynsize < 65_536
  d = rdx(f, bias + dyn, dynsize) or return nil
  t = {}
  d.unpack(wide ? 'Q<*' : 'V*').each_slice(2) { |tag, value| break if tag == 0; t[tag] = value }
  [4, 5, 6, 0x6ffffef5].each { |tag| t[tag] += bias if t[tag] && t[tag] < bias }
  str, sym = t[5], t[6]
  return nil unless str && sym
  size = wide ? 24 : 16
  try = lambda do |i, name|
    s = rdx(f, sym + i * size, size) or return nil
    n = s.unpack('V')[0]
    shndx = s.byteslice(wide ? 6 : 14, 2).unpack('v')[0]
    value = s.byteslice(wide ? 8 : 4, wide ? 8 : 4).unpack(wide ? 'Q<' : 'V')[0]
    shndx != 0 && value != 0 && rdx(f, str + n, name.bytesize + 1) == name + "\0" ? bias + value : nil
  end
  names.each do |name|
    if t[0x6ffffef5]
      gh = t[0x6ffffef5]
      buckets, first, bloom = (rdx(f, gh, 16) || ("\0" * 16)).unpack('VVV')
      next if buckets == 0
      b = gh + 16 + bloom * (wide ? 8 : 4)
      h = gnu_hash(name)
      i = u32(f, b + 4 * (h % buckets)).to_i
      next if i == 0 || i < first
      10_000.times do
        c = u32(f, b + 4 * buckets + 4 * (i - first)) or break
        found = (c | 1) == (h | 1) && try.call(i, name)
        return found if found
        break if c & 1 == 1
        i += 1
      end
    elsif t[4]
      buckets = u32(f, t[4]).to_i
      next if buckets == 0
      i = u32(f, t[4] + 8 + 4 * (sysv_hash(name) % buckets)).to_i
      10_000.times do
        break if i == 0
        found = try.call(i, name)
        return found if found
        i = u32(f, t[4] + 8 + 4 * buckets + 4 * i).to_i
      end
    end
  end
  nil
end
def why(what, e)
  return "no right to read its #{what} (needs root with CAP_SYS_PTRACE)" if refused?(e)
  return 'gone' if e.is_a?(Errno::ENOENT) || e.is_a?(Errno::ESRCH)
  "#{what} cannot be read: #{reason(e)}"
end
def live_environ(pid, keys)
  maps = slurp("/proc/#{pid}/maps", 8 << 20)
  raise Unreadable, 'the process has no memory (zombie)' if maps.empty?
  exe = link("/proc/#{pid}/exe")
  images = {}
  maps.split("\n").each do |line|
    m = %r{\A([0-9a-f]+)-\S+ \S+ ([0-9a-f]+) (\S+ \d+)\s+(/.*)\z}n.match(line) or next
    images[m[4]] ||= [m[1].hex, m[3]] if m[2] =~ /\A0+\z/
  end
  main = images.key?(exe) ? exe : images.keys.first
  libc = images.keys.find { |p| p =~ %r{/(?:libc[.-][^/]*|ld-musl-[^/]*)\z}n }
  raise Unreadable, 'its program file is not mapped' unless main
  File.open("/proc/#{pid}/mem", 'rb') do |f|
    f.sync = true
    at = nil
    [main, libc].compact.each do |image|
      start, id = images[image]
      id = [id, image]
      unless SYMBOLS.key?(id)
        found = symbol(f, start, %w[environ __environ _environ].map(&:b))
        SYMBOLS[id] = found && found - start
      end
      break at = start + SYMBOLS[id] if SYMBOLS[id]
    end
    raise Unreadable, libc ? 'no environ symbol in its libc' : 'no libc environ (static binary)' unless at
    size, word = rdx(f, images[main][0] + 4, 1) == "\x01".b ? [4, 'V'] : [8, 'Q<']
    tries = 0
    begin
      raw = rdx(f, at, size) or raise Unreadable, 'its environment changed while being read'
      return walk(f, raw.unpack(word)[0], size, word, keys)
    rescue Unreadable
      retry if (tries += 1) < 2
      raise
    end
  end
rescue SystemCallError => e
  raise Unreadable, why('memory', e)
end
def walk(f, list, size, word, keys)
  changed = Unreadable.new('its environment changed while being read')
  found = keys.include?('*') ? { '*' => +'' } : {}
  return found if list == 0
  256.times do |chunk|
    raw = rd(f, list + chunk * 256 * size, 256 * size)
    raise changed unless raw && raw.bytesize >= size
    raw.byteslice(0, raw.bytesize - raw.bytesize % size).unpack(word + '*').each do |p|
      return found if p == 0
      text = rd(f, p, 256) or raise changed
      found['*'] << $1 << "\n" if found['*'] && text =~ /\A([A-Za-z_]\w{0,127})=/n
      keys.each do |key|
        next if found.key?(key) || !text.start_with?(key + '=')
        until text.include?("\0")
          raise Unreadable, "the value of #{key} is longer than 128 KiB" if text.bytesize > 131_072
          text << (rd(f, p + text.bytesize, 4096) || raise(changed))
        end
        found[key] = text[(key.bytesize + 1)...text.index("\0")]
      end
    end
  end
  raise Unreadable, 'more than 65536 variables'
end
def exec_environ(pid, keys)
  text = slurp("/proc/#{pid}/environ", 4 << 20)
  entries = text.split("\0")
  over = !text.empty? && (text !~ /\A[^\s=\0][^=\0]*=/n || spilled(pid))
  entries = entries.drop_while(&:empty?).drop(1) if over
  found = keys.include?('*') && !over ? { '*' => +'' } : {}
  entries.each do |entry|
    found['*'] << $1 << "\n" if found['*'] && entry =~ /\A([A-Za-z_]\w{0,127})=/n
    keys.each { |key| found[key] ||= entry.byteslice(key.bytesize + 1..-1) if entry.start_with?(key + '=') }
  end
  [found, over ? 'its block at start was overwritten (by the title it gave itself): what it had is not known' : nil]
rescue SystemCallError => e
  raise Unreadable, why('exec block', e)
end
def spilled(pid)
  f = stat_of(pid)
  return false unless f && f.size > 48 && f[46] != '0'
  last = File.open("/proc/#{pid}/mem", 'rb') { |m| rdx(m, f[46].to_i - 1, 1) }
  !last.nil? && last != "\0"
rescue SystemCallError
  false
end
def stat_of(pid)
  m = /\A\d+ \(.*\) (.*)\z/mn.match(read("/proc/#{pid}/stat", 4096).to_s)
  m && m[1].split(' ')
end
def attempt
  [yield, nil]
rescue Unreadable => e
  [nil, e.message]
end
def read_environ
  wanted = Hash.new { |h, k| h[k] = [] }
  needs('E').each do |_, key, unit, *names|
    names.reject!(&:empty?)
    programs = PROCS.values.select { |p| names.any? { |n| p[:names].include?(n) && base(p[:exe]).to_s.start_with?(n) } }.map { |p| p[:exe] }
    PROCS.each do |pid, p|
      next if !unit.empty? && p[:unit] != unit
      next if !names.empty? && !programs.include?(p[:exe]) && names.none? { |n| p[:names].include?(n) || (n.bytesize > 15 && p[:comm] == n.byteslice(0, 15)) }
      wanted[pid] |= [key]
    end
  end
  wanted.sort.each do |pid, keys|
    live, live_error = attempt { live_environ(pid, keys) }
    (block, over), block_error = attempt { exec_environ(pid, keys) }
    f = stat_of(pid)
    if f.nil? || f[0] =~ /[ZXx]/ || f[19] != PROCS[pid][:born]
      keys.sort.each { |k| put('e', pid, k, 0, 'gone', 0, 'gone') }
      next
    end
    keys.sort.each do |k|
      known = block && (over.nil? || block.key?(k))
      put('e', pid, k, live ? 1 : 0, live ? live[k] : live_error, known ? 1 : 0, known ? block[k] : block_error || over)
    end
  end
end
`;
