import { join } from 'node:path';
import tap from 'tap';
import { projectName } from '../../src/config/load.ts';
import type { InstanceSummary } from '../../src/core/events.ts';
import { readEvents } from '../events.ts';
import { galley, REPO } from '../galley.ts';
import { leftovers } from '../leftovers.ts';

await tap.test('the Flask application is green on Debian 11, 12 and 13, two at a time', async (t) => {
  const cwd = join(REPO, 'fixtures/kitchens/flask');
  const eventsFile = join(t.testdir(), 'events.ndjson');
  const run = await galley(['test', '-c', '2', '--destroy=always', '--events', eventsFile], { cwd });
  t.equal(run.code, 0, `${run.stdout}\n${run.stderr}`);
  const end = (await readEvents(eventsFile)).findLast((e) => e.type === 'run:end') as {
    readonly instances: readonly InstanceSummary[];
  };
  t.same(
    end.instances.map((i) => [i.instance, i.outcome]),
    [
      ['flask-debian-11', 'passed'],
      ['flask-debian-12', 'passed'],
      ['flask-debian-13', 'passed'],
    ],
  );
  for (const instance of end.instances) {
    t.ok((instance.resources?.updated ?? 0) > 5, `${instance.instance} really converged`);
    t.ok((instance.checks?.pass ?? 0) >= 10, `${instance.instance} was really checked`);
    t.equal((instance.checks?.fail ?? 0) + (instance.checks?.error ?? 0), 0);
  }
  t.notMatch(run.stdout + run.stderr, /n0t-s3cret/);
  t.same(await leftovers(projectName(cwd)), []);
});

await tap.test('phase by phase on one platform: the second converge changes nothing', async (t) => {
  const cwd = join(REPO, 'fixtures/kitchens/flask');
  const eventsFile = join(t.testdir(), 'events.ndjson');
  t.teardown(() => galley(['destroy'], { cwd }));
  const first = await galley(['converge', 'debian-12'], { cwd });
  t.equal(first.code, 0, `${first.stdout}\n${first.stderr}`);
  const second = await galley(['converge', 'debian-12', '--events', eventsFile], { cwd });
  t.equal(second.code, 0, `${second.stdout}\n${second.stderr}`);
  const events = await readEvents(eventsFile);
  const resources = events.flatMap((e) => (e.type === 'resource' ? [e.result] : []));
  t.ok(resources.length > 20, 'all resources are reported');
  t.same(
    resources.filter((r) => r.status === 'updated').map((r) => r.resource),
    [],
  );
  const verify = await galley(['verify', 'debian-12'], { cwd });
  t.equal(verify.code, 0, `${verify.stdout}\n${verify.stderr}`);
  const destroy = await galley(['destroy', 'debian-12'], { cwd });
  t.equal(destroy.code, 0);
  t.same(await leftovers(projectName(cwd)), []);
});
