import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import tap from 'tap';
import { parse, stringify } from 'yaml';
import { projectName } from '../../src/config/load.ts';
import type { InstanceSummary } from '../../src/core/events.ts';
import { ec2Endpoint } from '../ec2-lab.ts';
import { readEvents } from '../events.ts';
import { galley, REPO } from '../galley.ts';
import { leftovers } from '../leftovers.ts';

// The kitchen that is green in Docker, with overlays that name another driver and transport, and nothing else.
const FLASK = join(REPO, 'fixtures/kitchens/flask');
const flask = parse(await readFile(join(FLASK, 'kitchen.yml'), 'utf8'));
const checks: number = flask.suites[0].verifier.checks.length;
const { endpoint, left } = await ec2Endpoint(tap, 'galley-test-ec2-flask', {
  hasClient: true,
});

for (const transport of ['ssm', 'ssh']) {
  await tap.test(
    `the Flask application is green on EC2 over ${transport}: Debian 11, 12 and 13 together`,
    async (t) => {
      const cwd = join(t.testdir(), `on-ec2-over-${transport}`);
      const overlay = `kitchen.ec2-${transport}.yml`;
      const provisioner = { ...flask.provisioner, cookbook_paths: [join(REPO, 'fixtures/cookbooks')] };
      await mkdir(cwd);
      await writeFile(join(cwd, 'kitchen.yml'), stringify({ ...flask, provisioner }));
      await copyFile(join(FLASK, overlay), join(cwd, overlay));
      const eventsFile = join(cwd, 'events.ndjson');
      const env = { ...endpoint.env, KITCHEN_LOCAL_YAML: overlay };
      const ours = () => leftovers(projectName(cwd));
      try {
        const converged = await galley(['converge', '-c', '3'], { cwd, env });
        t.equal(converged.code, 0, `${converged.stdout}\n${converged.stderr}`);
        const verified = await galley(['verify', '-c', '1', '--events', eventsFile], { cwd, env });
        t.equal(verified.code, 0, `${verified.stdout}\n${verified.stderr}`);
        t.notMatch(converged.stdout + converged.stderr + verified.stdout + verified.stderr, /n0t-s3cret/);
        const end = (await readEvents(eventsFile)).findLast((one) => one.type === 'run:end') as {
          readonly instances: readonly InstanceSummary[];
        };
        t.same(
          end.instances.map((one) => [one.instance, one.checks?.pass, one.checks?.fail, one.checks?.error]),
          ['debian-11', 'debian-12', 'debian-13'].map((name) => [`flask-${name}`, checks, 0, 0]),
          'the same checks as in Docker',
        );
        t.equal((await ours()).length, 6, 'three databases and their networks are on our side');
      } finally {
        const destroyed = await galley(['destroy'], { cwd, env });
        t.equal(destroyed.code, 0, `${destroyed.stdout}\n${destroyed.stderr}`);
      }
      t.same(await ours(), []);
      t.same(await left(), []);
    },
  );
}
