import { readFile } from 'node:fs/promises';
import tap from 'tap';
import { galleyBlocks, inspecBlocks, messagesPage, shellBlocks } from './page.ts';
import { TEN_FAILURES } from './ten-failures.ts';

const PAGE = new URL('../../docs/messages.md', import.meta.url);

await tap.test('docs/messages.md has ten failures, each told by three tools', async (t) => {
  const text = await readFile(PAGE, 'utf8');
  t.equal(TEN_FAILURES.length, 10);
  t.equal(text.match(/^```text$/gm)?.length, 30);
  for (const [at, { id, title, story }] of TEN_FAILURES.entries()) {
    t.ok(text.includes(`## ${at + 1}. ${title}\n\n${story}\n`), title);
    t.ok(text.includes(` --check ${id} `), `Galley on ${id}`);
    t.ok(text.includes(`×  ${id}: `), `InSpec on ${id}`);
    t.ok(text.includes(`not ok ${id}: `), `the script on ${id}`);
  }
  t.notMatch(text, /FAIL[^`]*n3w-password/, 'Galley shows no password');
});

await tap.test('outputs are cut where a message begins', (t) => {
  const ids = [{ id: 'a' }, { id: 'b' }];
  const galley = `[x] verify …
[x] ok file /z
[x] FAIL file /a  x
[x]   expected  exists
[x]   try       galley verify x --check a   |   galley login x
[x] verify failed in 1s
`;
  t.same(
    [...galleyBlocks(galley, ids)],
    [
      [
        'a',
        'FAIL file /a  x\n  expected  exists\n  try       galley verify x --check a   |   galley login x',
      ],
    ],
  );
  t.same(
    [...inspecBlocks('\n  ×  a: File /a\n     ×  is expected\n  ✔  b: x\n\nProfile Summary: 1\n', ids)],
    [
      ['a', '  ×  a: File /a\n     ×  is expected'],
      ['b', '  ✔  b: x'],
    ],
  );
  t.same(
    [...shellBlocks('not ok a: exit 1\nwhy\nok b\n', ids)],
    [
      ['a', 'not ok a: exit 1\nwhy'],
      ['b', 'ok b'],
    ],
  );
  t.throws(() => messagesPage(TEN_FAILURES, [{ title: 'x', blocks: new Map() }]), /x said nothing of/);
  t.end();
});
