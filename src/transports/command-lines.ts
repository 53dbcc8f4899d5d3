import { quote } from '../core/shell-words.ts';

export interface ScriptRequest {
  readonly argv: readonly string[];
  readonly env?: Readonly<Record<string, string>> | undefined;
  readonly cwd?: string | undefined;
}

/** What a shell can export; other names reach a program through env(1). */
const VARIABLE_NAME = /^[A-Za-z_]\w*$/;

/** Folders that hold programs and that are not on every login's PATH. */
const FOLDERS = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** Lines of sh that become the command: its folder, its environment, its words. */
export function commandLines({ argv, env = {}, cwd }: ScriptRequest): readonly string[] {
  const entries = Object.entries(env);
  const plain = entries.filter(([name]) => VARIABLE_NAME.test(name));
  const odd = entries.filter(([name]) => !VARIABLE_NAME.test(name));
  const words = [
    ...(odd.length > 0 ? ['env', ...odd.map(([name, value]) => `${name}=${value}`)] : []),
    ...argv,
  ];
  return [
    `case ":$PATH:" in *:/usr/sbin:*) ;; *) PATH="\${PATH:+$PATH:}${FOLDERS}"; export PATH ;; esac`,
    cwd === undefined ? 'cd "${HOME:-/}" 2>/dev/null || cd /' : `cd ${quote(cwd)} || exit 126`,
    ...plain.map(([name, value]) => `export ${name}=${quote(value)}`),
    `exec ${words.map(quote).join(' ')}`,
  ];
}
