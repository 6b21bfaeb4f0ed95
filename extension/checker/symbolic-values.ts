// The values and memory locations of one function's analysis, interned, so that equal ones have equal numbers.
import type { Span } from '../model/source.js';
import type { VariableId } from '../program/graph.js';
import type { Comparison } from './integer-set.js';

export type ValueId = number & { readonly __value?: 'ValueId' };
export type LocationId = number & { readonly __location?: 'LocationId' };

/** Where an unknown value came from, for messages and for the rules. */
export type Origin =
  | { readonly kind: 'parameter'; readonly index: number; readonly name: string }
  /** `counts`: the count (`tag.field`) that the call read. */
  | { readonly kind: 'call'; readonly callee: string; readonly span: Span; readonly counts: string | null }
  | { readonly kind: 'load'; readonly location: LocationId; readonly epoch: string }
  | { readonly kind: 'other' };

export type ValueNode =
  | { readonly kind: 'constant'; readonly value: number }
  | { readonly kind: 'symbol'; readonly key: string; readonly origin: Origin }
  | { readonly kind: 'address'; readonly location: LocationId }
  | { readonly kind: 'compare'; readonly operator: Comparison; readonly left: ValueId; readonly right: ValueId }
  | { readonly kind: 'operation'; readonly operator: string; readonly operands: readonly ValueId[] };

export type LocationNode =
  | { readonly kind: 'variable'; readonly variable: VariableId }
  | { readonly kind: 'global'; readonly name: string }
  /** What a pointer points to. */
  | { readonly kind: 'target'; readonly pointer: ValueId }
  | { readonly kind: 'member'; readonly base: LocationId; readonly name: string }
  | { readonly kind: 'element'; readonly base: LocationId; readonly index: ValueId };

/** Values nested deeper than this become opaque. */
const deepest = 12;

export class SymbolicValues {
  private readonly nodes: ValueNode[] = [];
  private readonly byKey = new Map<string, ValueId>();
  private readonly locations: LocationNode[] = [];
  private readonly locationByKey = new Map<string, LocationId>();

  /** For each value, the values that it is made of, itself included. */
  private readonly parts: ReadonlySet<number>[] = [];
  private readonly depths: number[] = [];

  private intern(key: string, node: ValueNode): ValueId {
    const known = this.byKey.get(key);
    if (known !== undefined) return known;
    const children = this.childrenOf(node);
    const depth = 1 + Math.max(0, ...children.map((child) => this.depths[child] ?? 0));
    // what is nested deeper is only a name: nothing is concluded from its make-up
    const shallow: ValueNode = depth > deepest ? { kind: 'symbol', key: `deep ${key}`, origin: { kind: 'other' } } : node;
    const id = this.nodes.length;
    this.nodes.push(shallow);
    const parts = new Set<number>([id]);
    if (shallow === node) for (const child of children) for (const part of this.parts[child] ?? []) parts.add(part);
    this.parts.push(parts);
    this.depths.push(shallow === node ? depth : 1);
    this.byKey.set(key, id);
    return id;
  }

  private childrenOf(node: ValueNode): readonly ValueId[] {
    switch (node.kind) {
      case 'constant':
        return [];
      case 'symbol':
        return node.origin.kind === 'load' ? this.pointersOf(node.origin.location) : [];
      case 'address':
        return this.pointersOf(node.location);
      case 'compare':
        return [node.left, node.right];
      case 'operation':
        return node.operands;
    }
  }

  private pointersOf(id: LocationId): readonly ValueId[] {
    const node = this.location(id);
    switch (node.kind) {
      case 'variable':
      case 'global':
        return [];
      case 'target':
        return [node.pointer];
      case 'member':
        return this.pointersOf(node.base);
      case 'element':
        return [...this.pointersOf(node.base), node.index];
    }
  }

  node(id: ValueId): ValueNode {
    const node = this.nodes[id];
    if (node === undefined) throw new Error(`no value ${id}`);
    return node;
  }

  constant(value: number): ValueId {
    return this.intern(`c${value}`, { kind: 'constant', value });
  }

  symbol(key: string, origin: Origin): ValueId {
    return this.intern(`s${key}`, { kind: 'symbol', key, origin });
  }

  address(location: LocationId): ValueId {
    const node = this.location(location);
    if (node.kind === 'target') return node.pointer;
    return this.intern(`a${location}`, { kind: 'address', location });
  }

  compare(operator: Comparison, left: ValueId, right: ValueId): ValueId {
    return this.intern(`q${operator} ${left} ${right}`, { kind: 'compare', operator, left, right });
  }

  operation(operator: string, operands: readonly ValueId[]): ValueId {
    return this.intern(`o${operator} ${operands.join(' ')}`, { kind: 'operation', operator, operands });
  }

  location(id: LocationId): LocationNode {
    const node = this.locations[id];
    if (node === undefined) throw new Error(`no location ${id}`);
    return node;
  }

  private internLocation(key: string, node: LocationNode): LocationId {
    const known = this.locationByKey.get(key);
    if (known !== undefined) return known;
    this.locations.push(node);
    this.locationByKey.set(key, this.locations.length - 1);
    return this.locations.length - 1;
  }

  variable(variable: VariableId): LocationId {
    return this.internLocation(`v${variable}`, { kind: 'variable', variable });
  }

  global(name: string): LocationId {
    return this.internLocation(`g${name}`, { kind: 'global', name });
  }

  target(pointer: ValueId): LocationId {
    const node = this.node(pointer);
    if (node.kind === 'address') return node.location;
    return this.internLocation(`t${pointer}`, { kind: 'target', pointer });
  }

  member(base: LocationId, name: string): LocationId {
    return this.internLocation(`m${base} ${name}`, { kind: 'member', base, name });
  }

  element(base: LocationId, index: ValueId): LocationId {
    return this.internLocation(`e${base} ${index}`, { kind: 'element', base, index });
  }

  /** The location at the bottom: a variable, a global or the target of a pointer. */
  root(id: LocationId): LocationNode & { readonly kind: 'variable' | 'global' | 'target' } {
    let node = this.location(id);
    while (node.kind === 'member' || node.kind === 'element') node = this.location(node.base);
    return node;
  }

  /** Whether `inner` is `outer` or lies inside it. */
  isWithin(inner: LocationId, outer: LocationId): boolean {
    for (let at = inner; ;) {
      if (at === outer) return true;
      const node = this.location(at);
      if (node.kind !== 'member' && node.kind !== 'element') return false;
      at = node.base;
    }
  }

  /** Whether a value is made of another, at any depth, memory it was read from included. */
  mentions(id: ValueId, part: ValueId): boolean {
    return this.parts[id]?.has(part) === true;
  }

  locationMentions(id: LocationId, part: ValueId): boolean {
    const node = this.location(id);
    switch (node.kind) {
      case 'variable':
      case 'global':
        return false;
      case 'target':
        return this.mentions(node.pointer, part);
      case 'member':
        return this.locationMentions(node.base, part);
      case 'element':
        return this.locationMentions(node.base, part) || this.mentions(node.index, part);
    }
  }

  /** The value with `from` replaced by `to` everywhere inside it. */
  replace(id: ValueId, from: ValueId, to: ValueId): ValueId {
    if (id === from) return to;
    if (!this.mentions(id, from)) return id;
    const node = this.node(id);
    switch (node.kind) {
      case 'constant':
        return id;
      case 'symbol': {
        if (node.origin.kind !== 'load') return id;
        return this.load(this.replaceInLocation(node.origin.location, from, to), node.origin.epoch);
      }
      case 'address':
        return this.address(this.replaceInLocation(node.location, from, to));
      case 'compare':
        return this.compare(node.operator, this.replace(node.left, from, to), this.replace(node.right, from, to));
      case 'operation':
        return this.operation(
          node.operator,
          node.operands.map((operand) => this.replace(operand, from, to)),
        );
    }
  }

  replaceInLocation(id: LocationId, from: ValueId, to: ValueId): LocationId {
    const node = this.location(id);
    switch (node.kind) {
      case 'variable':
      case 'global':
        return id;
      case 'target':
        return this.target(this.replace(node.pointer, from, to));
      case 'member':
        return this.member(this.replaceInLocation(node.base, from, to), node.name);
      case 'element':
        return this.element(this.replaceInLocation(node.base, from, to), this.replace(node.index, from, to));
    }
  }

  /** What stands at a location that nothing on this path has written, since the clobber named by `epoch`. */
  load(location: LocationId, epoch: string): ValueId {
    return this.symbol(`load ${location} ${epoch}`, { kind: 'load', location, epoch });
  }

  /** Whether a value was read from an element of an array. */
  isElementLoad(id: ValueId): boolean {
    const node = this.node(id);
    if (node.kind !== 'symbol' || node.origin.kind !== 'load') return false;
    for (let at = node.origin.location; ;) {
      const location = this.location(at);
      if (location.kind === 'element') return true;
      if (location.kind !== 'member') return false;
      at = location.base;
    }
  }

  /** The names of the fields and globals on the way to a location. */
  lastName(id: LocationId): string | undefined {
    const node = this.location(id);
    switch (node.kind) {
      case 'member':
        return node.name;
      case 'global':
        return node.name;
      case 'element':
        return this.lastName(node.base);
      case 'target':
      case 'variable':
        return undefined;
    }
  }
}
