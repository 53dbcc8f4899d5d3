import tap from 'tap';
import { check, HOSTILE, oneInstance, reportOf, sampleRun } from '../../../test/sample-run.ts';
import { renderAnnotations } from './github.ts';

const lines = (text: string): readonly string[] => text.trimEnd().split('\n');

await tap.test('the count comes first, then what failed, with the place in the repository', async (t) => {
  const [count, ...rest] = lines(renderAnnotations(reportOf(sampleRun()), (file) => `cookbooks/web/${file}`));
  t.match(
    count,
    /^::error title=galley::3 of 4 instances did not pass: 1 check failed, 1 check could not look/,
  );
  t.ok(
    rest.some((line) =>
      line.startsWith(
        '::error file=cookbooks/web/kitchen.yml,line=41,title=web-debian-12%3A http GET /a is 200::FAIL',
      ),
    ),
    rest.join('\n'),
  );
  t.match(
    rest.filter((line) => line.startsWith('::warning')),
    [/flaky|attempt 3/, /JIRA-1/],
  );
});

await tap.test('GitHub drops what is above ten: there are never more', async (t) => {
  const many = Array.from({ length: 30 }, (_, i) => check({ id: `c${i}`, title: `${i}`, outcome: 'fail' }));
  t.equal(lines(renderAnnotations(reportOf(oneInstance(many)))).length, 10);
});

await tap.test('a green run has none', async (t) => {
  t.equal(renderAnnotations(reportOf(oneInstance([check()]))), '');
});

await tap.test('one line each, whatever is in it', async (t) => {
  for (const [i, text] of HOSTILE.entries()) {
    const hostile = check({ title: text, outcome: 'fail', hint: text, location: { file: text, line: 1 } });
    const all = lines(renderAnnotations(reportOf(oneInstance([hostile]))));
    t.equal(all.length, 2, `text ${i}`);
    t.match(all[1], /^::error file=[^:,]*,line=1,title=[^:,]*::/);
  }
});
