import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import tap from 'tap';
import { readEvents } from '../events.ts';
import { type GalleyResult, galley, REPO } from '../galley.ts';

// Real berks and chef-cli from their gems; the cookbooks are folders, so nothing is fetched.
const KITCHEN = `
driver: {name: docker, init: none, image: galley/debian-12-base}
provisioner: {name: chef_infra, run_list: ["recipe[app]"]}
platforms: [{name: debian-12}]
suites:
  - name: berks
    steps:
      - {name: "1", provisioner: {berksfile_path: sources/1.berks}, checks: [{file: /app, content: {equal: "old"}}]}
      - {name: "2", provisioner: {berksfile_path: sources/2.berks}, checks: [{file: /app, content: {equal: "new"}}]}
  - name: policy
    provisioner: {policyfile_path: sources/1.rb}
    verifier: {checks: [{file: /app, content: {equal: "old"}}]}
  - name: child
    from: policy
    provisioner: {policyfile_path: sources/2.rb}
    verifier: {checks: [{file: /app, content: {equal: "new"}}]}
`;

const show = (run: GalleyResult): string => `exit ${run.code}\n${run.stdout}\n${run.stderr}`;
const recipe = (content: string): string => `file '/app' do\n  content '${content}'\nend\n`;
const berks = (folder: string, source: string): string =>
  `source '${source}'\ncookbook 'app', path: '../../${folder}/app'\n`;
const policy = (folder: string): string =>
  `name 'p'\ndefault_source :chef_repo, '../../empty'\nrun_list 'app'\ncookbook 'app', path: '../../${folder}/app'\n`;

await tap.test('steps and from: with a Berksfile or Policyfile each, by the real tools', async (t) => {
  const programs = execFileSync('bash', [join(REPO, 'test/tools/install-workstation.sh')], {
    encoding: 'utf8',
  }).trim();
  const top = join(REPO, '.galley', 'test', `workstation-${process.pid}`);
  const cwd = join(top, 'kitchen');
  const env = { PATH: `${programs}:${process.env['PATH']}` };
  const write = async (path: string, text: string): Promise<void> => {
    await mkdir(dirname(join(top, path)), { recursive: true });
    await writeFile(join(top, path), text);
  };
  tap.teardown(async () => {
    await galley(['destroy'], { cwd });
    await rm(top, { recursive: true, force: true });
  });
  for (const [folder, version] of Object.entries({ old: '1.0.0', new: '2.0.0' })) {
    await write(`${folder}/app/metadata.rb`, `name 'app'\nversion '${version}'\n`);
    await write(`${folder}/app/recipes/default.rb`, recipe(folder));
  }
  // Berks asks a source even when it needs nothing of it; this one has no cookbooks.
  const supermarket = createServer((_, response) => {
    response.setHeader('content-type', 'application/json').end('{}');
  }).listen(0, '127.0.0.1');
  await once(supermarket, 'listening');
  t.teardown(() => supermarket.close());
  const source = `http://127.0.0.1:${(supermarket.address() as AddressInfo).port}`;
  await write('empty/cookbooks/.keep', '');
  await write('kitchen/kitchen.yml', KITCHEN);
  await write('kitchen/sources/1.berks', berks('old', source));
  await write('kitchen/sources/2.berks', berks('new', source));
  await write('kitchen/sources/1.rb', policy('old'));
  await write('kitchen/sources/2.rb', policy('new'));
  await write('.gitignore', '.galley/\nevents\n*.lock\n*.lock.json\n');
  const git = (...args: string[]): void => {
    execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@localhost', ...args], { cwd: top });
  };
  git('init', '-q');
  git('add', '.');
  git('commit', '-qm', 'first');

  const run = await galley(['verify', '-c', '3', '--events', 'events'], { cwd, env });
  t.equal(run.code, 0, show(run));
  const changes = (await readEvents(join(cwd, 'events'))).flatMap((event) =>
    event.type === 'resource' && event.result.status === 'updated'
      ? [`${event.instance} ${event.step ?? '-'}`]
      : [],
  );
  t.same(changes.toSorted(), [
    'berks-debian-12 1',
    'berks-debian-12 2',
    'child-debian-12 -',
    'policy-debian-12 -',
  ]);

  const listed = async (): Promise<string> =>
    (await galley(['list', '-b', '--changed-since', 'HEAD'], { cwd, env })).stdout;
  t.equal((await listed()).trim(), '', 'nothing changed');
  await write('new/app/recipes/default.rb', recipe('newer'));
  t.same((await listed()).trim().split('\n').toSorted(), ['berks-debian-12', 'child-debian-12']);
  await write('old/app/recipes/default.rb', recipe('older'));

  const again = await galley(['verify', 'child'], { cwd, env });
  t.equal(again.code, 0, 'an instance that is up is verified as it is');
  await galley(['destroy', 'child'], { cwd, env });
  const anew = await galley(['verify', 'child', '--events', 'events'], { cwd, env });
  t.equal(anew.code, 5, show(anew));
  t.match(anew.stdout, /newer/, 'the cookbook as it is now');
  t.match(
    anew.stdout,
    /policy-debian-12\.snapshot\] converge done/,
    'its base was made anew, with its own change',
  );
});
