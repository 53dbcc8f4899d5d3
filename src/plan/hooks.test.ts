import tap from 'tap';
import { loadFrom, placeOf } from '../../test/corpus/kitchen-folder.ts';
import type { GalleyError } from '../core/errors.ts';
import { type Action, STAGES } from '../core/instance.ts';
import { type Hooks, hasHooks, planHooks } from './hooks.ts';

const ALL: ReadonlySet<Action> = new Set([...STAGES, 'destroy']);

async function plan(
  t: Parameters<typeof loadFrom>[0],
  lifecycle: string,
  actions: ReadonlySet<Action> = ALL,
): Promise<{ readonly hooks: Hooks; readonly errors: readonly GalleyError[] }> {
  const text = `platforms: [{name: debian-12}]\nsuites: [{name: s}]\nlifecycle:\n${lifecycle}`;
  const kitchen = await loadFrom(t, text);
  const [config] = kitchen.instances;
  if (!config) throw new Error('no instance');
  const planned = planHooks(config, actions);
  return { hooks: {}, errors: [], ...planned };
}

await tap.test('a text is a local hook, a mapping says where; all other keys have defaults', async (t) => {
  const { hooks, errors } = await plan(
    t,
    `  pre_converge: [echo a, {local: echo b, cwd: sub, user: me, timeout: 5s, environment: {PORT: 80, ON: true}}]
  post_create: {remote: whoami, skippable: true}
  on_failure: {remote: journalctl}`,
  );
  t.same(errors, []);
  t.match(hooks.pre_converge, [
    { name: 'pre_converge', where: 'local', command: 'echo a', environment: {}, timeoutMs: 600_000 },
    { command: 'echo b', cwd: 'sub', user: 'me', timeoutMs: 5000, environment: { PORT: '80', ON: 'true' } },
  ]);
  t.match(hooks.post_create, [{ where: 'remote', command: 'whoami', skippable: true }]);
  t.match(hooks.on_failure, [{ name: 'on_failure', where: 'remote', location: { line: 6 } }]);
  t.ok(hasHooks(hooks, 'converge') && hasHooks(hooks, 'create') && !hasHooks(hooks, 'verify'));
});

await tap.test(
  'misspelt keys are ignored by the peer until the hook runs; here they are errors at their place',
  async (t) => {
    const { errors } = await plan(
      t,
      `  pre_create:
    - {remot: whoami}
    - {local: x, enviroment: {A: 1}}`,
    );
    t.match(errors, [
      { code: 'config.unknown_key', hint: 'did you mean "remote"?' },
      { code: 'config.unknown_key', hint: 'did you mean "environment"?' },
    ]);
    t.same(errors.map(placeOf), ['kitchen.yml:5:8', 'kitchen.yml:6:18']);
  },
);

await tap.test(
  'a hook without a command is a UserError in the middle of the run there; here it is found first',
  async (t) => {
    const { errors } = await plan(t, `  finally_verify: {includes: [debian-12]}\n  pre_verify: {local: ' '}`);
    t.match(errors, [
      { message: 'lifecycle.pre_verify[0].local: must be a command' },
      { code: 'config.bad_hook', kind: 'config', hint: 'add `local: COMMAND` or `remote: COMMAND`' },
    ]);
  },
);

await tap.test('what the peer takes and ignores without a word is a config error here', async (t) => {
  const { errors } = await plan(
    t,
    `  pre_create: {local: a, remote: b}
  pre_verify: {local: a, skippable: true}
  post_destroy: {remote: a}
  pre_setup: {remote: a, timeout: soon}
  post_setup: {local: a, includes: /deb(/}`,
  );
  t.same(
    errors.map((e) => [e.kind, placeOf(e).split(':')[1], e.message.replace(/ \(.*/, '')]),
    [
      ['config', '4', 'pre_create: a hook is either local or remote'],
      [
        'config',
        '7',
        "lifecycle.pre_setup[0].timeout: expected a duration such as '30s', '250ms', '2m' or a number of seconds",
      ],
      ['config', '8', 'lifecycle.post_setup[0].includes: not a valid regular expression'],
      ['config', '5', 'pre_verify: `skippable` is for remote hooks'],
      ['config', '6', 'post_destroy: there is no instance left to run this remote hook on'],
    ],
  );
});

await tap.test(
  'includes and excludes both count; with includes the peer does not look at excludes',
  async (t) => {
    const commands = async (hook: string): Promise<number> =>
      (await plan(t, `  pre_create: {local: a, ${hook}}`)).hooks.pre_create?.length ?? 0;
    t.equal(await commands('includes: debian-12'), 1);
    t.equal(await commands('includes: [/debian/]'), 1);
    t.equal(await commands('includes: [debian]'), 0, 'a plain text is a whole name');
    t.equal(await commands('excludes: [/deb/]'), 0);
    t.equal(await commands('includes: [/debian/], excludes: debian-12'), 0);
  },
);

await tap.test(
  'only hooks that the actions can reach are judged, and broken ones of other platforms too',
  async (t) => {
    const lifecycle = `  pre_verify: {locl: x}\n  on_failure: {local: ok}`;
    t.match(await plan(t, lifecycle, new Set(['create'])), { errors: [], hooks: { on_failure: [{}] } });
    t.match(await plan(t, lifecycle), { errors: [{ code: 'config.unknown_key' }] });
    t.match(await plan(t, '  pre_verify: {local: x, includes: [other], bogus: 1}'), {
      errors: [{ code: 'config.unknown_key' }],
    });
  },
);
