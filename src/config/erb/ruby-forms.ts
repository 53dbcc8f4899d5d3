import { rubyRegExp } from '../ruby-regexp.ts';
import { Unsupported } from './failure.ts';

/** JavaScript knows Unicode's classes in another mode only, and some of Ruby's syntax not at all. */
export function expressionOf(source: string, flags: string | undefined, at: number): RegExp {
  if (/\\[pPGKRX]|\(\?>|[*+?}]\+/.test(source)) throw new Unsupported('such a pattern', at);
  try {
    return rubyRegExp(source, flags);
  } catch {
    throw new Unsupported('such a pattern', at);
  }
}

/** The processor as Ruby names it, and the system; templates look for `darwin`, `linux` or `arm64` in it. */
export function rubyPlatform(): string {
  const arm = process.platform === 'darwin' ? 'arm64' : 'aarch64';
  const processor = { x64: 'x86_64', arm64: arm }[process.arch as string] ?? process.arch;
  return `${processor}-${process.platform}`;
}
