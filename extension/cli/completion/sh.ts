// What the scripts for bash and zsh have in common: reading the words before the cursor. Written in what both understand.
import { shellWord } from '../../model/shell-word.js';
import type { ProgramWords, ValueWords } from './completion-words.js';

/** The name that functions of a script begin with. */
export function prefixOf({ name }: ProgramWords): string {
  return `_${name.replace(/\W/g, '_')}`;
}

/** `one words text json`: how many words are taken, of what kind, and which. */
export function takenText({ kind, words, many }: ValueWords): string {
  return [many ? 'many' : 'one', kind, ...words].join(' ');
}

/** Key and text of each option with a value, the keys of those with the same text together. */
export function optionValues({ commands }: ProgramWords): ReadonlyMap<string, readonly string[]> {
  const keys = new Map<string, string[]>();
  for (const { name, options } of commands) {
    for (const { flags, value } of options) {
      if (value === null) continue;
      const text = takenText(value);
      keys.set(text, [...(keys.get(text) ?? []), ...flags.map((flag) => `${name} ${flag}`)]);
    }
  }
  return keys;
}

/** Command, 0-based position and text of each argument; the position is null for one that takes all further words. */
export function argumentValues({
  commands,
}: ProgramWords): readonly { readonly command: string; readonly position: number | null; readonly text: string }[] {
  return commands.flatMap((command) =>
    command.arguments.map((value, index) => ({ command: command.name, position: value.many ? null : index, text: takenText(value) })),
  );
}

/**
 * Functions for bash and zsh. `PREFIX_read WORD…` takes the words between the program's name and the cursor, and sets `cmd` (the
 * command, or nothing), `takes` (what the option before the cursor takes, or nothing), `count` (arguments so far) and `ended`
 * (`yes` after `--`). `PREFIX_option CMD OPTION` and `PREFIX_argument CMD COUNT` set `takes`.
 */
export function sharedFunctions(words: ProgramWords): string {
  const prefix = prefixOf(words);
  const options = [...optionValues(words)].map(
    ([text, keys]) => `    ${keys.map((key) => shellWord(key)).join(' | ')}) takes=${shellWord(text)} ;;`,
  );
  const positions = argumentValues(words).map(
    ({ command, position, text }) => `    ${shellWord(`${command} `)}${position ?? '*'}) takes=${shellWord(text)} ;;`,
  );
  return `${prefix}_option() {
  case "$1 $2" in
${options.join('\n')}
    *) takes='' ;;
  esac
}

${prefix}_argument() {
  case "$1 $2" in
${positions.join('\n')}
    *) takes='' ;;
  esac
}

${prefix}_read() {
  local word before=''
  cmd='' takes='' ended=''
  count=0
  for word in "$@"; do
    case "$takes" in
      'one '*)
        # bash gives --option=value as three words.
        if [ "$word" != '=' ]; then takes=''; fi
        before="$word"
        continue
        ;;
      'many '*)
        case "$word" in
          =) case "$before" in --*) takes="one \${takes#many }" ;; esac ;;
          -?*) takes='' ;;
        esac
        before="$word"
        if [ -n "$takes" ]; then continue; fi
        ;;
    esac
    before="$word"
    if [ -n "$ended" ]; then
      count=$((count + 1))
      continue
    fi
    case "$word" in
      --) ended=yes ;;
      --*=*) ;;
      -?*) ${prefix}_option "$cmd" "$word" ;;
      *) if [ -z "$cmd" ]; then cmd="$word"; else count=$((count + 1)); fi ;;
    esac
  done
}
`;
}
