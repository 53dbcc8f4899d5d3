import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Endpoint } from '../../src/core/endpoint.ts';
import { GalleyError } from '../../src/core/errors.ts';
import type { Instance } from '../../src/core/instance.ts';
import { quote } from '../../src/core/shell-words.ts';
import type { KnownTest } from '../../src/core/test-suite.ts';
import { type SshWords, sshConfig } from '../../src/suites/ssh-words.ts';
import type { TestinfraSettings } from './settings.ts';

/** What testinfra is told of the machine. */
export interface Target {
  /** Its connection string. */
  readonly host: string;
  /** What testinfra puts into the names of tests. */
  readonly label: string;
  readonly options: readonly string[];
  /** Text of a file for OpenSSH's client. testinfra 7 reads `--ssh-extra-args` and does nothing with it. */
  readonly sshConfig?: string;
}

/** Undefined when testinfra has no way there (pytest-testinfra: doc/source/backends.rst). */
export function targetOf(
  endpoint: Endpoint,
  ssh: () => SshWords,
  settings: TestinfraSettings,
): Target | undefined {
  const sudo = (isDefault: boolean): readonly string[] => ((settings.sudo ?? isDefault) ? ['--sudo'] : []);
  switch (endpoint.kind) {
    case 'docker': {
      const host = `docker://${endpoint.containerId}`;
      return { host, label: host, options: sudo(false) };
    }
    case 'ssh': {
      const { username, port } = endpoint;
      const name = endpoint.host.includes(':') ? `[${endpoint.host}]` : endpoint.host;
      return {
        host: `ssh://${username}@${name}:${port}`,
        label: `ssh://${endpoint.host}`,
        options: sudo(username !== 'root'),
        sshConfig: sshConfig(ssh()),
      };
    }
    case 'ssm':
      return undefined;
  }
}

export interface CommandParts {
  readonly executable: string;
  /** Absolute path of the kitchen's folder. */
  readonly root: string;
  readonly target: Pick<Target, 'host' | 'options'>;
  readonly tests: readonly string[];
  /** Absolute paths of the results and of a folder for pytest's cache: nothing is written among the tests. */
  readonly xml: string;
  readonly cache: string;
  readonly options: readonly string[];
}

/** The shell text that runs pytest. */
export function pytestCommand(parts: CommandParts): string {
  return [
    parts.executable,
    `--hosts=${parts.target.host}`,
    ...parts.target.options,
    `--rootdir=${parts.root}`,
    `--junit-xml=${parts.xml}`,
    // The other family has no file and line.
    '--override-ini=junit_family=xunit1',
    `--override-ini=cache_dir=${parts.cache}`,
    '--color=no',
    ...parts.options,
    ...parts.tests,
  ]
    .map(quote)
    .join(' ');
}

/** Node ids of tests by their titles. Parameters are left out: pytest's own names of them hold the machine's. */
export function nodesOf(only: readonly KnownTest[], folder: string): readonly string[] {
  return [...new Set(only.map(({ title }) => `${folder}${title.replace(/\[.*$/s, '')}`))];
}

/** The tests that the settings name, else the suite's own. Throws `testinfra.no_tests` (config). */
export function testsOf(root: string, instance: Instance, settings: TestinfraSettings): readonly string[] {
  const folder = join(settings.test_base_path, settings.suite_name ?? instance.suite);
  const own = [join(folder, 'testinfra'), folder].find((place) => existsSync(join(root, place)));
  const tests = settings.tests.length > 0 ? settings.tests : own === undefined ? [] : [own];
  const missing = tests.findIndex((test) => !existsSync(resolve(root, test.split('::')[0] ?? '')));
  if (tests.length > 0 && missing < 0) return tests;
  const named = tests[missing];
  const error = new GalleyError({
    code: 'testinfra.no_tests',
    kind: 'config',
    message: named === undefined ? `${instance.suite} has no tests for testinfra` : `there is no ${named}`,
    expected:
      named === undefined ? `tests in ${folder}/testinfra` : 'a file or folder, relative to the kitchen’s',
    hint: 'put tests there, or name some under verifier: tests:',
  });
  throw Object.assign(error, { settingsPath: named === undefined ? [] : ['tests', missing] });
}
