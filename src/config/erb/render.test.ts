import { chmod, writeFile } from 'node:fs/promises';
import path from 'node:path';
import tap, { type Test } from 'tap';
import { kitchenFolder } from '../../../test/corpus/kitchen-folder.ts';
import type { GalleyError } from '../../core/errors.ts';
import { createSourceFile } from '../source-file.ts';
import { renderErb } from './render.ts';

interface Options {
  readonly env?: Readonly<Record<string, string>>;
  readonly root?: string;
}

function render(written: string, { env = {}, root = '/nowhere' }: Options = {}) {
  const source = createSourceFile({ path: path.join(root, 'kitchen.yml'), label: 'kitchen.yml', written });
  return renderErb(source, { root, env });
}

async function failure(written: string, options: Options = {}): Promise<GalleyError> {
  return render(written, options).then(
    ({ text }) => {
      throw new Error(`rendered ${text}`);
    },
    (error: GalleyError) => error,
  );
}

/** Each expression with what `<%= … %>` gives. The right-hand sides were taken from Ruby 3.1. */
const gives = (table: Readonly<Record<string, string>>, env: Readonly<Record<string, string>> = {}) => {
  return async (t: Test) => {
    for (const [code, expected] of Object.entries(table)) {
      const { text, warnings } = await render(`<%= ${code} %>`, { env });
      t.equal(text, expected, code);
      t.strictSame(warnings, []);
    }
  };
};

await tap.test(
  'the environment and defaults',
  gives(
    {
      "ENV['SET']": 'value',
      "ENV['UNSET']": '',
      "ENV['UNSET'] || 'other'": 'other',
      'ENV["SET"] || "other"': 'value',
      "ENV.fetch('UNSET', 'default')": 'default',
      "ENV.fetch('UNSET') { |key| key.downcase }": 'unset',
      "ENV['UNSET'].nil? ? 'none' : ENV['UNSET']": 'none',
      "ENV.has_key?('SET') ? ENV['SET'] : ENV['OTHER']": 'value',
      "ENV['UNSET'].to_s.empty? ? 'e' : 'f'": 'e',
      "ENV['UNSET']&.upcase.inspect": 'nil',
      "!ENV['CI']": 'true',
      "(ENV['LIST'] || '').split(',').map(&:strip).inspect": '["a", "b"]',
      "ENV['UNSET'] || nil": '',
      "ENV['NUMBER'].to_i + 1": '8',
      "ENV.key?('SET') && ENV['SET'] == 'value'": 'true',
      "ENV['SET'] =~ /^val/ ? 'yes' : 'no'": 'yes',
      "ENV.fetch('UNSET') rescue 'rescued'": 'rescued',
    },
    { SET: 'value', LIST: 'a, b', NUMBER: '7' },
  ),
);

await tap.test(
  'texts, numbers and literals',
  gives({
    '"a#{1 + 1}b #{"in #{:x}"}"': 'a2b in x',
    "'sq #{no}'": 'sq #{no}',
    '"Hello"[0, 2] + "Hello"[-3..-1]': 'Hello'.slice(0, 2) + 'llo',
    '"ubuntu-22.04".split("-").last.sub(".", "")': '2204',
    '"debian-12".gsub(/(\\w+)-(\\d+)/, \'\\2 of \\1\')': '12 of debian',
    '"a_b-c".tr("_-", "  ")': 'a b c',
    '"abc".start_with?("x", "a")': 'true',
    '"%05.2f|%-5s|%3d" % [3.14159, "ab", 7]': '03.14|ab   |  7',
    'format("%s-%s", 1, "two")': '1-two',
    '1.0': '1.0',
    '7 / 2': '3',
    '7.0 / 2': '3.5',
    '-5.abs': '5',
    '2**8': '256',
    '1_000': '1000',
    ':sym.inspect': ':sym',
    '%w(a b).to_json': '["a","b"]',
    '{ "a" => 1, b: [nil, true] }': '{"a"=>1, :b=>[nil, true]}',
    '[1, "a", :b, nil, 2.5]': '[1, "a", :b, nil, 2.5]',
    'true ? "a":"b"': 'a',
    'not(true)': 'false',
    'nil.to_a.inspect': '[]',
  }),
);

await tap.test(
  'lists and hashes',
  gives({
    '[3, 1, 2].sort.reverse.inspect': '[3, 2, 1]',
    '%w(a b).each_with_index.map { |x, i| "#{i}#{x}" }.join(",")': '0a,1b',
    '(1..3).map { |i| i * 2 }.inspect': '[2, 4, 6]',
    '[1, 2, 3].inject(:+)': '6',
    '%w(centos-7) + %w(ubuntu-18.04)': '["centos-7", "ubuntu-18.04"]',
    '{ a: 1 }.merge(b: 2).map { |k, v| "#{k}=#{v}" }.join(" ")': 'a=1 b=2',
    '[["a", 1]].to_h.fetch("a")': '1',
    '[nil, 1, [2]].flatten.compact.inspect': '[1, 2]',
    '%w(b a).include?("a") and "yes"': 'yes',
    '[*1..3, 5].inspect': '[1, 2, 3, 5]',
    '%w(a b).product([1, 2]).map { |x, y| "#{x}#{y}" }.join(" ")': 'a1 a2 b1 b2',
    '[1, 2, 3].select(&:odd?).inspect': '[1, 3]',
    '{ x: { y: [1] } }.dig(:x, :y, 0)': '1',
    '[1, 2].any? { |x| x > 1 }': 'true',
    '->(x) { x * 2 }.call(4)': '8',
  }),
);

await tap.test('blocks, branches and variables span tags', async (t) => {
  const { text } = await render(
    `<%
versions = %w(1 2) # both
names = { 'a' => 'A',
          'b' => 'B' }
def pick(name, fallback = 'none')
  names = { 'x' => 1 }
  names[name] || fallback
end
%>
<% versions.each do |version| %>
<% next if version == '1' %>
- v<%= version %>
<% end %>
<% names.each { |key, name| %><%= key %>:<%= name %> <% } %>
<% if names.empty? %>empty<% elsif ENV['X'] == '1' %>one<% else %>other<% end %>
<% unless ENV['X'] %>unset<% end %>
<% case ENV['X'] when 'y', /^[0-9]$/ %>digit<% else %>no<% end %>
<% i = 0; while i < 2 %><%= i %><% i += 1 %><% end %>
<%= pick('x') %> <%= pick 'y' %> <% a, b = 'p-q'.split('-') %><%= b + a %>
<% s = 'x'; s << 'y' << 'z' %><%= s %> <% z ||= [1]; z << 2 %><%= z.length %>
<% begin; Integer('x'); rescue ArgumentError; r = 'rescued'; end %><%= r %>
`,
    { env: { X: '1' } },
  );
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  t.strictSame(lines, ['- v2', 'a:A b:B ', 'one', 'digit', '01', '1 none qp', 'xyz 2', 'rescued']);
});

await tap.test('files are read relative to the kitchen, templates within templates too', async (t) => {
  const root = await kitchenFolder(t, {
    'data.yml': 'versions: [1, "2"]\nlevel: :debug\n',
    'data.json': '{"a": {"b": "c"}}',
    'part.erb': '  <% if true %>\n- <%= 1 + 1 %>\n  <% end %>\n',
    'dir/b.rb': '',
    'dir/a.rb': '',
  });
  const table: Record<string, string> = {
    "YAML.load_file('data.yml')['versions'].inspect": '[1, "2"]',
    "YAML.load(File.read('data.yml'))['level']": 'debug',
    "JSON.parse(File.read('data.json'))['a']['b']": 'c',
    "File.exist?('data.yml')": 'true',
    "File.exist?(File.join(Dir.pwd, 'none'))": 'false',
    "Dir['dir/*.rb'].map { |f| File.basename(f, '.rb') }.join(',')": 'a,b',
    'File.basename(__FILE__)': 'kitchen.yml',
    "File.expand_path('../x', __FILE__)": `${root}/x`,
    "ERB.new(File.read('part.erb')).result": '  \n- 2\n  \n',
    "require 'erubis'; Erubis::Eruby.new(File.read('part.erb')).evaluate": '- 2\n',
  };
  for (const [code, expected] of Object.entries(table)) {
    t.equal((await render(`<%= ${code} %>`, { root })).text, expected, code);
  }
});

await tap.test('tags: comments, escapes and trimming', async (t) => {
  t.equal((await render('a <%# no %>b <%% c %> d')).text, 'a b <% c %> d');
  t.equal(
    (await render('x\n  <%- if true -%>\ny\n  <%- end -%>\nz\n')).text,
    'x\ny\nz\n',
    'Test Kitchen stops here',
  );
  t.equal((await render("<%= '%%>' %>")).text, '%>');
  t.equal((await render('# <% lib = 1 %>\n# <%= lib %>\n')).text, '# \n# 1\n', 'also inside YAML comments');
});

await tap.test('trap: a tag that ends in a Ruby comment swallows the text up to the next tag', async (t) => {
  const { text, warnings } = await render('a: 1 <% # note %>\nb: 2\nc: <%= 3 %>\n');
  t.equal(text, 'a: 1 3\n', 'as in Ruby');
  t.match(warnings, [{ message: /is lost/, location: { line: 1, column: 18 } }]);
});

await tap.test('what Ruby would raise is an error with its place', async (t) => {
  const missing = await failure("a: 1\nb: <%= ENV.fetch('NEEDED') %>\n");
  t.match(missing, {
    code: 'config.erb_failed',
    message: /ENV\.fetch\('NEEDED'\).*key not found: "NEEDED" \(KeyError\)/,
    location: { file: 'kitchen.yml', line: 2, column: 12 },
    hint: /default/,
  });
  t.match(await failure("<%= ENV['UNSET'].downcase %>"), { message: /undefined method `downcase' for nil/ });
  t.match(await failure("<% x = YAML.load_file('.none.yml') %>"), {
    message: /No such file or directory.*\.none\.yml/,
  });
  t.match(await failure("<% raise 'set X first' %>"), { message: /set X first/ });
  t.match(await failure("<%= 'a' + 1 %>"), { message: /no implicit conversion of Integer into String/ });
  t.match(await failure('<% while true do %>x<% end %>'), { code: 'config.erb_failed' });
});

await tap.test('what is not known here needs Ruby, and says which expression', async (t) => {
  const error = await failure('a: 1\nb: <%= `git rev-parse HEAD` %>\n', { env: { PATH: '/nowhere' } });
  t.match(error, {
    code: 'config.erb_unsupported',
    message: /needs Ruby, which is not installed, for ``git rev-parse HEAD``/,
    location: { line: 2 },
  });
  t.match(await failure('<%= Foo.bar(1) %>'), {
    message: /`Foo\.bar\(1\)`/,
    details: [/Foo\.bar/, / *\^/, /Foo\.bar/],
  });
  t.match(await failure('<%= "abc".unpack("C*") %>'), { code: 'config.erb_unsupported' });
});

await tap.test(
  'options and forms of methods count',
  gives({
    'Array(1..3)': '[1, 2, 3]',
    'YAML.safe_load("a: {b: 1}", symbolize_names: true)': '{:a=>{:b=>1}}',
    'YAML.safe_load("a: 1", aliases: true)': '{"a"=>1}',
    'JSON.parse(\'{"a":1}\', symbolize_names: true)': '{:a=>1}',
    '"x\\ny\\n".lines(chomp: true)': '["x", "y"]',
    '"x\\ny\\n".each_line.map(&:chomp)': '["x", "y"]',
    '"abc".center(9, "*")': '***abc***',
    '"ab12"[/(?<word>[a-z]+)/, "word"]': 'ab',
    '"a\\x41\\101"': 'aAA',
    '"a\\n\\n".chomp("")': 'a',
    '2.5.round': '3',
    '1e20': '1.0e+20',
    '0.00001': '1.0e-05',
    '1.upto(3).to_a': '[1, 2, 3]',
    'Integer("1.5") rescue "bad"': 'bad',
  }),
);

await tap.test(
  'what a method or name may mean beyond that goes to Ruby, rather than to a guess',
  async (t) => {
    for (const code of [
      'RUBY_VERSION',
      'SomeConstant',
      '255.to_s(16)',
      'Integer("08")',
      '"aaabbb".squeeze("a")',
      '"abcabc".index("b", 2)',
      '[3, 1, 2].max(2)',
      '(1..3).last(2)',
      '(1..3).zip(4..6)',
      '2**-1',
      '2**100',
      '[0.1, 0.2, 0.3].sum',
      '"%b" % 5',
      'Hash.new { |_, key| key }[:x]',
      'Regexp.new("a", Regexp::IGNORECASE)',
      'Dir.glob("*", base: "d")',
      '3.14159.floor(2)',
      '"é"[/\\p{Alpha}/]',
      '"aa"[/(?>a)/]',
      'Time.now',
      'Time.now.strftime("%-d")',
    ]) {
      const error = await failure(`<%= ${code} %>`, { env: { PATH: '/nowhere' } });
      t.equal(error.code, 'config.erb_unsupported', code);
    }
  },
);

await tap.test('Test Kitchen stops at tags that trim: they are told', async (t) => {
  const { text, warnings } = await render('a: 1\n<%- 2.times do |i| -%>\nk<%= i %>: v\n<%- end -%>\n');
  t.equal(text, 'a: 1\nk0: v\nk1: v\n');
  t.match(warnings, [{ message: /stops with a syntax error: write <% and %>/, location: { line: 2 } }]);
  t.strictSame((await render("a: <%= 'x' %>\n<%# no -%>\n")).warnings, []);
});

await tap.test('nothing is run: no commands, no eval, no writing', async (t) => {
  for (const code of [
    'system("id")',
    'exec("id")',
    'eval("1")',
    '%x(id)',
    'File.write("x", "y")',
    'File.delete("x")',
  ]) {
    t.match(await failure(`<%= ${code} %>`), { code: 'config.erb_unsupported' }, code);
  }
});

await tap.test('places in rendered text point into the file', async (t) => {
  const written = 'a: <%= 1 %>\n<% 2.times do |i| %>\nk<%= i %>: v\n<% end %>\nlast: 1\n';
  const { text, map } = await render(written);
  const source = createSourceFile({ path: '/k', label: 'k', written, text, map });
  const lineOf = (part: string, from = 0) => source.locate(text.indexOf(part, from)).line;
  t.equal(lineOf('a: '), 1);
  t.match(source.locate(text.indexOf('1')), { line: 1, column: 4 }, 'the tag that gave it');
  t.equal(lineOf('v\n'), 3);
  t.equal(lineOf('v\n', text.indexOf('v\n') + 1), 3, 'each turn of a loop');
  t.match(source.locate(text.indexOf('last: ')), { line: 5, column: 1 });
});

await tap.test('Ruby gets what is not known here, and its places are found again', async (t) => {
  const root = await kitchenFolder(t, {});
  // Stands in for Ruby where none is installed: gives out its input, with the first tag evaluated.
  const script = "#!/bin/sh\nsed 's/<%= unknown_here %>/made/'\n";
  await writeFile(path.join(root, 'ruby'), script);
  await chmod(path.join(root, 'ruby'), 0o755);
  const env = { PATH: `${root}:/usr/bin:/bin` };
  const written = 'a: 1\nb: <%= unknown_here %>\nc: 3\n';
  const { text, map, warnings } = await render(written, { env, root });
  t.equal(text, 'a: 1\nb: made\nc: 3\n');
  t.match(warnings, [{ message: /`unknown_here` was evaluated by real Ruby/, location: { line: 2 } }]);
  const source = createSourceFile({ path: '/k', label: 'k', written, text, map });
  t.match(source.locate(text.indexOf('made')), { line: 2, column: 4 });
  t.match(source.locate(text.indexOf('c: 3')), { line: 3, column: 1 });
  await writeFile(path.join(root, 'ruby'), '#!/bin/sh\necho "unknown_here:2: boom" >&2\nexit 3\n');
  t.match(await failure(written, { env, root }), { code: 'config.erb_failed', message: /boom/ });
  // Only the line is known then: the tag that begins on it is meant, not the one before.
  await writeFile(
    path.join(root, 'ruby'),
    '#!/bin/sh\nprintf "\\357\\267\\2202\\357\\267\\221NoMethodError: eech" >&2\nexit 3\n',
  );
  const two = "a: <%= ENV['X'] %>\nb: <%= unknown_here.eech %>\n";
  t.match(await failure(two, { env, root }), {
    message: /failed at `unknown_here\.eech`/,
    location: { line: 2 },
  });
});
