import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import tap from 'tap';
import { kitchenFolder } from '../corpus/kitchen-folder.ts';
import { galley, REPO } from '../galley.ts';

// Traps of docs/traps.md that show on the command line without an engine.

const KITCHEN = `driver: {name: docker}
provisioner: {name: shell, command: "true"}
platforms: [{name: debian-12}]
suites:
  - name: web
    attributes: {port: 80, password: hunter22hunter22}
`;

const NO_ENGINE = { DOCKER_HOST: 'tcp://127.0.0.1:9' };

async function filesBelow(folder: string): Promise<readonly string[]> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true });
  return found.filter((one) => one.isFile()).map((one) => join(one.parentPath, one.name));
}

await tap.test(
  'trap: diagnose or login empties the log of the failed run there; here the logs of a run stay',
  async (t) => {
    const cwd = await kitchenFolder(t, { 'kitchen.yml': KITCHEN });
    await galley(['create'], { cwd, env: NO_ENGINE });
    const logs = join(cwd, '.galley', 'logs');
    const before = await filesBelow(logs);
    const content = await Promise.all(before.map((file) => readFile(file, 'utf8')));
    t.ok(
      content.some((text) => text.includes('127.0.0.1:9')),
      'the failure is in a log',
    );
    for (const args of [
      ['diagnose'],
      ['login', 'web'],
      ['list'],
      ['exec', 'web', '-c', 'true'],
      ['create'],
    ]) {
      await galley(args, { cwd, env: NO_ENGINE });
      t.strictSame(await Promise.all(before.map((file) => readFile(file, 'utf8'))), content, args.join(' '));
    }
  },
);

await tap.test(
  'trap: a list of 600 instances opens too many files there; here few are open at a time',
  async (t) => {
    const many = (count: number, name: string) =>
      Array.from({ length: count }, (_, at) => `  - name: ${name}${at}`).join('\n');
    const cwd = await kitchenFolder(t, {
      'kitchen.yml': `platforms:\n${many(30, 'p')}\nsuites:\n${many(20, 's')}\n`,
    });
    await mkdir(join(cwd, '.galley'));
    for (let suite = 0; suite < 20; suite += 1) {
      for (let platform = 0; platform < 30; platform += 1) {
        const name = `s${suite}-p${platform}`;
        const state = {
          v: 1,
          instance: name,
          suite: `s${suite}`,
          platform: `p${platform}`,
          driver: 'docker',
          configHash: '',
          runId: 'r',
          lastAction: 'create',
          machine: {},
          services: {},
          uploaded: {},
          updatedAt: '',
        };
        await writeFile(join(cwd, '.galley', `${name}.json`), JSON.stringify(state));
      }
    }
    const script = 'ulimit -n 64 && exec "$0" "$1" list';
    const output = await new Promise<string>((resolve, reject) => {
      const args = ['-c', script, process.execPath, join(REPO, 'dist/src/cli/bin.js')];
      execFile('/bin/sh', args, { cwd }, (error, stdout, stderr) =>
        error ? reject(new Error(stderr)) : resolve(stdout),
      );
    });
    t.equal(output.match(/ create$/gm)?.length, 600);
  },
);

await tap.test(
  'trap: diagnose shows final values only and secrets in clear; here explain says where each came from',
  async (t) => {
    const cwd = await kitchenFolder(t, {
      'kitchen.yml': KITCHEN,
      'kitchen.local.yml': 'provisioner: {command: "false"}\n',
    });
    const { stdout } = await galley(['explain', 'web'], { cwd });
    t.match(stdout, /"false" +kitchen\.local\.yml:1/);
    t.match(stdout, /80 +kitchen\.yml:6/);
    t.notMatch(stdout + (await galley(['diagnose'], { cwd })).stdout, 'hunter22');
  },
);

await tap.test(
  'trap: the peer ends with 20 for a bad config, a failed converge and a failed check alike; here each has its code',
  async (t) => {
    const broken = await kitchenFolder(t, { 'kitchen.yml': KITCHEN.replace('driver:', 'drivr:') });
    t.equal((await galley(['create'], { cwd: broken })).code, 2);
    const cwd = await kitchenFolder(t, { 'kitchen.yml': KITCHEN });
    t.equal((await galley(['create'], { cwd, env: NO_ENGINE })).code, 3);
    t.equal((await galley(['create', 'nothing-like-it'], { cwd })).code, 2);
  },
);

await tap.test(
  'trap: chef_target passes when its client fails, since it does not look; here there is no such provisioner',
  async (t) => {
    const text = KITCHEN.replace('{name: shell, command: "true"}', '{name: chef_target}');
    const run = await galley(['converge'], { cwd: await kitchenFolder(t, { 'kitchen.yml': text }) });
    t.equal(run.code, 2);
    t.match(run.stderr + run.stdout, /unknown provisioner 'chef_target'[^]*kitchen\.yml:2/);
  },
);
