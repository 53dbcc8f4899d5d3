import { createHash } from 'node:crypto';
import tap from 'tap';
import { check, HOSTILE, oneInstance, reportOf, sampleRun } from '../../../test/sample-run.ts';
import { mergeReports } from '../model/merge.ts';
import { renderHtml } from './page.ts';

await tap.test('one page without anything from elsewhere, whose only script is ours', async (t) => {
  const page = renderHtml(reportOf(sampleRun()));
  t.notMatch(page, /(src|href)="(?!#)/);
  t.notMatch(page, /url\(|@import|https?:/);
  const scripts = [...page.matchAll(/<script[^>]*>(.*?)<\/script>/gs)];
  t.equal(scripts.length, 1);
  const hash = createHash('sha256')
    .update(scripts[0]?.[1] ?? '')
    .digest('base64');
  t.match(page, `script-src &#39;sha256-${hash}&#39;`);
});

await tap.test('no text becomes markup', async (t) => {
  for (const [i, text] of HOSTILE.entries()) {
    const events = oneInstance([check({ title: text, outcome: 'fail', hint: text })], [text], `web ${text}`);
    const page = renderHtml(reportOf(events));
    const own = page.replace(/<style>.*?<\/style>/s, '').replace(/<script>.*?<\/script>/s, '');
    t.notMatch(own, /<(script|img|svg|!--|!\[)/, `text ${i}`);
    t.equal(own.match(/<\/body>/g)?.length, 1);
  }
});

await tap.test('500 instances of 30 checks and long logs make a page of a few megabytes', async (t) => {
  const checks = Array.from({ length: 30 }, (_, n) =>
    check({ id: `c${n}`, title: `http GET /${n} is 200`, outcome: n === 7 ? 'fail' : 'pass' }),
  );
  const lines = Array.from({ length: 1500 }, (_, n) => `${n} ${'log line '.repeat(10)}`);
  const one = reportOf(oneInstance(checks, lines));
  const [instance] = one.instances;
  if (!instance) throw new Error('the sample has changed');
  const instances = Array.from({ length: 500 }, (_, n) => ({ ...instance, name: `web-${n}` }));
  const page = renderHtml(mergeReports([{ ...one, instances }]));
  t.ok(page.length < 12_000_000, `${page.length} characters`);
  t.match(page, /and 499 other instances/);
  t.match(page, /lines? left out/);
});
