import tap from 'tap';
import { declare, mapOf, optionsFor, scripted, within } from '../../test/scripted-checks.ts';
import { runChecks } from './run-checks.ts';

await tap.test('evidence is asked for once, of a check that failed for good', async (t) => {
  let asked = 0;
  const explain = async (): Promise<readonly string[]> => {
    asked += 1;
    return ['journal of app:', '  password=hunter22'];
  };
  const of = async (type: Parameters<typeof scripted>[1], more: object = {}) => {
    const verifiers = mapOf(scripted('app', type, { explain, ...more }));
    const [report] = await runChecks([declare('app', within(1000))], verifiers, optionsFor());
    return report?.results;
  };
  const failed = await of(['fail']);
  t.match(failed, [{ outcome: 'fail', notes: ['journal of app:', /^ {2}password=‹8 chars›/] }]);
  t.equal(asked, 1, 'not at each attempt');
  t.match(await of(['fail', 'pass']), [{ outcome: 'pass', notes: undefined }]);
  t.match(await of([new Error('no')]), [{ outcome: 'error', notes: undefined }]);
  t.equal(asked, 1);
  const gone = async (): Promise<never> => {
    throw new Error('gone');
  };
  t.match(await of(['fail'], { explain: gone }), [{ outcome: 'fail', notes: undefined }]);
});

await tap.test('nothing is quoted of a check that hides all', async (t) => {
  const explain = async (): Promise<readonly string[]> => ['words'];
  const declared = declare('app', { mode: 'once' }, { redact: 'all' });
  const [report] = await runChecks([declared], mapOf(scripted('app', ['fail'], { explain })), optionsFor());
  t.notMatch(JSON.stringify(report), /words/);
});
