import { GalleyError } from '../core/errors.ts';
import { quote } from '../core/shell-words.ts';

/**
 * The shell script that an `exec` command line means. `-c SCRIPT`, or a single word after `--`, is a script as it is;
 * several words are a command and its arguments and reach the instance as the caller's shell split them.
 */
export function scriptOf(script: string | undefined, words: readonly string[]): string {
  if ((script === undefined) === (words.length === 0)) {
    throw new GalleyError({
      code: 'usage.command_line',
      kind: 'usage',
      message: words.length === 0 ? 'exec needs a command' : 'exec takes one command: after -- or with -c',
      hint: "galley exec web -- systemctl status nginx, or galley exec web -c 'ps aux | grep nginx'",
    });
  }
  if (script !== undefined) return script;
  return words.length === 1 ? (words[0] ?? '') : words.map(quote).join(' ');
}
