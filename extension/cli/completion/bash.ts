// The script for bash 4 and newer.
import { shellWord } from '../../model/shell-word.js';
import { prefixOf, sharedFunctions } from './sh.js';
import type { ProgramWords } from './completion-words.js';

/** A script that `source` takes, complete in itself. */
export function bashCompletion(words: ProgramWords): string {
  const prefix = prefixOf(words);
  const flags = words.commands.map(
    ({ name, options }) => `    ${shellWord(name)}) echo ${options.flatMap((each) => each.flags).join(' ')} ;;`,
  );
  return `# Completes ${words.name} in bash; written by \`${words.name} completion bash\`.

${sharedFunctions(words)}
${prefix}_flags() {
  case "$1" in
${flags.join('\n')}
  esac
}

# Adds what compgen finds.
${prefix}_files() {
  compopt -o filenames 2>/dev/null
  local line
  while IFS='' read -r line; do COMPREPLY+=("$line"); done < <(compgen "$@" -- "$cur")
  # The shell's own way knows about quotes.
  if [ "\${#COMPREPLY[@]}" -eq 0 ]; then compopt -o "$fallback" 2>/dev/null; fi
}

${prefix}() {
  local IFS=$' \\t\\n' cmd takes count ended kind before='' fallback=default cur="\${COMP_WORDS[COMP_CWORD]}"
  COMPREPLY=()
  ${prefix}_read "\${COMP_WORDS[@]:1:COMP_CWORD-1}"
  if [ "$cur" = '=' ]; then cur=''; fi
  if [ -z "$ended" ] && [[ "$cur" == --*=* ]]; then
    # Where COMP_WORDBREAKS has no =.
    before="\${cur%%=*}="
    ${prefix}_option "$cmd" "\${cur%%=*}"
    cur="\${cur#*=}"
  elif [ -z "$ended" ] && [[ "$cur" == -* && "$takes" != 'one '* ]]; then
    COMPREPLY=($(compgen -W "$(${prefix}_flags "$cmd")" -- "$cur"))
    return
  fi
  if [ -z "$takes" ]; then ${prefix}_argument "$cmd" "$count"; fi
  kind="\${takes#* }"
  case "$kind" in
    words\\ *) COMPREPLY=($(compgen -P "$before" -W "\${kind#words }" -- "$cur")) ;;
    file) ${prefix}_files -P "$before" -f ;;
    directory)
      fallback=dirnames
      ${prefix}_files -P "$before" -d
      ;;
    scenario)
      COMPREPLY=($(compgen -P "$before" -W ${shellWord(words.scenarios.map(({ name }) => name).join(' '))} -- "$cur"))
      ${prefix}_files -P "$before" -f -X '!*.yaml'
      ${prefix}_files -P "$before" -d
      ;;
  esac
}

complete -F ${prefix} ${words.name}
`;
}
