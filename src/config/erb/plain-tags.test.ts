import tap from 'tap';
import { renderPlain } from './plain-tags.ts';
import { renderPieces, worldOf } from './render-pieces.ts';
import { splitTemplate } from './template.ts';

const envs = [{}, { A: 'a: b', B: '' }, { A: '', B: 'x' }, { A: 'false', B: 'nil' }, { B: '<%= 1 %>' }];

await tap.test('plain tags give what the evaluator gives, from the same places', async (t) => {
  const templates = [
    'a: <%= ENV[\'A\'] %>\nb: <%=ENV["B"]%>\n',
    "<%= ENV['A'] || 'x y' %>",
    '<%= ENV["A"] || ENV["B"] || "z" %> and <%= ENV[\'B\'] || 15 %>',
    "<%= ENV['A'] || nil %>|<%= ENV['A'] || true %>|<%= ENV['A'] || false %>",
    "<%= ENV.fetch('A', 'x') %><%= ENV.fetch( \"B\" , 7 ) || 'y' %><%= ENV.fetch('C', nil) || 0 %>",
    "<%= 'text' %>\n<%# a comment %>\n<%= 12 %>",
    'no tag at all, %% and %>',
    "<%% is text <%= ENV['A']\n -%>\nend",
  ];
  for (const template of templates) {
    const pieces = splitTemplate(template);
    for (const env of envs) {
      const plain = renderPlain(pieces, env);
      const full = renderPieces(pieces, worldOf('kitchen.yml', { root: '/', env }));
      t.strictSame(
        plain,
        { text: full.text, stretches: full.stretches },
        `${template} ${JSON.stringify(env)}`,
      );
    }
  }
});

await tap.test('all other tags are the evaluator’s', async (t) => {
  const codes = [
    "ENV['A'].to_s",
    "ENV['A'] || 'it''s'",
    "ENV['A'] || 'a||b'",
    'ENV[\'A\'] || "#{x}"',
    "ENV['A'] || 'a\\'b'",
    "ENV['A'] or 'x'",
    "ENV['A'] || 010",
    "ENV['A'] || 1.5",
    "ENV['A'] ? 1 : 2",
    "ENV.fetch('A')",
    "ENV.fetch('A') { 1 }",
    "ENV.fetch('A', 'b', 'c')",
    "ENV['A'] # comment",
    "(ENV['A'])",
    'x',
    '',
    '||',
  ];
  for (const code of codes)
    t.equal(renderPlain(splitTemplate(`<%= ${code} %>`), { A: 'a' }), undefined, code);
  t.equal(renderPlain(splitTemplate("<% if ENV['A'] %>x<% end %>"), {}), undefined);
});
