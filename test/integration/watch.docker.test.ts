import type { ChildProcess } from 'node:child_process';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import tap from 'tap';
import { projectName } from '../../src/config/load.ts';
import type { EventEnvelope } from '../../src/core/events.ts';
import { readEvents } from '../events.ts';
import { galley, REPO } from '../galley.ts';
import { leftovers } from '../leftovers.ts';

const WEB = 'web-debian-12';
const KITCHEN = `
driver: {name: docker, init: none, image: galley/debian-12-base}
provisioner: {name: chef_infra}
platforms: [{name: debian-12}]
suites:
  - name: web
    run_list: ["recipe[web]"]
    verifier: {checks: [{file: /greeting, content: {contains: hello}}]}
`;
const recipe = (greeting: string) => `file '/greeting' do\n  content '${greeting}'\nend\n`;

await tap.test(
  'watch: each save is converged or verified as it needs, and only differences are shown',
  async (t) => {
    const cwd = join(REPO, '.galley', 'test', `watch-${process.pid}`);
    await mkdir(join(cwd, 'recipes'), { recursive: true });
    await mkdir(join(cwd, 'lib'));
    // In one go, as editors save: a file that is seen half written would be a save of its own.
    const save = async (file: string, text: string): Promise<void> => {
      await writeFile(`${cwd}.half`, text);
      await rename(`${cwd}.half`, join(cwd, file));
    };
    await save('kitchen.yml', KITCHEN);
    await save('metadata.rb', "name 'web'\nversion '1.0.0'\n");
    await save('chefignore', '*.tmp\n');
    await save('recipes/default.rb', recipe('hello'));
    t.teardown(async () => {
      await galley(['destroy'], { cwd });
      await rm(cwd, { recursive: true, force: true });
    });

    let child: ChildProcess | undefined;
    let shown = '';
    const ended = galley(['watch', '--events', 'events.ndjson'], {
      cwd,
      onStart(started) {
        child = started;
        started.stdout?.on('data', (text: Buffer) => (shown += text.toString()));
      },
    });
    t.teardown(() => child?.kill('SIGKILL'));
    let seen = 0;
    /** What is printed from now on, until `isEnough`. */
    const until = async (isEnough: RegExp): Promise<string> => {
      const deadline = Date.now() + 300_000;
      while (!isEnough.test(shown.slice(seen))) {
        if (child?.exitCode !== null) throw new Error(`it ended: ${shown}\n${(await ended).stderr}`);
        if (Date.now() > deadline) throw new Error(`waited in vain for ${isEnough}: ${shown}`);
        await sleep(50);
      }
      const part = shown.slice(seen);
      seen = shown.length;
      return part;
    };
    const waiting = /waiting for changes\n$/;

    t.match(await until(waiting), /✓ web-debian-12 {2}create .*converge .*verify .* · 1 check passed/);

    await save('recipes/default.rb', recipe('hello again'));
    const edited = await until(waiting);
    t.match(edited, /recipes\/default\.rb → converge web-debian-12\nupdated {2}file\[\/greeting\]/);
    t.match(edited, /\+hello again/);
    t.notMatch(edited, /create \d/, 'the machine is kept');

    await save('kitchen.yml', KITCHEN.replace('hello', 'bye'));
    const broken = await until(waiting);
    t.match(broken, /kitchen\.yml → verify web-debian-12\nFAIL file \/greeting/);
    t.match(broken, /✗ web-debian-12 {2}verify .* · 1 check failed/);
    t.notMatch(broken, /converge/, 'nothing that the converge depends on was changed');

    await save('kitchen.yml', `${KITCHEN}\nsuits: []\n`);
    t.match(
      await until(waiting),
      /unknown key "suits"[\s\S]*did you mean "suites"\?\ngoes on when this is corrected/,
    );
    await save('kitchen.yml', KITCHEN);
    t.match(
      await until(waiting),
      /kitchen\.yml: fixed → verify web-debian-12\npasses again {2}file \/greeting\n✓/,
    );

    const before = await runs(cwd);
    const untilToldToGoOn = "execute 'until test -e /go-on; do sleep 0.1; done'\n";
    await save('recipes/default.rb', recipe('hello 1') + untilToldToGoOn);
    await until(/→ converge/);
    for (const n of [2, 3, 4]) {
      await sleep(200);
      await save('recipes/default.rb', recipe(`hello ${n}`));
      await save('notes.tmp', `left out by chefignore ${n}`);
      for (const file of ['README.md', 'report.xml', 'recipes/.default.rb.swp', 'lib/x.rb']) {
        await save(file, `read by nobody ${n}`);
      }
    }
    const goOn = await galley(['exec', '--', 'touch', '/go-on'], { cwd });
    t.equal(goOn.code, 0, goOn.stderr);
    t.match(await until(/waiting for changes\n[\s\S]*waiting for changes\n$/), /\+hello 4/);
    t.equal((await runs(cwd)) - before, 2, 'all saves during a run are worked on in one further run');

    child?.kill('SIGINT');
    const { code, stdout, stderr } = await ended;
    t.equal(code, 130, stderr);
    t.match(stdout, /ended; nothing was destroyed: web-debian-12\n.*galley destroy to remove/);
    t.equal((await leftovers(projectName(cwd))).length, 2, 'the machine and its network are still there');
    const list = JSON.parse((await galley(['logs', '--list', '--json'], { cwd })).stdout) as object[];
    t.match(list[0], { command: 'watch', exitCode: 0, instances: [WEB] }, 'each run has its log');
  },
);

async function runs(cwd: string): Promise<number> {
  const events: readonly EventEnvelope[] = await readEvents(join(cwd, 'events.ndjson'));
  return events.filter((event) => event.type === 'run:start').length;
}
