// The script for zsh 5, for `source` and for a folder of $fpath.
import { shellWord } from '../../model/shell-word.js';
import { prefixOf, sharedFunctions } from './sh.js';
import type { ProgramWords } from './completion-words.js';

/** A script that needs what `compinit` loads. */
export function zshCompletion(words: ProgramWords): string {
  const prefix = prefixOf(words);
  const [, ...commands] = words.commands;
  const flags = words.commands.map(
    ({ name, options }) =>
      `    ${shellWord(name)})\n      found=(\n${options
        .flatMap((each) => each.flags.map((flag) => `        ${described(flag, each.description)}\n`))
        .join('')}      )\n      ;;`,
  );
  return `#compdef ${words.name}
# Completes ${words.name} in zsh; written by \`${words.name} completion zsh\`.

${sharedFunctions(words)}
${prefix}_describe_options() {
  local -a found
  case "$1" in
${flags.join('\n')}
  esac
  _describe -o 'option' found
}

${prefix}_describe_commands() {
  local -a found=(
${commands.map(({ name, description }) => `    ${described(name, description)}\n`).join('')}  )
  _describe -t commands 'command' found
}

${prefix}_describe_scenarios() {
  local -a found=(
${words.scenarios.map(({ name, title }) => `    ${described(name, title)}\n`).join('')}  )
  _describe -t scenarios 'bundled scenario' found
}

${prefix}() {
  local cmd takes count ended kind cur="\${words[CURRENT]}"
  ${prefix}_read "\${(@)words[2,CURRENT-1]}"
  if [[ -z "$ended" && "$cur" == --*=* ]]; then
    ${prefix}_option "$cmd" "\${cur%%=*}"
    compset -P '*='
  elif [[ -z "$ended" && "$cur" == -* && "$takes" != 'one '* ]]; then
    ${prefix}_describe_options "$cmd"
    return
  fi
  if [[ -z "$cmd$takes" ]]; then
    ${prefix}_describe_commands
    return
  fi
  if [[ -z "$takes" ]]; then ${prefix}_argument "$cmd" "$count"; fi
  kind="\${takes#* }"
  case "$kind" in
    words\\ *) compadd -- \${=kind#words } ;;
    file) _files ;;
    directory) _files -/ ;;
    scenario)
      ${prefix}_describe_scenarios
      _files -g '*.yaml'
      ;;
  esac
}

# Read from a folder of $fpath it is called; read by source it names itself.
if [[ "\${funcstack[1]}" == ${prefix} ]]; then ${prefix} "$@"; else compdef ${prefix} ${words.name}; fi
`;
}

/** An entry for _describe, in which a colon ends the word. */
function described(word: string, description: string): string {
  return shellWord(`${word}:${description}`);
}
