// Values as callers and callees name them: from a subject of a contract to a value, and back for summaries.
import type { Effect, Subject } from '../kernel/contract.js';
import type { CType } from '../syntax/ast.js';
import { AbstractMemory } from './abstract-memory.js';
import type { PathState } from './path-state.js';
import { effectKey } from './effects.js';
import type { LocationId, ValueId, ValueNode } from './symbolic-values.js';

/** The tag of the record that a pointer of that type points to; empty where it points to none. */
export function pointeeTag(type: CType | undefined): string {
  return type?.kind === 'pointer' && type.to.kind === 'record' ? (type.to.tag ?? '') : '';
}

export abstract class Subjects extends AbstractMemory {
  subjectValue(state: PathState, subject: Subject, values: readonly ValueId[], result: ValueId | null): ValueId | null {
    let value = subject.root === 'result' ? result : (values[subject.root] ?? null);
    for (const step of subject.path) {
      if (value === null) return null;
      if (step === '@') value = this.holder(value);
      else {
        const target = this.values.target(value);
        value = this.read(state, step === '*' ? target : this.values.member(target, step));
      }
    }
    return value;
  }

  /** The value as a caller could name it, if it came from a parameter. */
  subjectOf(state: PathState, value: ValueId): Subject | null {
    const node = this.values.node(value);
    if (node.kind === 'operation') return this.containerSubject(state, node);
    if (node.kind !== 'symbol') return null;
    if (node.origin.kind === 'parameter') return { root: node.origin.index, path: [] };
    if (node.origin.kind !== 'load' || node.origin.epoch !== '') return null;
    return this.locationSubject(state, node.origin.location);
  }

  /** The object whose member an address points to. */
  holder(address: ValueId): ValueId | null {
    const node = this.values.node(address);
    if (node.kind !== 'address') return null;
    const root = this.values.root(node.location);
    return root.kind === 'target' ? root.pointer : null;
  }

  record(state: PathState, effect: Effect): void {
    const key = effectKey(effect);
    if (state.effects.some((one) => one.key === key)) return;
    state.effects = [...state.effects, { key, effect }].sort((a, b) => (a.key < b.key ? -1 : 1));
  }

  /** The object that a parameter points into: `container_of(args, struct x, args)`. */
  protected containerSubject(state: PathState, node: Extract<ValueNode, { kind: 'operation' }>): Subject | null {
    const [operand] = node.operands;
    if (operand === undefined) return null;
    if (node.operator === 'nonzero') {
      const inner = this.values.node(operand);
      return inner.kind === 'operation' && inner.operator.startsWith('container ') ? this.containerSubject(state, inner) : null;
    }
    if (!node.operator.startsWith('container ')) return null;
    const pointer = this.subjectOf(state, operand);
    return pointer === null ? null : { root: pointer.root, path: [...pointer.path, '@'] };
  }

  protected locationSubject(state: PathState, at: LocationId): Subject | null {
    const node = this.values.location(at);
    if (node.kind === 'target') {
      const outer = this.subjectOf(state, node.pointer);
      return outer === null ? null : { root: outer.root, path: [...outer.path, '*'] };
    }
    if (node.kind !== 'member') return null;
    const base = this.values.location(node.base);
    if (base.kind !== 'target') return null;
    const outer = this.subjectOf(state, base.pointer);
    return outer === null ? null : { root: outer.root, path: [...outer.path, node.name] };
  }

  /** Whether a subject is a parameter itself, or the object that it points into, and can be a pointer. */
  protected isPointerParameter(subject: Subject): boolean {
    if (subject.root === 'result' || subject.path.some((step) => step !== '@')) return false;
    const kind = this.graph.variables[subject.root]?.type.kind;
    return kind === 'pointer' || kind === 'named' || kind === 'unknown';
  }

  /** Whether a value came in through a parameter or memory that others reach. */
  comesFromOutside(value: ValueId): boolean {
    const node = this.values.node(value);
    return node.kind === 'symbol' && (node.origin.kind === 'parameter' || node.origin.kind === 'load');
  }
}
