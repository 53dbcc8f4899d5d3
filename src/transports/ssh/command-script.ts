import { quote } from '../../core/shell-words.ts';
import { commandLines, type ScriptRequest } from '../command-lines.ts';

/**
 * The shell text that becomes the command. It goes to the machine on standard input, not as an argument: sudo logs
 * arguments, `ps` shows them to everyone, and one argument may not be longer than 128 KiB (execve(2)).
 */
export function commandScript(mark: string, request: ScriptRequest): string {
  return [`echo ${mark} $$ >&2; echo ${mark}`, ...commandLines(request)].join('\n');
}

export interface CommandUser {
  /** Who is logged in. */
  readonly login: string;
  /** Who the command runs as; undefined: the user that can do everything. */
  readonly user: string | undefined;
  readonly sudo: boolean;
  readonly sudoCommand: string;
}

export interface CommandLine {
  readonly line: string;
  readonly via: 'ssh' | 'sudo';
}

/**
 * The constant command line that reads `bytes` bytes of shell text and becomes what they say. It has to be the same in
 * every login shell: no newline, no `!`.
 */
export function commandLine(bytes: number, who: CommandUser): CommandLine {
  const boot = `s=$(dd bs=${bytes} count=1 iflag=fullblock 2>/dev/null) || exit 71; eval "$s"`;
  const shell = `/bin/sh -c '${boot}'`;
  const isRoot = who.login === 'root';
  const wantsRoot = who.user === undefined || who.user === 'root' || who.user === '0';
  if (who.user === who.login || (wantsRoot && isRoot)) return { line: shell, via: 'ssh' };
  if (who.user === undefined && !who.sudo) return { line: shell, via: 'ssh' };
  if (wantsRoot) return { line: `${who.sudoCommand} -- ${shell}`, via: 'sudo' };
  const name = quote(/^\d+$/.test(who.user ?? '') ? `#${who.user}` : (who.user ?? ''));
  if (!isRoot) return { line: `${who.sudoCommand} -u ${name} -- ${shell}`, via: 'sudo' };
  // A machine that is logged in to as root may have no sudo.
  const line = `if command -v sudo >/dev/null 2>&1; then sudo -n -u ${name} -- ${shell}; else runuser -u ${name} -- ${shell}; fi`;
  return { line: `/bin/sh -c ${quote(line)}`, via: 'sudo' };
}
