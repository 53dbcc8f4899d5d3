import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import tap from 'tap';
import { readEvents } from '../events.ts';
import { type GalleyResult, galley, REPO } from '../galley.ts';

const KITCHEN = `
driver: {name: docker, init: none, image: galley/debian-12}
provisioner: {name: chef_infra, enforce_idempotency: true, cookbook_paths: cookbooks}
platforms: [{name: debian-12}]
suites:
  - {name: clean, run_list: ["recipe[demo::clean]"]}
  - {name: dirty, run_list: ["recipe[demo::dirty]"]}
  - name: allowed
    run_list: ["recipe[demo::dirty]"]
    provisioner: {idempotency_allow: ["execute[touch /stamp]", "/^file\\\\[.srv/"]}
`;
const show = (run: GalleyResult): string => `exit ${run.code}\n${run.stdout}\n${run.stderr}`;

const cwd = join(REPO, '.galley', 'test', `idempotency-${process.pid}`);
const recipes = join(cwd, 'cookbooks', 'demo', 'recipes');
await mkdir(recipes, { recursive: true });
await writeFile(join(cwd, 'kitchen.yml'), KITCHEN);
await writeFile(join(cwd, 'cookbooks/demo/metadata.rb'), "name 'demo'\nversion '1.0.0'\n");
await writeFile(join(recipes, 'clean.rb'), "file('/srv/one') { content 'same' }\n");
await writeFile(
  join(recipes, 'dirty.rb'),
  `execute 'touch /stamp'
file('/srv/time') { content "at #{Time.now.to_f}\\n" }
file('/srv/two') { content 'same' }
`,
);
tap.teardown(async () => {
  await galley(['destroy'], { cwd });
  await rm(cwd, { recursive: true, force: true });
});

await tap.test(
  'the peer ends a run that is not idempotent like any failure (20); here it is an outcome with diffs and code 6',
  async (t) => {
    const run = await galley(['converge', 'dirty', '--events', 'events'], { cwd });
    t.equal(run.code, 6, show(run));
    t.match(run.stdout, /run 2 of 2 still changed 2 resources/);
    t.match(run.stdout, /execute\[touch \/stamp\] \(run\) in demo::dirty/);
    t.match(run.stdout, /dirty-debian-12 .*not idempotent/);
    const end = (await readEvents(join(cwd, 'events'))).find((event) => event.type === 'run:end');
    const error = end?.type === 'run:end' ? end.instances[0]?.error : undefined;
    t.match(error, { code: 'chef.not_idempotent', kind: 'idempotency' });
    const details = error?.details ?? [];
    t.ok(details.includes('file[/srv/time] (create) in demo::dirty'), details.join('\n'));
    t.match(details.join('\n'), /\n {4}-at \d+\.\d+\n {4}\+at \d+\.\d+\n/, 'the diff of the second run');
    t.notMatch(details.join('\n'), /srv\/two/, 'what stayed as it was is not listed');
  },
);

await tap.test(
  'an idempotent recipe passes, and intended changes can be allowed by name or pattern',
  async (t) => {
    const clean = await galley(['converge', 'clean'], { cwd });
    t.equal(clean.code, 0, show(clean));
    const allowed = await galley(['converge', 'allowed'], { cwd });
    t.equal(allowed.code, 0, show(allowed));
    t.match(
      allowed.stdout,
      /changed again, as `idempotency_allow` allows: execute\[touch \/stamp\], file\[\/srv\/time\]/,
    );
  },
);
