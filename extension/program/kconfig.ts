// The subsystem's options: its Kconfig's defaults, what the user set, and a guess for options of other folders.

interface Default {
  readonly value: string;
  readonly condition: string;
}

interface KconfigOption {
  readonly name: string;
  type: 'bool' | 'other';
  /** Whether someone who configures a kernel is asked. */
  prompt: boolean;
  readonly defaults: Default[];
  readonly depends: string[];
  readonly selects: { readonly name: string; readonly condition: string; readonly weak: boolean }[];
}

/** Reads `config` and `menuconfig` entries with the `if`, `menu` and `choice` blocks around them. Unknown lines are passed over. */
export function parseKconfig(text: string): KconfigOption[] {
  const options: KconfigOption[] = [];
  const around: string[] = [];
  let current: KconfigOption | undefined;
  let menuDepends: { depth: number } | undefined;
  let helpIndent = none;
  for (const raw of text.replace(/\\\r?\n/g, ' ').split(/\r?\n/)) {
    const indent = columnOfText(raw);
    if (helpIndent !== none) {
      // A help text goes on for as long as it is indented as its first line is.
      if (indent === none) continue;
      if (helpIndent === awaited && indent > 0) helpIndent = indent;
      if (helpIndent !== awaited && indent >= helpIndent) continue;
    }
    helpIndent = none;
    const line = stripComment(raw).trim();
    const [word, rest] = splitFirst(line);
    switch (word) {
      case 'config':
      case 'menuconfig':
        current = { name: rest, type: 'bool', prompt: false, defaults: [], depends: around.filter((each) => each !== ''), selects: [] };
        options.push(current);
        break;
      case 'if':
        around.push(rest);
        current = undefined;
        break;
      case 'menu':
      case 'choice':
        around.push('');
        menuDepends = { depth: around.length - 1 };
        current = undefined;
        break;
      case 'endif':
      case 'endmenu':
      case 'endchoice':
        around.pop();
        menuDepends = undefined;
        current = undefined;
        break;
      case 'comment':
      case 'source':
        current = undefined;
        break;
      case 'help':
      case '---help---':
        helpIndent = awaited;
        break;
      case 'depends': {
        const condition = rest.replace(/^on\s+/, '');
        if (current) current.depends.push(condition);
        else if (menuDepends) around[menuDepends.depth] = condition;
        break;
      }
      default:
        if (current) readAttribute(current, word, rest);
    }
  }
  return options;
}

const none = -1;
const awaited = -2;

/** Columns before the text, a tab reaching to the next multiple of eight; `none` for an empty line. */
function columnOfText(line: string): number {
  let column = 0;
  for (const character of line) {
    if (character === '\t') column += 8 - (column % 8);
    else if (character === ' ') column++;
    else return column;
  }
  return none;
}

function readAttribute(option: KconfigOption, word: string, rest: string): void {
  const [value, condition] = splitCondition(rest);
  switch (word) {
    case 'bool':
    case 'tristate':
    case 'int':
    case 'hex':
    case 'string':
      option.type = word === 'bool' || word === 'tristate' ? 'bool' : 'other';
      if (value !== '') option.prompt = true;
      break;
    case 'prompt':
      option.prompt = true;
      break;
    case 'def_bool':
    case 'def_tristate':
      option.defaults.push({ value, condition });
      break;
    case 'default':
      option.defaults.push({ value, condition });
      break;
    case 'select':
    case 'imply':
      option.selects.push({ name: value, condition, weak: word === 'imply' });
      break;
  }
}

function splitFirst(line: string): [string, string] {
  const at = line.search(/\s/);
  return at < 0 ? [line, ''] : [line.slice(0, at), line.slice(at).trim()];
}

function splitCondition(text: string): [string, string] {
  const match = /^(.*?)\s+if\s+(.*)$/.exec(text);
  return match ? [match[1] ?? '', match[2] ?? ''] : [text, ''];
}

function stripComment(line: string): string {
  return line.replace(/("[^"]*")|#.*$/g, (_, quoted: string | undefined) => quoted ?? '');
}

/** Options that a distribution's kernel leaves off: debugging, and other machines than a 64-bit one. */
const off =
  /^(KASAN|KMSAN|KCSAN|KCOV|UBSAN|LOCKDEP|PROVE_.*|DEBUG_.*|.*_DEBUG|LOCK_STAT|.*_SELFTESTS?|.*KUNIT.*|32BIT|HIGHMEM|PREEMPT_RT|M32R|ARM|MIPS|SPARC.*|PARISC|S390|UML|CPU_BIG_ENDIAN|.*_TEST|FAULT_INJECTION|GCOV_.*|COMPILE_TEST|BROKEN|EXPERT|EMBEDDED|TINY_RCU|NOMMU|STATIC_CALL_SELFTEST)$/;

/** Answers for every option; names are taken with and without `CONFIG_`. */
export class Options {
  private readonly own: ReadonlyMap<string, KconfigOption>;
  private readonly user = new Map<string, boolean>();
  private readonly known = new Map<string, boolean>();
  private readonly guessed = new Map<string, boolean>();

  /** `kconfig` is the text of the subsystem's Kconfig, empty where it has none. What the user set always holds. */
  constructor(kconfig: string, user: ReadonlyMap<string, boolean>) {
    this.own = new Map(parseKconfig(kconfig).map((option) => [option.name, option]));
    for (const [name, value] of user) this.user.set(bare(name), value);
  }

  /** Options asked for that neither the Kconfig nor the user states, by name with `CONFIG_`. */
  get assumed(): { name: string; value: boolean }[] {
    return [...this.guessed].map(([name, value]) => ({ name: `CONFIG_${name}`, value })).sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** Whether an option is set; what is assumed of it is among `assumed` from then on. */
  get(name: string): boolean {
    const asked = bare(name);
    const stated = this.stated(asked, new Set());
    if (stated !== undefined) return stated;
    const value = !off.test(asked);
    this.guessed.set(asked, value);
    return value;
  }

  /** Notes options that what is taken over from an earlier load depends on: what is assumed of them is assumed again. */
  note(names: Iterable<string>): void {
    for (const name of names) this.get(name);
  }

  /** A key that is the same for settings that answer alike. */
  get key(): string {
    const user = [...this.user].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, value]) => `${name}=${value ? 'y' : 'n'}`);
    const own = [...this.own.keys()].map((name) => `${name}=${this.get(name) ? 'y' : 'n'}`);
    return [...user, ...own].join(' ');
  }

  /** `open` holds the options that are being asked for, so that a circle ends. */
  private stated(name: string, open: ReadonlySet<string>): boolean | undefined {
    const user = this.user.get(name);
    if (user !== undefined) return user;
    const option = this.own.get(name);
    if (!option) return undefined;
    const known = this.known.get(name);
    if (known !== undefined) return known;
    if (open.has(name)) return false;
    const value = this.evaluate(option, new Set(open).add(name));
    if (open.size === 0) this.known.set(name, value);
    return value;
  }

  private evaluate(option: KconfigOption, open: ReadonlySet<string>): boolean {
    const holds = (condition: string): boolean => condition === '' || this.condition(condition, open);
    let implied = false;
    for (const other of this.own.values())
      for (const select of other.selects)
        if (select.name === option.name && holds(select.condition) && this.stated(other.name, open) === true) {
          if (!select.weak) return true;
          implied = true;
        }
    if (!option.depends.every(holds)) return false;
    if (implied || option.type === 'other') return true;
    const stated = option.defaults.find((each) => holds(each.condition));
    // Who is asked and has no default to take: distributions say yes to all of FUSE.
    return stated ? this.condition(stated.value, open) : option.prompt;
  }

  private condition(text: string, open: ReadonlySet<string>): boolean {
    const tokens = text.match(/"[^"]*"|[\w./-]+|&&|\|\||!=|[!()=<>]/g) ?? [];
    let at = 0;
    const primary = (): boolean => {
      const word = tokens[at++] ?? 'y';
      if (word === '!') return !primary();
      if (word === '(') {
        const value = either();
        at++;
        return value;
      }
      const value = this.symbol(word, open);
      if (tokens[at] !== '=' && tokens[at] !== '!=') return value;
      const same = tokens[at++] === '=';
      return (value === this.symbol(tokens[at++] ?? 'y', open)) === same;
    };
    const both = (): boolean => {
      let value = primary();
      while (tokens[at] === '&&') {
        at++;
        value = primary() && value;
      }
      return value;
    };
    const either = (): boolean => {
      let value = both();
      while (tokens[at] === '||') {
        at++;
        value = both() || value;
      }
      return value;
    };
    return either();
  }

  private symbol(word: string, open: ReadonlySet<string>): boolean {
    if (word === 'y' || word === 'm') return true;
    if (word === 'n') return false;
    // A dependency on an option of another folder is taken as met.
    return this.stated(word, open) ?? !off.test(word);
  }
}

function bare(name: string): string {
  return name.replace(/^CONFIG_/, '');
}
