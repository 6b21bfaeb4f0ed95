// The script for fish 3.
import { argumentValues, optionValues, prefixOf } from './sh.js';
import type { CommandWords, ProgramWords } from './completion-words.js';

/** A script that `source` takes, complete in itself. */
export function fishCompletion(words: ProgramWords): string {
  const prefix = `_${prefixOf(words)}`;
  const options = [...optionValues(words)].map(
    ([text, keys]) => `        case ${keys.map(quoted).join(' ')}\n            echo ${quoted(text)}`,
  );
  const positions = argumentValues(words).map(
    ({ command, position, text }) => `        case ${quoted(`${command} ${position ?? '*'}`)}\n            echo ${quoted(text)}`,
  );
  const flags = words.commands.map(
    ({ name, options: all }) =>
      `        case ${quoted(name)}\n${printed(all.flatMap((each) => each.flags.map((flag) => [flag, each.description])))}`,
  );
  const [, ...commands] = words.commands;
  return `# Completes ${words.name} in fish; written by \`${words.name} completion fish\`.

# What the option of a command takes: how many words, of what kind, and which.
function ${prefix}_option
    switch "$argv[1] $argv[2]"
${options.join('\n')}
    end
end

# The same of an argument by its position.
function ${prefix}_argument
    switch "$argv[1] $argv[2]"
${positions.join('\n')}
    end
end

function ${prefix}_flags
    switch "$argv[1]"
${flags.join('\n')}
    end
end

function ${prefix}_commands
${printed(commands.map((each: CommandWords) => [each.name, each.description]))}
end

function ${prefix}_scenarios
${printed(words.scenarios.map(({ name, title }) => [name, title]))}
end

function ${prefix}
    set -l cmd ''
    set -l takes ''
    set -l ended ''
    set -l count 0
    set -l tokens (commandline -opc)
    for word in $tokens[2..-1]
        if string match -q 'one *' -- $takes
            set takes ''
            continue
        end
        if string match -q 'many *' -- $takes
            string match -qr '^-.' -- $word; or continue
            set takes ''
        end
        if test -n "$ended"
            set count (math $count + 1)
            continue
        end
        switch "$word"
            case --
                set ended yes
            case '--*=*'
            case '-?*'
                set takes (${prefix}_option "$cmd" $word)
            case '*'
                if test -z "$cmd"
                    set cmd $word
                else
                    set count (math $count + 1)
                end
        end
    end
    set -l before ''
    set -l cur (commandline -ct)
    if test -z "$ended"; and string match -q -- '--*=*' $cur
        set before (string replace -r '=.*' '=' -- $cur)
        set takes (${prefix}_option "$cmd" (string replace -r '=.*' '' -- $cur))
        set cur (string replace -r '^[^=]*=' '' -- $cur)
    else if test -z "$ended"; and string match -q -- '-*' $cur; and not string match -q 'one *' -- $takes
        ${prefix}_flags "$cmd"
        return
    end
    if test -z "$cmd$takes"
        ${prefix}_commands
        return
    end
    test -n "$takes"; or set takes (${prefix}_argument "$cmd" $count)
    set -l found
    set -l kind (string split ' ' -- $takes)
    switch "$kind[2]"
        case words
            set found $kind[3..-1]
        case file
            set found (__fish_complete_path "$cur")
        case directory
            set found (__fish_complete_directories "$cur")
        case scenario
            set found (${prefix}_scenarios) (__fish_complete_path "$cur" | string match -r '.*(?:/|\\.yaml)(?:\\t.*)?$')
    end
    for each in $found
        echo -- $before$each
    end
end

complete -c ${words.name} -f -a '(${prefix})'
`;
}

/** Commands that print each word with what it means. */
function printed(entries: readonly (readonly string[])[]): string {
  return entries
    .map(([word = '', description = '']) => `            printf '%s\\t%s\\n' ${quoted(word)} ${quoted(description)}`)
    .join('\n');
}

function quoted(word: string): string {
  return `'${word.replace(/[\\']/g, '\\$&')}'`;
}
