import { join } from 'node:path';
import type { ActionContext } from '../../src/core/action-context.ts';
import type { PluginHost } from '../../src/core/plugin-host.ts';
import { fetchTool } from '../../src/suites/fetch-tool.ts';
import { listFiles, type StagedFile } from '../../src/suites/stage.ts';

const SERVERSPEC = '2.43.0';

/**
 * Serverspec with all that it needs, in Ruby alone, so that any Ruby from 3.0 on the instance can load it. Pinned, so that
 * the same tests run everywhere. net-ssh 8 would need a compiled gem.
 */
const GEMS: readonly string[] = [
  'base64:0.3.0',
  'diff-lcs:1.6.2',
  'logger:1.7.0',
  'multi_json:1.19.1',
  'net-scp:4.2.1',
  'net-ssh:7.3.8',
  'net-telnet:0.2.0',
  'rspec:3.13.2',
  'rspec-core:3.13.6',
  'rspec-expectations:3.13.5',
  'rspec-its:2.0.0',
  'rspec-mocks:3.13.8',
  'rspec-support:3.13.7',
  `serverspec:${SERVERSPEC}`,
  'sfl:2.3',
  'specinfra:2.95.2',
];

/**
 * The gems' libraries come first on the load path, not through GEM_HOME: what the tests run on the instance should see
 * its own environment. `ARGV` is what follows the command `rspec`.
 */
const START = `$LOAD_PATH.unshift(*Dir[File.join(__dir__, 'gems', '*', 'lib')].sort)
require 'rspec/core'
exit RSpec::Core::Runner.run(ARGV)
`;

/** RSpec and serverspec for the instance's Ruby, started by `rspec.rb`. */
export async function rspecTools(ctx: ActionContext, host: PluginHost): Promise<readonly StagedFile[]> {
  const home = await fetchTool(ctx, host, {
    name: `serverspec-${SERVERSPEC}`,
    what: `serverspec ${SERVERSPEC}`,
    argv: (folder) => [
      'gem',
      'install',
      '--install-dir',
      folder,
      '--no-document',
      '--ignore-dependencies',
      '--force',
      ...GEMS,
    ],
    env: (folder) => ({ GEM_HOME: folder, GEM_PATH: folder }),
    hint: 'Ruby must be on this machine (Debian, Ubuntu: apt-get install ruby) and its gem source must answer (gem sources)',
  });
  const files = await listFiles(join(home, 'gems'), (path) => /^[^/]+\/lib\//.test(path));
  return [
    { path: 'rspec.rb', source: { text: START }, mode: 0o644 },
    ...files.map(({ path, absolute, mode }) => ({
      path: `gems/${path}`,
      source: { file: absolute },
      mode,
    })),
  ];
}
