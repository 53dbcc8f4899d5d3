import { arch, platform } from 'node:os';
import { join, resolve } from 'node:path';
import type { ActionContext } from '../../src/core/action-context.ts';
import { GalleyError } from '../../src/core/errors.ts';
import type { PluginHost } from '../../src/core/plugin-host.ts';
import { quote } from '../../src/core/shell-words.ts';
import { slug } from '../../src/core/slug.ts';
import type { Connection } from '../../src/core/transport.ts';
import { fetchTool } from '../../src/suites/fetch-tool.ts';
import { findProgram, isExecutable } from '../../src/suites/find-program.ts';
import type { GossSettings } from './settings.ts';

/** A goss to run: one that the instance has, or a file of this machine that has to be sent. */
export type Goss =
  | { readonly on: 'instance'; readonly path: string }
  | { readonly on: 'here'; readonly file: string };

/** `uname -m` → the names in goss' releases, and of Node. */
const ARCHITECTURES: Readonly<Record<string, { readonly goss: string; readonly node: string }>> = {
  x86_64: { goss: 'amd64', node: 'x64' },
  aarch64: { goss: 'arm64', node: 'arm64' },
  armv7l: { goss: 'arm', node: 'arm' },
  i686: { goss: '386', node: 'ia32' },
};

/** The file that `goss_binary` names; throws `goss.no_binary` (config) when it cannot be run. */
export function givenBinary(root: string, { goss_binary: given }: GossSettings): string | undefined {
  if (given == null) return undefined;
  const file = resolve(root, given);
  if (isExecutable(file)) return file;
  const error = new GalleyError({
    code: 'goss.no_binary',
    kind: 'config',
    message: `goss_binary is no program: ${given}`,
    got: file,
    hint: 'correct the path, which is relative to the kitchen’s folder, or make the file executable',
  });
  throw Object.assign(error, { settingsPath: ['goss_binary'] });
}

/**
 * `goss_binary`, else the instance's own goss, else that on the PATH here when it can run there, else a download.
 * Throws `suite.fetch_failed` (infrastructure) when there is none.
 */
export async function findGoss(
  ctx: ActionContext<GossSettings>,
  connection: Connection,
  host: PluginHost,
): Promise<Goss> {
  const given = givenBinary(ctx.root, ctx.config);
  if (given !== undefined) return { on: 'here', file: given };
  const machine = await connection.execute(['uname', '-m'], { signal: ctx.signal });
  const architecture = ARCHITECTURES[machine.stdout.trim()];
  const fill = (text: string): string => filled(text, ctx.config.goss_version, architecture?.goss ?? '');
  const path = quote(fill(ctx.config.goss_download_path));
  const look = `if [ -x ${path} ]; then echo ${path}; else command -v goss; fi`;
  const there = await connection.execute(['/bin/sh', '-c', look], { signal: ctx.signal });
  if (there.exitCode === 0) return { on: 'instance', path: there.stdout.trim() };
  const here = findProgram(['goss'], host.env['PATH'] ?? '');
  if (here !== undefined && platform() === 'linux' && architecture?.node === arch()) {
    return { on: 'here', file: here };
  }
  const url = fill(ctx.config.goss_link);
  const folder = await fetchTool(ctx, host, {
    name: join('goss', slug(url, 120)),
    what: `goss ${ctx.config.goss_version}`,
    argv: (to) => [
      'curl',
      '--fail',
      '--silent',
      '--show-error',
      '--location',
      '--output',
      join(to, 'goss'),
      url,
    ],
    hint: 'install goss on the instance, or name one on this machine with goss_binary:',
  });
  return { on: 'here', file: join(folder, 'goss') };
}

/** `$VERSION`, `${DISTRO}` and `${ARCH}` as kitchen-goss' shell fills them in; the release names are lower case. */
export function filled(text: string, version: string, architecture: string): string {
  const values: Readonly<Record<string, string>> = { VERSION: version, DISTRO: 'linux', ARCH: architecture };
  return text.replaceAll(
    /\$(?:\{(VERSION|DISTRO|ARCH)\}|(VERSION|DISTRO|ARCH)\b)/g,
    (_, a, b) => values[a ?? b] ?? '',
  );
}
