// Runs single instructions on states: assignments, declarations and calls with their outcomes.
import { any, errors, positive, zero, type Contract, type Effect, type Outcome, type Subject } from '../kernel/contract.js';
import type { CallArgument, Instruction } from '../program/graph.js';
import { usesTemporary } from '../program/print.js';
import { ambiguousArguments, consumes } from './effects.js';
import type { PathEvent } from './event.js';
import { contains, isEmpty, isSubset, overlaps } from './integer-set.js';
import type { CallInstruction } from './references.js';
import { Releases } from './releases.js';
import type { PathState } from './path-state.js';
import { pointeeTag } from './subjects.js';
import type { ValueId } from './symbolic-values.js';

export class AbstractInterpreter extends Releases {
  /** Runs one instruction; several states where a call has several outcomes. `site` names the instruction in its graph. */
  run(state: PathState, instruction: Instruction, site: string): readonly PathState[] {
    switch (instruction.kind) {
      case 'assign': {
        const value = this.evaluate(state, instruction.value);
        const at = this.locate(state, instruction.target, true);
        this.noteErrno(state, instruction, value);
        const { target } = instruction;
        if (
          instruction.value.kind === 'unary' &&
          target.kind === 'variable' &&
          this.graph.variables[target.variable]?.kind !== 'temporary' &&
          state.errno.has(target.variable)
        ) {
          state.step({ kind: 'assign', statement: this.around.text(instruction.span) }, instruction.span);
        }
        this.noteNull(state, instruction, value);
        this.write(state, at, value);
        return [state];
      }
      case 'call':
        return this.call(state, instruction, site);
      case 'declare': {
        const at = this.values.variable(instruction.variable);
        for (const inner of [...state.store.keys()]) if (this.values.isWithin(inner, at)) state.store.delete(inner);
        state.errno.delete(instruction.variable);
        const key = this.rootKey(at);
        this.forgetLoads(state, (epoch, location) => epoch === site && this.rootKey(location) === key);
        state.epochs.set(key, site);
        this.declared.add(site);
        return [state];
      }
      case 'end':
        return [state];
      case 'iterate': {
        const result = state.clone();
        for (const argument of instruction.arguments)
          if (argument.kind === 'value' && argument.value.kind !== 'unknown') this.evaluate(state, argument.value);
        this.write(state, this.locate(state, instruction.target, true), this.values.constant(0));
        instruction.cursors.forEach((cursor, index) => {
          const element = this.freshen(result, `${site} element ${index}`, {
            kind: 'call',
            callee: instruction.macro,
            span: instruction.span,
            counts: null,
          });
          result.facts.set(element, positive);
          this.write(result, this.locate(result, cursor, true), element);
        });
        this.write(result, this.locate(result, instruction.target, true), this.values.constant(1));
        return [state, result];
      }
      case 'opaque':
        this.clobberAll(state, site);
        return [state];
    }
  }

  private noteNull(state: PathState, { target, span }: Extract<Instruction, { kind: 'assign' }>, value: ValueId): void {
    if (target.kind !== 'variable') return;
    const variable = this.graph.variables[target.variable];
    const node = this.values.node(value);
    if (variable?.kind === 'temporary' || variable?.type.kind !== 'pointer' || node.kind !== 'constant' || node.value !== 0) return;
    state.step({ kind: 'null', variable: target.variable, name: variable.name }, span);
  }

  protected noteErrno(state: PathState, instruction: Extract<Instruction, { kind: 'assign' }>, value: ValueId): void {
    const { target } = instruction;
    if (target.kind !== 'variable') return;
    const node = this.values.node(value);
    if (node.kind === 'constant' && node.value < 0 && node.value >= -4095 && instruction.value.kind === 'unary') {
      state.errno.set(target.variable, {
        assigned: instruction.span,
        value: node.value,
        call: null,
        phase: 'armed',
        decidedBy: null,
        checked: false,
        trace: state.trace,
      });
    } else state.errno.delete(target.variable);
  }

  protected argument(state: PathState, argument: CallArgument): ValueId {
    return argument.kind === 'value'
      ? this.evaluate(state, argument.value)
      : this.values.symbol(`type ${argument.text}`, { kind: 'other' });
  }

  protected call(state: PathState, instruction: CallInstruction, site: string): readonly PathState[] {
    const { callee } = instruction;
    if (callee.kind === 'indirect') this.evaluate(state, callee.pointer);
    const name = callee.kind === 'direct' ? callee.name : this.calledAs(callee);
    const contract = callee.kind === 'direct' ? this.around.contract(name) : undefined;
    const values = instruction.arguments.map((argument) =>
      // kmalloc_obj(*p) names the type of *p and reads nothing
      contract?.allocates === true && argument.kind === 'value' && argument.value.kind === 'deref'
        ? this.values.symbol(`type of ${this.around.text(argument.value.span)}`, { kind: 'other' })
        : this.argument(state, argument),
    );
    if (contract === undefined) return [this.callUnknown(state, instruction, name, values, site)];
    if (contract.asserts === true) return this.callAssertion(state, instruction, values);
    for (const index of contract.dereferences) {
      const pointer = values[index];
      const argument = instruction.arguments[index];
      if (pointer !== undefined && argument?.kind === 'value')
        this.dereference(state, pointer, argument.value.span, argument.value, contract, index);
    }
    for (const index of ambiguousArguments(contract)) {
      const value = values[index];
      if (value !== undefined) this.doubt(state, this.holder(value) ?? value);
    }
    const results: PathState[] = [];
    const many = contract.outcomes.length > 1;
    const cannotFail = contract.allocates === true && this.around.text(instruction.span).includes('__GFP_NOFAIL');
    for (const outcome of contract.outcomes) {
      if (cannotFail && outcome.returns?.kind === 'set' && isSubset(outcome.returns.set, zero)) continue;
      const next = many ? state.clone() : state;
      if (this.applyOutcome(next, instruction, name, contract, outcome, values, site, many)) results.push(next);
    }
    return results;
  }

  /** A pointer that is called, as written where a part of it has no name. */
  private calledAs({ pointer, text }: Extract<CallInstruction['callee'], { kind: 'indirect' }>): string {
    return usesTemporary(pointer, this.graph.variables) ? this.around.text(pointer.span) : text;
  }

  protected callAssertion(state: PathState, instruction: CallInstruction, values: readonly ValueId[]): readonly PathState[] {
    const condition = values[0];
    if (condition !== undefined) {
      const held = state.clone();
      if (held.restrict(this.values, condition, zero)) {
        if (instruction.target !== null) this.write(held, this.locate(held, instruction.target, true), this.values.constant(0));
        return [held];
      }
      // WARN_ON(1) marks a path; any other condition that must fire here says that there is no such path in a correct run
      if (this.values.node(condition).kind !== 'constant') return [];
    }
    if (instruction.target !== null) this.write(state, this.locate(state, instruction.target, true), condition ?? this.values.constant(0));
    return [state];
  }

  protected callUnknown(state: PathState, instruction: CallInstruction, name: string, values: readonly ValueId[], site: string): PathState {
    this.around.assumed(name);
    for (const value of values) {
      state.tokens = state.tokens.map((token) => (token.value === value ? { ...token, doubtful: true } : token));
      for (const [key, release] of [...state.released]) if (release.value === value) state.released.delete(key);
      this.escape(state, value);
      const parameter = this.subjectOf(state, value);
      if (parameter !== null && this.isPointerParameter(parameter))
        this.record(state, { kind: 'escape', subject: parameter, unknown: true });
      this.clobberFrom(state, value, site);
    }
    const result = this.freshen(state, `${site} result`, { kind: 'call', callee: name, span: instruction.span, counts: null });
    if (instruction.target !== null) this.write(state, this.locate(state, instruction.target, true), result);
    return state;
  }

  protected applyOutcome(
    state: PathState,
    instruction: CallInstruction,
    name: string,
    contract: Contract,
    outcome: Outcome,
    values: readonly ValueId[],
    site: string,
    many: boolean,
  ): boolean {
    if (!this.meets(state, outcome, values)) return false;
    let result: ValueId | null = null;
    if (outcome.returns?.kind === 'same') {
      result = this.subjectValue(state, outcome.returns.subject, values, null);
      result ??= this.freshen(state, `${site} result`, { kind: 'call', callee: name, span: instruction.span, counts: null });
    } else if (outcome.returns !== null) {
      result = this.freshen(state, `${site} result`, {
        kind: 'call',
        callee: name,
        span: instruction.span,
        counts: contract.readsCount === true ? this.countName(instruction) : null,
      });
      if (outcome.returns.set !== any) state.facts.set(result, outcome.returns.set);
      if (isEmpty(outcome.returns.set)) return false;
    }
    // the memory as the callee leaves it; what the effects name was read before the call or is the result itself
    const early = outcome.effects.map((effect) => this.subjectValue(state, effect.subject, values, result));
    if (contract.clobbers === 'all') this.clobberAll(state, site);
    if (contract.clobbers !== 'none') {
      values.forEach((value, index) => {
        const argument = instruction.arguments[index];
        if (argument?.kind === 'value' && contract.writes === undefined) this.clobberFrom(state, value, site);
      });
      for (const subject of contract.writes ?? []) this.clobberSubject(state, subject, values, site);
    }
    if (many) this.noteRefusal(state, contract, outcome, values, name);
    const tells = many || outcome.effects.length > 0;
    if (tells) {
      const at = outcome.effects.find((effect) => effect.at !== undefined && effect.kind !== 'escape')?.at;
      state.step(this.callEvent(name, outcome, contract, instruction), instruction.span, at ?? null);
    }
    const first = { dead: 0, 'set-count': 0, acquire: 1, write: 2, transfer: 3, escape: 4, release: 5 } as const;
    const inOrder = [...outcome.effects.entries()].sort((a, b) => first[a[1].kind] - first[b[1].kind]);
    for (const [index, effect] of inOrder) {
      // what is acquired through an out-parameter is there only after the call
      const late = effect.kind === 'acquire' && effect.subject.path.some((step) => step !== '@');
      const value = late ? this.subjectValue(state, effect.subject, values, result) : (early[index] ?? null);
      if (late && value !== null && !state.restrict(this.values, value, positive)) continue;
      if (!this.applyEffect(state, effect, value, values, instruction, name, site)) return false;
    }
    for (const { subject, set } of outcome.ensures ?? []) {
      const value = this.subjectValue(state, subject, values, result);
      if (value !== null && !state.restrict(this.values, value, set)) return false;
    }
    if (contract.readsCount === true && result !== null) this.observe(state, result, values[0]);
    if (result !== null) this.noteResult(state, instruction, name, contract, outcome, result);
    if (instruction.target !== null && result !== null) {
      if (instruction.target.kind === 'variable') state.errno.delete(instruction.target.variable);
      this.write(state, this.locate(state, instruction.target, true), result);
    }
    return contract.noReturn !== true;
  }

  /** Restricts values to what an outcome requires of them; false where that can't be. */
  private meets(state: PathState, outcome: Outcome, values: readonly ValueId[]): boolean {
    for (const { subject, set } of outcome.requires) {
      const value = this.subjectValue(state, subject, values, null);
      if (value === null) continue;
      // kfree(p) of a p that nobody tested is a kfree of something: what NULL would do teaches nothing
      const before = state.setOf(this.values, value);
      if (outcome.returns === null && contains(before, 0) && overlaps(before, positive)) {
        if (isSubset(set, [[-4095, 0]])) return false;
        continue;
      }
      if (!state.restrict(this.values, value, set)) return false;
      if (state.untested.has(value)) this.tested(state, value);
    }
    return true;
  }

  /** Remembers of a result that nobody tested it yet, and of error codes that this call came after them. */
  private noteResult(
    state: PathState,
    instruction: CallInstruction,
    name: string,
    contract: Contract,
    outcome: Outcome,
    result: ValueId,
  ): void {
    const handsOutResult = (one: Outcome): boolean =>
      one.effects.some((effect) => effect.kind === 'acquire' && effect.subject.root === 'result');
    const many = contract.outcomes.length > 1;
    const failure = outcome.returns?.kind === 'set' ? outcome.returns.set : any;
    if (many && !handsOutResult(outcome) && isSubset(failure, [[-4095, 0]])) {
      state.untested.set(result, {
        callee: name,
        trace: state.trace,
        stored: false,
        acquires: contract.outcomes.some(handsOutResult),
        allocates: contract.allocates === true || isSubset(failure, errors),
      });
    }
    const fallible = many || (outcome.returns?.kind === 'set' && contains(outcome.returns.set, 0) && outcome.returns.set.length > 0);
    if (fallible) {
      for (const [variable, note] of state.errno) {
        if (note.phase === 'exit') continue;
        const target = instruction.target?.kind === 'variable' ? this.graph.variables[instruction.target.variable] : undefined;
        state.errno.set(variable, { ...note, call: { name, result, pointer: target?.type.kind === 'pointer' } });
      }
    }
  }

  /** The call could have taken a reference over and did not: who owns it now is where caller and callee may disagree. */
  protected noteRefusal(state: PathState, contract: Contract, outcome: Outcome, values: readonly ValueId[], name: string): void {
    values.forEach((value, index) => {
      if (consumes(outcome, index)) state.refused.delete(value);
      else if (contract.outcomes.some((one) => consumes(one, index))) state.refused.set(value, { callee: name, trace: state.trace });
    });
  }

  /** A call as a step of a path: what it returned and what that means for references, in the caller's names. */
  private callEvent(callee: string, outcome: Outcome, contract: Contract, { arguments: given, target }: CallInstruction): PathEvent {
    const variable = target?.kind === 'variable' ? this.graph.variables[target.variable] : undefined;
    return {
      kind: 'call',
      callee,
      outcome,
      arguments: given.map((each) => (each.kind === 'value' ? this.around.text(each.value.span) : null)),
      pointer: variable?.type.kind === 'pointer',
      source: contract.source.split(/[:,]/)[0] ?? '',
    };
  }

  protected observe(state: PathState, count: ValueId, address: ValueId | undefined): void {
    if (address === undefined) return;
    const object = this.holder(address);
    if (object === null) return;
    const known = state.tokens.filter((token) => token.value === object && token.resource !== 'memory').map((token) => token.id);
    state.facts.set(count, [[known.length, Number.MAX_SAFE_INTEGER]]);
    state.observations = [...state.observations.filter((one) => one.count !== count), { count, object, known }];
  }

  protected applyEffect(
    state: PathState,
    effect: Effect,
    value: ValueId | null,
    values: readonly ValueId[],
    instruction: CallInstruction,
    name: string,
    site: string,
  ): boolean {
    if (value === null) return true;
    const { span } = instruction;
    switch (effect.kind) {
      case 'acquire':
        this.acquire(state, effect.resource, value, name, `${site} ${effect.resource}`, {
          tag: this.targetTag(instruction),
          holder: this.inSharedMemory(state, value) ? 'stored' : 'local',
          initial: effect.resource === 'counted' && effect.subject.root === 'result' && effect.shared !== true && !this.taken(effect),
          taken: this.taken(effect),
          isNew: effect.shared !== true && !this.taken(effect) && (effect.resource === 'memory' || effect.resource === 'counted'),
        });
        return true;
      case 'release':
        return this.release(state, effect, value, instruction, name);
      case 'transfer':
        this.transfer(state, effect, value, span);
        return true;
      case 'set-count': {
        const count = typeof effect.count === 'number' ? effect.count : this.countValue(state, effect.count, values);
        this.setCount(state, value, count, name, site);
        return true;
      }
      case 'dead': {
        const object = this.values.node(value).kind === 'address' ? (this.holder(value) ?? value) : value;
        if (state.tokens.some((token) => token.value === object && token.resource !== 'memory')) return false;
        const parameter = this.subjectOf(state, object);
        if (parameter !== null && this.isPointerParameter(parameter)) this.record(state, { kind: 'dead', subject: parameter });
        return true;
      }
      case 'escape': {
        if (effect.unknown === true) {
          const object = this.holder(value) ?? value;
          this.doubt(state, object);
          const parameter = this.subjectOf(state, object);
          if (parameter !== null && this.isPointerParameter(parameter))
            this.record(state, { kind: 'escape', subject: parameter, unknown: true });
          this.escape(state, object);
          return true;
        }
        this.hold(state, value, null);
        return true;
      }
      case 'write':
        this.clobberFrom(state, value, site);
        return true;
    }
  }

  private setCount(state: PathState, value: ValueId, count: number, name: string, site: string): void {
    // a row names the address of the count, an inferred one the object
    const object = this.values.node(value).kind === 'address' ? this.holder(value) : value;
    if (object === null) return;
    const parameter = this.subjectOf(state, object);
    if (parameter !== null) {
      this.record(state, { kind: 'set-count', subject: parameter, count });
      return;
    }
    const replaced = state.tokens.filter(
      (token) => token.value === object && (token.resource === 'memory' || token.resource === 'counted'),
    );
    state.tokens = state.tokens.filter((token) => !replaced.includes(token));
    const holder = replaced.some((token) => token.holder === 'stored') ? 'stored' : 'local';
    for (let index = 0; index < Math.min(count, 4); index++) {
      const how = { tag: '', holder, initial: true, taken: false, isNew: holder === 'local' } as const;
      this.acquire(state, 'counted', object, name, `${site} set ${index}`, how);
    }
  }

  /** The tag of the record that the result of a call points to. */
  protected targetTag(instruction: CallInstruction): string {
    return instruction.target?.kind === 'variable' ? pointeeTag(this.graph.variables[instruction.target.variable]?.type) : '';
  }

  protected countValue(state: PathState, subject: Subject, values: readonly ValueId[]): number {
    const value = this.subjectValue(state, subject, values, null);
    return value === null ? 1 : (state.constantOf(this.values, value) ?? 1);
  }
}
