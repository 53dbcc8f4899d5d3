import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import ssh2 from 'ssh2';
import tap from 'tap';
import { parse, stringify } from 'yaml';
import { projectName } from '../../src/config/load.ts';
import type { InstanceSummary } from '../../src/core/events.ts';
import { readEvents } from '../events.ts';
import { galley, REPO } from '../galley.ts';
import { host } from '../host.ts';
import { leftovers } from '../leftovers.ts';
import { liveInstance } from '../live-instance.ts';

await tap.test(
  'the Flask application is green on a machine that is reached by ssh and sudo only',
  async (t) => {
    const machine = await liveInstance(t, 'ssh-machine', {
      config: { image: 'galley/debian-12-ssh', intermediate_instructions: [] },
      hostPorts: [22],
    });
    const pair = ssh2.utils.generateKeyPairSync('ecdsa', { bits: 256 });
    await machine.sh(`set -e
useradd --create-home --shell /bin/bash admin
echo 'admin ALL=(ALL) NOPASSWD:ALL' > /etc/sudoers.d/admin
install -d -m 700 -o admin /home/admin/.ssh
echo '${pair.public.trim()}' > /home/admin/.ssh/authorized_keys
ssh-keygen -A; systemctl reset-failed ssh; systemctl restart ssh`);
    const flask = parse(await readFile(join(REPO, 'fixtures/kitchens/flask/kitchen.yml'), 'utf8'));
    const cwd = join(t.testdir({ 'reached-by-ssh': { key: pair.private } }), 'reached-by-ssh');
    const at = machine.address(22);
    const kitchen = {
      ...flask,
      driver: { name: 'proxy', host: at?.host, port: at?.port, username: 'admin', ssh_key: 'key' },
      provisioner: { ...flask.provisioner, cookbook_paths: [join(REPO, 'fixtures/cookbooks')] },
      platforms: [{ name: 'debian-12' }],
    };
    await writeFile(join(cwd, 'kitchen.yml'), stringify(kitchen));
    const eventsFile = join(cwd, 'events.ndjson');
    const env = {
      HOME: cwd,
      GALLEY_CACHE: host.cacheDir,
    };
    t.teardown(() => galley(['destroy'], { cwd, env }));

    const converged = await galley(['converge'], { cwd, env });
    t.equal(converged.code, 0, `${converged.stdout}\n${converged.stderr}`);
    const verified = await galley(['verify', '--events', eventsFile], { cwd, env });
    t.equal(verified.code, 0, `${verified.stdout}\n${verified.stderr}`);
    const events = await readEvents(eventsFile);
    const end = events.findLast((one) => one.type === 'run:end') as { instances: readonly InstanceSummary[] };
    const [instance] = end.instances;
    t.equal(instance?.checks?.pass, flask.suites[0].verifier.checks.length, 'the same checks as in Docker');
    const exec = await galley(['exec', '--', 'id', '-un'], { cwd, env });
    t.equal(exec.stdout, 'root\n');
    const reach = await galley(['exec', '--', 'bash', '-c', 'exec 3<>/dev/tcp/db/5432 && echo there'], {
      cwd,
      env,
    });
    t.equal(reach.stdout, 'there\n', `exec reaches the database, too: ${reach.stderr}`);

    const login = await galley(['login', 'flask-debian-12'], { cwd, env });
    t.equal(login.code, 0, `a shell without input: ${login.stderr}`);
    const again = await galley(['converge', '--events', eventsFile], { cwd, env });
    t.equal(again.code, 0, `${again.stdout}\n${again.stderr}`);
    const sent = (await readEvents(eventsFile)).flatMap((one) =>
      one.type === 'progress' && one.text.startsWith('sending') ? [one.text] : [],
    );
    t.same(sent, [], 'nothing is sent twice');
    const ours = () => leftovers(projectName(cwd));
    t.equal((await ours()).length, 2, 'the database and its network are on our side');
    const destroyed = await galley(['destroy'], { cwd, env });
    t.equal(destroyed.code, 0, `${destroyed.stdout}\n${destroyed.stderr}`);
    t.same(await ours(), []);
    t.notMatch(converged.stdout + verified.stdout + verified.stderr, /n0t-s3cret/);
    t.match(await machine.sh('echo still there'), 'still there\n', 'the machine is not ours to remove');
  },
);
