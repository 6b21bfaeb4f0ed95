// Indexes and lists: idr, ida, xarray, radix tree, rhashtable, rbtree, list, hlist. What is put in can be found by others.
import type { PlaceExpression, PureExpression } from '../../program/graph.js';
import type { MacroLowering } from '../../program/lowering/api.js';
import type { CallExpression } from '../../program/lowering/call.js';
import { number } from '../../program/lowering/expression.js';
import type { Lowering } from '../../program/lowering/lowering.js';
import { deref } from '../../program/lowering/place.js';
import { resolveType, typeOf } from '../../program/lowering/value-types.js';
import { booleanType, intType, pointerTo, unknownType, voidPointer } from '../../program/types.js';
import type { CType } from '../../syntax/ast.js';
import { value, typeArgument, text, choose } from '../macro.js';
import { macros, type Topic } from '../topic.js';
import { any, boolean, nonNegative, valid, zero } from '../contract.js';
import {
  argument,
  borrowsOrNull,
  escape,
  finds,
  holder,
  outcome,
  returnsBoolean,
  returnsCountOrErrno,
  returnsErrno,
  returnsNothing,
  returnsPointer,
  returnsPointerOrNull,
  returnsValue,
  row,
  stores,
  storesOrError,
  transfer,
  write,
} from '../rows.js';

const idr = 'include/linux/idr.h';
const xarray = 'include/linux/xarray.h';
const rhashtable = 'include/linux/rhashtable.h';
const list = 'include/linux/list.h';
const rbtree = 'include/linux/rbtree.h';

/** Calls that hand out what an index or list held: whatever reference it owned is the caller's now. */
export const takesOut: ReadonlySet<string> = new Set([
  'idr_remove',
  'xa_erase',
  '__xa_erase',
  'xa_erase_bh',
  'xa_erase_irq',
  'radix_tree_delete',
]);

function containerOf(pointer: PureExpression, type: CType, member: string, e: CallExpression): PureExpression {
  return { kind: 'container-of', pointer, type, member, span: e.span };
}

function pointee(l: Lowering, pointer: PureExpression): CType {
  const type = resolveType(l, typeOf(l, pointer));
  return type.kind === 'pointer' ? type.to : unknownType('*');
}

const entry: MacroLowering = (l, e) => containerOf(value(l, e, 0), typeArgument(l, e, 1), text(e, 2), e);

/** The end of a list that `head` points to; `next` or `prev`. */
function end(head: PureExpression, name: string, e: CallExpression): PlaceExpression {
  return { kind: 'field', base: deref(head, e.span), name, span: e.span };
}

function endEntry(name: string): MacroLowering {
  return (l, e) => containerOf(end(value(l, e, 0), name, e), typeArgument(l, e, 1), text(e, 2), e);
}

function endEntryOrNull(name: string): MacroLowering {
  return (l, e, want) => {
    const head = value(l, e, 0);
    const type = typeArgument(l, e, 1);
    const first = l.saved(end(head, name, e), pointerTo({ kind: 'record', union: false, tag: 'list_head', record: null }), e.span);
    const result = (want.want === 'value' ? want.into : undefined) ?? l.temporary(pointerTo(type), e.span);
    const same: PureExpression = { kind: 'binary', operator: '!=', left: first, right: head, span: e.span };
    choose(
      l,
      same,
      result,
      () => containerOf(first, type, text(e, 2), e),
      () => number(0, e.span, 'NULL'),
      e,
    );
    return result;
  };
}

function siblingEntry(name: string): MacroLowering {
  return (l, e) => {
    const at = value(l, e, 0);
    const link: PlaceExpression = { kind: 'field', base: deref(at, e.span), name: text(e, 1), span: e.span };
    const next: PlaceExpression = { kind: 'field', base: link, name, span: e.span };
    return containerOf(next, pointee(l, at), text(e, 1), e);
  };
}

/** NULL stays NULL. */
const entrySafe: MacroLowering = (l, e, want) => {
  const pointer = value(l, e, 0);
  const type = typeArgument(l, e, 1);
  const result = (want.want === 'value' ? want.into : undefined) ?? l.temporary(pointerTo(type), e.span);
  choose(
    l,
    pointer,
    result,
    () => containerOf(pointer, type, text(e, 2), e),
    () => number(0, e.span, 'NULL'),
    e,
  );
  return result;
};

export const indexes: Topic = {
  contracts: [
    // ---- idr, ida ----
    ...storesOrError(
      'idr_alloc idr_alloc_cyclic',
      argument(1),
      nonNegative,
      `${idr}, lib/idr.c: the id, at least argument 2; -ENOMEM or -ENOSPC`,
    ),
    ...storesOrError('idr_alloc_u32 idr_alloc_ul', argument(1), zero, `${idr}, lib/idr.c`),
    ...finds('idr_remove', `${idr}: the pointer that was there`, { dereferences: [0] }),
    ...finds('idr_find', `${idr}: under RCU or the index's lock`, { borrows: true, dereferences: [0] }),
    ...finds('idr_get_next', idr, { borrows: true, dereferences: [0, 1], clobbers: 'arguments' }),
    ...storesOrError('idr_replace', argument(1), valid, `${idr}: the old pointer`),
    ...returnsValue('idr_for_each', `${idr}: what the callback returned, 0 at the end`, { dereferences: [0, 1], clobbers: 'all' }),
    ...returnsNothing('idr_init idr_init_base idr_destroy idr_preload_end idr_set_cursor', idr),
    ...returnsNothing('idr_preload', `${idr}: disables preemption`),
    ...returnsBoolean('idr_is_empty ida_is_empty', idr, { dereferences: [0] }),
    ...returnsCountOrErrno('ida_alloc ida_alloc_min ida_alloc_max ida_alloc_range', idr, { dereferences: [0] }),
    ...returnsNothing('ida_free ida_destroy ida_init', idr, { dereferences: [0] }),

    // ---- xarray, radix tree ----
    ...finds('xa_load', `${xarray}: under RCU or the lock`, { borrows: true, dereferences: [0] }),
    ...finds('xa_find xa_find_after', xarray, { borrows: true, dereferences: [0, 1], clobbers: 'arguments' }),
    ...finds('xa_erase xa_erase_bh xa_erase_irq __xa_erase', `${xarray}: the entry that was there`, { dereferences: [0] }),
    // The failure is xa_err(entry), which is not an ERR_PTR: a tagged value.
    ...row(
      'xa_store xa_store_bh xa_store_irq __xa_store xa_cmpxchg',
      [outcome('stored or not', any, [escape(argument(2))])],
      `${xarray}: the old entry, or one that xa_is_err() knows`,
      { dereferences: [0] },
    ),
    ...storesOrError(
      'xa_insert __xa_insert xa_insert_bh xa_insert_irq',
      argument(2),
      zero,
      `${xarray}: -EBUSY where there is one, -ENOMEM`,
    ),
    ...storesOrError(
      'xa_alloc xa_alloc_bh xa_alloc_irq __xa_alloc',
      argument(2),
      zero,
      `${xarray}: -ENOMEM or -EBUSY; the id is written through argument 1`,
      { dereferences: [0, 1], clobbers: 'arguments' },
    ),
    ...storesOrError('xa_alloc_cyclic __xa_alloc_cyclic', argument(2), boolean, `${xarray}: 1 where it wrapped`, {
      dereferences: [0, 1],
      clobbers: 'arguments',
    }),
    ...returnsNothing('xa_init xa_init_flags xa_destroy xa_set_mark xa_clear_mark xas_lock xas_unlock', xarray),
    ...returnsBoolean('xa_empty xa_is_err xa_is_value xa_get_mark', xarray),
    ...returnsValue('xa_err xa_to_value xa_mk_value', xarray),
    ...finds('radix_tree_lookup', 'include/linux/radix-tree.h', { borrows: true, dereferences: [0] }),
    ...storesOrError('radix_tree_insert', argument(2), zero, 'include/linux/radix-tree.h'),
    ...finds('radix_tree_delete', 'include/linux/radix-tree.h', { dereferences: [0] }),

    // ---- rhashtable ----
    ...returnsErrno('rhashtable_init', rhashtable, { dereferences: [0, 1], clobbers: 'arguments' }),
    ...returnsNothing('rhashtable_destroy', rhashtable, { dereferences: [0], clobbers: 'all' }),
    ...returnsNothing('rhashtable_free_and_destroy', rhashtable, { dereferences: [0], clobbers: 'all' }),
    ...finds('rhashtable_lookup rhashtable_lookup_fast', `${rhashtable}: under RCU`, { borrows: true, dereferences: [0, 1] }),
    ...storesOrError('rhashtable_insert_fast rhashtable_lookup_insert_fast', holder(1), zero, rhashtable, { dereferences: [0, 1] }),
    ...returnsErrno('rhashtable_remove_fast', `${rhashtable}: -ENOENT where it is not there`, { dereferences: [0, 1] }),

    // ---- lists ----
    ...stores(
      'list_add list_add_tail list_move list_move_tail list_add_rcu list_add_tail_rcu hlist_add_head hlist_add_head_rcu',
      holder(0),
      null,
      list,
      { dereferences: [0, 1] },
    ),
    ...stores('llist_add', holder(0), boolean, 'include/linux/llist.h: true where the list was empty', { dereferences: [0, 1] }),
    ...stores('list_replace list_replace_init list_replace_rcu', holder(1), null, list, { dereferences: [0, 1] }),
    ...returnsNothing(
      'list_del list_del_init list_del_rcu hlist_del hlist_del_init hlist_del_rcu hlist_del_init_rcu list_del_init_careful',
      list,
      { dereferences: [0] },
    ),
    ...returnsNothing('list_splice list_splice_init list_splice_tail list_splice_tail_init list_swap list_cut_position', list, {
      dereferences: [0, 1],
    }),
    ...returnsNothing('INIT_LIST_HEAD INIT_HLIST_HEAD INIT_HLIST_NODE init_llist_head INIT_RADIX_TREE hash_init list_rotate_left', list, {
      dereferences: [0],
    }),
    ...returnsBoolean('list_empty list_empty_careful hlist_empty hlist_unhashed list_is_singular llist_empty list_is_head', list, {
      dereferences: [0],
    }),
    ...returnsBoolean('list_is_last list_is_first', list, { dereferences: [0, 1] }),
    ...returnsPointer(
      'list_first_entry list_last_entry list_next_entry list_prev_entry list_entry hlist_entry rb_entry container_of container_of_const',
      `${list}: an element that must be there`,
    ),
    ...returnsPointerOrNull(
      'list_first_entry_or_null list_last_entry_or_null hlist_entry_safe rb_entry_safe llist_del_all llist_del_first list_first_or_null_rcu',
      list,
    ),

    // ---- trees ----
    ...stores('rb_insert_color rb_insert_color_cached', holder(0), null, rbtree, { dereferences: [0, 1] }),
    ...stores('rb_link_node rb_link_node_rcu', holder(0), null, rbtree, { dereferences: [0, 2] }),
    ...returnsNothing('rb_erase rb_replace_node', rbtree, { dereferences: [0, 1] }),
    ...returnsNothing('RB_CLEAR_NODE', rbtree, { dereferences: [0] }),
    ...returnsBoolean('RB_EMPTY_NODE RB_EMPTY_ROOT', rbtree, { dereferences: [0] }),
    ...returnsPointerOrNull('rb_first rb_last rb_next rb_prev rb_find rb_parent rb_first_cached', rbtree, { dereferences: [0] }),
    ...stores('interval_tree_insert', holder(0), null, 'include/linux/interval_tree.h', { dereferences: [0, 1] }),
    ...returnsNothing('interval_tree_remove', 'include/linux/interval_tree.h', { dereferences: [0, 1] }),
    ...returnsPointerOrNull('interval_tree_iter_first interval_tree_iter_next', 'include/linux/interval_tree.h', { dereferences: [0] }),

    // ---- pointers that readers find under RCU ----
    ...borrowsOrNull('rcu_dereference rcu_dereference_check rcu_dereference_raw', 'include/linux/rcupdate.h'),
    ...returnsPointerOrNull('rcu_dereference_protected rcu_access_pointer', 'include/linux/rcupdate.h: the lock of the writers is held'),
    ...row('rcu_assign_pointer', [outcome('success', null, [write(argument(0)), escape(argument(1))])], 'include/linux/rcupdate.h'),
    ...row(
      'rcu_replace_pointer',
      [outcome('success', nonNegative, [write(argument(0)), escape(argument(1))])],
      'include/linux/rcupdate.h: the old pointer',
    ),
    ...row('RCU_INIT_POINTER', [outcome('success', null, [write(argument(0)), escape(argument(1))])], 'include/linux/rcupdate.h'),
    // The callback owns what the last reference owned: usually the object that holds the head.
    ...row(
      'call_rcu call_rcu_hurry call_rcu_tasks call_rcu_tasks_trace',
      [outcome('success', null, [transfer('memory', holder(0), 'the RCU callback')])],
      'include/linux/rcupdate.h',
      { dereferences: [0] },
    ),
    ...row('call_srcu', [outcome('success', null, [transfer('memory', holder(1), 'the SRCU callback')])], 'include/linux/srcu.h', {
      dereferences: [0, 1],
    }),
  ],
  returns: [
    [booleanType, 'RB_EMPTY_NODE'],
    [intType, 'list_empty hlist_empty idr_alloc idr_alloc_cyclic ida_alloc ida_alloc_range xa_alloc xa_err xa_insert'],
    [voidPointer, 'idr_find idr_remove idr_replace xa_load xa_store xa_erase xa_cmpxchg radix_tree_lookup'],
  ],
  macros: macros({
    'container_of container_of_const list_entry hlist_entry rb_entry llist_entry list_entry_rcu rcu_container_of': entry,
    'container_of_safe hlist_entry_safe rb_entry_safe': entrySafe,
    list_first_entry: endEntry('next'),
    list_last_entry: endEntry('prev'),
    list_first_entry_or_null: endEntryOrNull('next'),
    list_last_entry_or_null: endEntryOrNull('prev'),
    list_next_entry: siblingEntry('next'),
    list_prev_entry: siblingEntry('prev'),
  }),
};
