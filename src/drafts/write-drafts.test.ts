import tap from 'tap';
import { parse } from 'yaml';
import { loadFrom } from '../../test/corpus/kitchen-folder.ts';
import type { Draft } from './draft.ts';
import { writeDrafts } from './write-drafts.ts';

const draft = (item: object, comments: readonly string[] = []): Draft => ({ item: { ...item }, comments });

await tap.test('what is pasted into a kitchen is what was meant', async (t) => {
  const items = [
    { file: '/a', mode: '0644', content: { contains: '<%= 1 %> ${services.db.url} ${token}' } },
    { command: 'one\ntwo\n', stdout: 'yes', stdin: '12:30:00', exit: 0 },
    {
      env: { of: { process: 'uwsgi', role: 'worker' }, key: 'A' },
      url: { scheme: 'postgresql', port: 5432 },
    },
    { user: 'no', groups: { exactly: ['a', 'null', '# x'] }, comment: 'a: b' },
    { log: { file: '/x' }, lacks: ['/\\bTraceback\\b/', 'a', 'b'.repeat(120)] },
  ];
  const text = writeDrafts(
    ['head'],
    [{ heading: ['part'], drafts: items.map((one) => draft(one, ['a <%= raise %>\nb\r- port: 80'])) }],
    ['foot\nchecks:'],
  );
  const pasted = text.split('\n').map((line) => `      ${line}`);
  const kitchen = await loadFrom(
    t,
    `driver: {name: docker}\nplatforms: [{name: debian-12}]\nsuites:\n  - name: a\n    verifier:\n${pasted.join('\n')}`,
  );
  const settings: Readonly<Record<string, unknown>> = kitchen.instances[0]?.verifier.settings ?? {};
  t.same(
    settings['checks'],
    items.map((one) => JSON.parse(JSON.stringify(one).replace('${services', '$${services')) as object),
  );
});

await tap.test('comments stay comments, optional checks are one, and an empty list is a list', async (t) => {
  const text = writeDrafts(
    [],
    [{ heading: ['a'], drafts: [{ ...draft({ port: 80 }, ['why']), isOptional: true }] }],
  );
  t.equal(text, 'checks:\n  # a\n  # why\n  # - port: 80\n  []\n');
  t.same(parse(text), { checks: [] });
});
