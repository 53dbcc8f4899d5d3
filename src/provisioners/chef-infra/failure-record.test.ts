import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import tap from 'tap';
import type { ErrorRecord } from '../../core/errors.ts';
import { loadCookbook } from './cookbook.ts';
import { parseDataCollectorReport } from './dc-report.ts';
import { failureRecord } from './failure-record.ts';

// Reports recorded from chef-client 18.8.54 running the cookbooks beside them; backtraces and node data shortened.
const FIXTURES = join(import.meta.dirname, 'fixtures');
const COOKBOOKS = join(FIXTURES, 'cookbooks');
const cookbooks = await Promise.all(
  ['demo', 'syn', 'attr'].map((name) => loadCookbook(join(COOKBOOKS, name), FIXTURES)),
);

function failureOf(name: string): ErrorRecord | undefined {
  const report = parseDataCollectorReport(readFileSync(join(FIXTURES, 'reports', `${name}.json`), 'utf8'));
  const run = report.runs[0];
  if (run === undefined) throw new Error(`no run in ${name}`);
  return failureRecord(run, {
    rootPath: '/opt/kitchen',
    cookbooks: { cookbooks, own: [] },
    readText: (file) => readFileSync(file, 'utf8'),
  });
}

/** [report, message, file:line of the user, a detail that must be there] */
const CASES: readonly (readonly [string, string | RegExp, string, string | undefined])[] = [
  [
    'demo-raise',
    'recipe demo::raise:4 failed: the database is not there for default-debian-12',
    'demo/recipes/raise.rb:4',
    undefined,
  ],
  [
    'demo-blk',
    'ruby_block[fails] (run) in demo::blk:4 failed: ArgumentError: bad thing',
    'demo/recipes/blk.rb:6',
    'declared in demo/recipes/blk.rb:4',
  ],
  [
    'demo-tmpl',
    /^template\[\/srv\/out\/app.ini\] \(create\) in demo::tmpl:1 failed: undefined method .\[\]' for nil/,
    'demo/templates/app.ini.erb:3',
    "node['app'] is not set at any level",
  ],
  [
    'demo-exe',
    /^execute\[migrate\] \(run\) in demo::exe:1 failed: exit code 3 instead of 0: echo doing/,
    'demo/recipes/exe.rb:1',
    'stderr: table missing',
  ],
  [
    'demo-nested',
    /^execute\[inner step\] \(run\) in demo::nested failed: exit code 9 instead of 0/,
    'demo/resources/outer.rb:5',
    'stderr: cannot reach db',
  ],
  [
    'demo-notify',
    'execute[later] (run) in demo::notify:1 failed: exit code 4 instead of 0: exit 4',
    'demo/recipes/notify.rb:1',
    undefined,
  ],
  [
    'demo-custom',
    /^demo_thing\[\/srv\/out\/thing\] \(make\) in demo::custom:1 failed: NoMethodError/,
    'demo/resources/thing.rb:5',
    'declared in demo/recipes/custom.rb:1',
  ],
  [
    'demo-nilattr',
    /^recipe demo::nilattr:1 failed: NoMethodError/,
    'demo/recipes/nilattr.rb:1',
    "node['no'] is not set at any level",
  ],
  [
    'demo-nodemethod',
    "recipe demo::nodemethod:1 failed: NoMethodError: undefined method `foo_bar_baz' for #<Chef::Node::Attribute …>",
    'demo/recipes/nodemethod.rb:1',
    undefined,
  ],
  [
    'demo-nomethod',
    /^recipe demo::nomethod:1 failed: NoMethodError: undefined method .filee'/,
    'demo/recipes/nomethod.rb:1',
    'Did you mean?  file',
  ],
  [
    'demo-badprop',
    "recipe demo::badprop:2 failed: NoMethodError: undefined method `contentt' for Chef::Resource::File",
    'demo/recipes/badprop.rb:2',
    undefined,
  ],
  [
    'demo-incl',
    'recipe demo::incl:1 failed: Chef::Exceptions::RecipeNotFound: could not find recipe nope for cookbook demo',
    'demo/recipes/incl.rb:1',
    undefined,
  ],
  [
    'demo-incl2',
    /^recipe demo::incl2:1 failed: Chef::Exceptions::CookbookNotFound: Cookbook nope not found/,
    'demo/recipes/incl2.rb:1',
    undefined,
  ],
  [
    'syn',
    "recipe syn::default:2 failed: syntax error, unexpected end-of-input, expecting `end'",
    'syn/recipes/default.rb:2',
    undefined,
  ],
  [
    'attr',
    /^attr\/attributes\/default.rb:1 failed: NoMethodError/,
    'attr/attributes/default.rb:1',
    "node['b'] is not set at any level",
  ],
];

for (const [name, message, place, detail] of CASES) {
  await tap.test(`the failure in ${name} is told in one sentence, at the user's own file`, async (t) => {
    const record = failureOf(name);
    if (typeof message === 'string') t.equal(record?.message, message);
    else t.match(record?.message, message);
    t.equal(record?.code, 'chef.converge_failed');
    t.equal(`${record?.location?.file}:${record?.location?.line}`, join(COOKBOOKS, place));
    if (detail !== undefined) t.ok(record?.details?.includes(detail), `details have: ${detail}`);
    const text = [record?.message, ...(record?.details ?? [])].join('\n');
    t.ok(text.length < 4000 && (record?.details?.length ?? 0) <= 25, 'and stays short');
  });
}

await tap.test('the failing line is shown marked, with its neighbours', async (t) => {
  const details = failureOf('demo-tmpl')?.details ?? [];
  t.ok(details.includes('>    3 | url = <%= node["app"]["database"]["url"] %>'));
  t.ok(details.includes('     2 | name = app'));
});
