/** A verb with what can follow it. */
export interface CompletedCommand {
  readonly verbs: readonly string[];
  readonly describe: string;
  /** With their dashes, e.g. `--suite`. */
  readonly options: readonly string[];
  /** Values that the first word after the verb may have; `instances` for the names of the kitchen's instances. */
  readonly words: 'instances' | readonly string[];
}

export type Shell = 'bash' | 'zsh';

/** The table of `verify --list` → the ids in it. */
const IDS = String.raw`sed -n 's/^  \([^ ]*\)  .*/\1/p' | grep -vx id | sort -u`;

/** A script that the shell sources. Names of instances and ids of checks are looked up when the tab key is pressed. */
export function completionScript(shell: Shell, commands: readonly CompletedCommand[]): string {
  return shell === 'bash' ? bash(commands) : zsh(commands);
}

function bash(commands: readonly CompletedCommand[]): string {
  return `# galley completion bash
# A name is whatever a kitchen file says: compgen -W would run the $(commands) in it, and so would the command line.
_galley_offer() {
  local name quoted
  while IFS= read -r name; do
    printf -v quoted '%q' "$name"
    [[ $name == "$1"* || $quoted == "$1"* ]] && COMPREPLY+=("$quoted")
  done
}
_galley() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]} verb='' word options='' words=''
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case $word in
      --) return ;;
      -*) ;;
      *) [[ -n $verb ]] || verb=$word ;;
    esac
  done
  COMPREPLY=()
  case $prev in
    --config|--events)
      compopt -o filenames 2>/dev/null
      while IFS= read -r word; do COMPREPLY+=("$word"); done < <(compgen -f -- "$cur")
      return ;;
    --check|--only)
      _galley_offer "$cur" < <("\${COMP_WORDS[0]}" verify --list 2>/dev/null | ${IDS})
      return ;;
  esac
  case $verb in
    '') words='${commands.flatMap((one) => one.verbs).join(' ')}' ;;
${commands.map(bashCase).join('\n')}
  esac
  if [[ $cur == -* ]]; then
    COMPREPLY=($(compgen -W "$options" -- "$cur"))
  else
    [[ $words == @instances ]] && { _galley_offer "$cur" < <("\${COMP_WORDS[0]}" __names 2>/dev/null); return; }
    COMPREPLY=($(compgen -W "$words" -- "$cur"))
  fi
}
complete -F _galley galley
`;
}

function bashCase({ verbs, options, words }: CompletedCommand): string {
  const offered = words === 'instances' ? '@instances' : words.join(' ');
  return `    ${verbs.join('|')}) options='${options.join(' ')}' words='${offered}' ;;`;
}

function zsh(commands: readonly CompletedCommand[]): string {
  const verbs = commands.flatMap(({ verbs: all, describe }) =>
    all.map((verb) => `    '${verb}:${describe.replaceAll("'", "'\\''").replaceAll(':', '\\:')}'`),
  );
  return `#compdef galley
# galley completion zsh
_galley() {
  local verb='' word
  local -a verbs options names
  verbs=(
${verbs.join('\n')}
  )
  for word in "\${(@)words[2,CURRENT-1]}"; do
    case $word in
      --) return ;;
      -*) ;;
      *) [[ -n $verb ]] || verb=$word ;;
    esac
  done
  case \${words[CURRENT-1]} in
    --config|--events) _files; return ;;
    --check|--only) names=(\${(f)"$(\${words[1]} verify --list 2>/dev/null | ${IDS})"}); compadd -a names; return ;;
  esac
  case $verb in
    '') _describe 'command' verbs; return ;;
${commands.map(zshCase).join('\n')}
  esac
  if [[ \${words[CURRENT]} == -* ]]; then
    compadd -a options
  else
    [[ \${names[1]:-} == @instances ]] && names=(\${(f)"$(\${words[1]} __names 2>/dev/null)"})
    compadd -a names
  fi
}
if [[ \${funcstack[1]:-} == _galley ]]; then _galley "$@"; else compdef _galley galley; fi
`;
}

function zshCase({ verbs, options, words }: CompletedCommand): string {
  const offered = words === 'instances' ? '@instances' : words.join(' ');
  return `    ${verbs.join('|')}) options=(${options.join(' ')}) names=(${offered}) ;;`;
}
