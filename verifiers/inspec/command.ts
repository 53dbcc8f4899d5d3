import type { Endpoint } from '../../src/core/endpoint.ts';
import type { Instance } from '../../src/core/instance.ts';
import { quote } from '../../src/core/shell-words.ts';
import type { InspecSettings } from './settings.ts';

export interface CommandParts {
  readonly executable: string;
  readonly profiles: readonly string[];
  readonly target: readonly string[];
  /** Absolute path that the JSON report is written to. */
  readonly json: string;
  /** Absolute paths of files with inputs. */
  readonly inputFiles: readonly string[];
  readonly waiverFiles: readonly string[];
  /** Control ids; all when empty. */
  readonly controls: readonly string[];
  readonly reporters: readonly string[];
  readonly backendCache: boolean;
}

/** The shell text that runs InSpec. Colours are off, because what it prints goes to logs. */
export function inspecCommand(parts: CommandParts): string {
  const many = (flag: string, values: readonly string[]): readonly string[] =>
    values.length === 0 ? [] : [flag, ...values];
  return [
    parts.executable,
    'exec',
    ...parts.profiles,
    ...parts.target,
    ...many('--reporter', [...parts.reporters, `json:${parts.json}`]),
    ...many('--input-file', parts.inputFiles),
    ...many('--waiver-file', parts.waiverFiles),
    ...many('--controls', parts.controls),
    parts.backendCache ? '--backend-cache' : '--no-backend-cache',
    '--no-color',
  ]
    .map(quote)
    .join(' ');
}

/** How InSpec reaches the machine, or undefined when it cannot. Docker: by its own transport. */
export function targetFlags(
  endpoint: Endpoint,
  settings: InspecSettings,
  keyFiles: () => readonly string[] = () => [],
): readonly string[] | undefined {
  switch (endpoint.kind) {
    case 'docker':
      return ['--target', `docker://${endpoint.containerId}`];
    case 'ssh': {
      const host = settings.host ?? endpoint.host;
      const port = settings.port ?? endpoint.port;
      const sudo = settings.sudo === false ? [] : ['--sudo'];
      const options = settings.sudo_options == null ? [] : ['--sudo-options', settings.sudo_options];
      const command = settings.proxy_command ?? endpoint.proxyCommand;
      const proxy = command === undefined ? [] : ['--proxy-command', command];
      const files = keyFiles();
      const keys = files.length === 0 ? [] : ['--key-files', ...files];
      return [
        '--target',
        `ssh://${endpoint.username}@${host}:${port}`,
        ...sudo,
        ...options,
        ...proxy,
        ...keys,
      ];
    }
    case 'ssm':
      return undefined;
  }
}

/** `%{platform}` and `%{suite}` are replaced as kitchen-inspec does; what would go to standard output stays there. */
export function reportersFor(instance: Instance, settings: InspecSettings): readonly string[] {
  const fill = (text: string): string =>
    text.replaceAll('%{platform}', instance.platform).replaceAll('%{suite}', instance.suite);
  const legacy =
    settings.format == null
      ? []
      : [`${settings.format}${settings.output == null ? '' : `:${settings.output}`}`];
  const given = [...settings.reporter, ...legacy].map(fill);
  return given.length === 0 ? ['cli'] : given;
}
