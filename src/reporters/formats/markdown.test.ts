import tap from 'tap';
import { check, HOSTILE, oneInstance, reportOf, sampleRun } from '../../../test/sample-run.ts';
import { renderMarkdown } from './markdown.ts';

await tap.test('verdict, table, failures, flaky and waived ones, slowest resources', async (t) => {
  const text = renderMarkdown(reportOf(sampleRun()));
  t.match(text, /^## ❌ galley test: 3 of 4 instances did not pass/);
  t.match(text, '| web-debian-12 | ❌ failed in verify | 3 | 1 | 1 | 1 | 1 | 1.0s | 3.0s | 0.6s |');
  t.match(text, '| db-debian-11 | ⏹ cancelled |');
  t.match(text, 'E: Unable to locate package nope');
  t.match(text, /### Flaky\n\n- .*attempt 3/);
  t.match(text, /### Waived\n\n- .*JIRA-1/);
  t.match(text, String.raw`| 2.1s | package\[nginx\] | web-debian-12 | updated |`);
});

await tap.test('it fits into what GitHub takes, and says what is left out', async (t) => {
  const many = Array.from({ length: 500 }, (_, i) =>
    check({ id: `c${i}`, title: `${i} ü`, outcome: 'fail', hint: 'ü'.repeat(500) }),
  );
  const text = renderMarkdown(reportOf(oneInstance(many)), 20_000);
  t.ok(Buffer.byteLength(text) <= 20_000, `${Buffer.byteLength(text)} bytes`);
  t.match(text, /… and 4\d\d more failures/);
  t.equal(text.split('<details>').length, text.split('</details>').length, 'no block is cut');
});

await tap.test('texts neither end a block nor become HTML', async (t) => {
  for (const [i, text] of HOSTILE.entries()) {
    const hostile = check({ title: text, outcome: 'fail', hint: text });
    const shown = renderMarkdown(reportOf(oneInstance([hostile])));
    const [, fence = ''] = /\n(`{3,})text\n/.exec(shown) ?? [];
    const [before = '', inside = '', after = ''] = shown.split(new RegExp(`\\n${fence}(?:text)?\\n`));
    t.ok(inside.length > 0 && after.trim() === '</details>', `text ${i}`);
    t.notMatch(before, /<(?!\/?(details|summary)>)/);
  }
});
