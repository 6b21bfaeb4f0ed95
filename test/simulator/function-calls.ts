// Calls a function of a program on a machine of its own, as the engine does, without scenarios.
import { kernelLoader } from '../../extension/kernel/loader.js';
import { intrinsicNamed } from '../../extension/kernel/intrinsics/index.js';
import type { Value } from '../../extension/kernel/intrinsics/machine.js';
import type { Program } from '../../extension/program/program.js';
import { Image } from '../../extension/simulator/machine/image.js';
import { SimulatedMachine } from '../../extension/simulator/machine/simulated-machine.js';
import { SimulatedMemory } from '../../extension/simulator/machine/simulated-memory.js';
import { Thread } from '../../extension/simulator/machine/thread.js';
import type { SyntaxParser } from '../../extension/syntax/parser.js';
import { memoryTree } from '../support/memory-tree.js';

const longest = 1_000_000;

/** A program of one file; throws where a part of it could not be read or lowered. */
export function programOf(parser: SyntaxParser, text: string): Program {
  const tree = memoryTree({ 'fs/test/test.c': text });
  const program = kernelLoader(parser).load(tree, { folder: 'fs/test', config: new Map() });
  const wrong = [
    ...program.units.flatMap((unit) => unit.errors.map((error) => error.message)),
    ...program.units.flatMap((unit) => unit.declarations.flatMap((each) => (each.kind === 'unknown' ? ['unknown declaration'] : []))),
    ...program.notAnalysed.map((each) => `${each.function}: ${each.reason}`),
  ];
  if (wrong.length > 0) throw new Error(wrong.join('\n'));
  return program;
}

/** A program at work: variables keep between calls what they hold. */
export class Calls {
  readonly machine: SimulatedMachine;
  readonly image: Image;

  constructor(program: Program) {
    const memory = new SimulatedMemory();
    this.image = new Image(program, memory, intrinsicNamed, {});
    this.machine = new SimulatedMachine(memory, this.image);
  }

  /** What the function returns, or in words what was reported, assumed or not done. So many steps are asked for at a time; 1 is one by one. */
  call(name: string, given: readonly Value[], most = longest): Value | string {
    const { machine, image } = this;
    const fn = image.named(name);
    if (!fn) return `there is no ${name}()`;
    const thread = new Thread(0, 'main');
    machine.core.threads = [thread];
    machine.core.current = 0;
    machine.core.errors = [];
    machine.core.halted = false;
    machine.enter(fn, given, -1);
    while (thread.frames.length > 0 && machine.core.errors.length === 0) {
      if (thread.steps > longest) return `more than ${longest} steps`;
      if (most === 1) machine.step();
      else machine.run(most);
    }
    const said = [...machine.core.errors.map((error) => `${error.kind}: ${error.message}`)];
    for (const each of image.takeAssumptions()) said.push(`assumed ${each.kind} ${each.name} ${each.assumed}`);
    return said.length > 0 ? said.join('; ') : thread.result;
  }
}

/** What `long f(void)` with that body returns, in a program with that text before it. */
export function answerOf(parser: SyntaxParser, text: string, body: string): string {
  return String(new Calls(programOf(parser, `${text}\nlong f(void)\n{\n\t${body}\n}\n`)).call('f', []));
}
