import tap from 'tap';
import { GalleyError } from './errors.ts';
import { parseReports } from './report-request.ts';

await tap.test('one or several, with commas, which may also be part of a path', async (t) => {
  t.same(parseReports('html'), [{ format: 'html' }]);
  t.same(parseReports('html,junit:out/,tap'), [
    { format: 'html' },
    { format: 'junit', path: 'out/' },
    { format: 'tap' },
  ]);
  t.same(parseReports('html:a,b.html,json:-'), [
    { format: 'html', path: 'a,b.html' },
    { format: 'json', path: '-' },
  ]);
});

await tap.test('a wrong one is told with one hint at most', async (t) => {
  const error = (text: string): GalleyError => {
    try {
      parseReports(text);
    } catch (thrown) {
      if (thrown instanceof GalleyError) return thrown;
    }
    throw new Error(`${text} was taken`);
  };
  t.match(error('html,juint'), { message: "unknown report format 'juint'", hint: "did you mean 'junit'?" });
  const far = error('pdf');
  t.equal(far.hint, undefined, 'what there is has been said');
  t.match(far.expected, /html, junit, json/);
  t.match(error('html:'), { code: 'usage.report_path' });
});
