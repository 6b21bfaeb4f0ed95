// What ends with its scope, and what is taken out of one.
import type { PureExpression } from '../../program/graph.js';
import type { MacroLowering, ObjectClass } from '../../program/lowering/api.js';
import { returnsArgument, returnsNothing } from '../rows.js';
import { operand, type CallExpression } from '../../program/lowering/call.js';
import { lowerAcquireError } from '../../program/lowering/cleanup.js';
import { number } from '../../program/lowering/expression.js';
import { lowerPlace } from '../../program/lowering/place.js';
import { typeOf } from '../../program/lowering/value-types.js';
import { pointerToRecord, recordType, intType } from '../../program/types.js';
import type { CType } from '../../syntax/ast.js';
import { macros, type Topic } from '../topic.js';

function takeWith(nothing: (e: CallExpression) => PureExpression): MacroLowering {
  return (l, e) => {
    const place = lowerPlace(l, operand(l, e, 0));
    const taken = l.saved(place, typeOf(l, place), e.span);
    l.assign(place, nothing(e), e.span);
    return taken;
  };
}

const noFreePtr = takeWith((e) => number(0, e.span, 'NULL'));

/** The call stays, since it says that someone else owns the pointer now. */
const retainAndNull: MacroLowering = (l, e) => {
  const place = lowerPlace(l, operand(l, e, 0));
  l.call(null, 'retain_and_null_ptr', [place], e.span);
  l.assign(place, number(0, e.span, 'NULL'), e.span);
  return number(0, e.span);
};

const fd: CType = recordType('fd');
const filename: CType = pointerToRecord('filename');

/** `CLASS(name, variable)(arguments)`, from include/linux/{file,fs,cred}.h. */
const objects: Readonly<Record<string, ObjectClass>> = {
  fd: { type: fd, acquire: 'fdget', release: 'fdput', releasedIf: 'always' },
  fd_raw: { type: fd, acquire: 'fdget_raw', release: 'fdput', releasedIf: 'always' },
  fd_pos: { type: fd, acquire: 'fdget_pos', release: 'fdput_pos', releasedIf: 'always' },
  get_unused_fd: { type: intType, acquire: 'get_unused_fd_flags', release: 'put_unused_fd', releasedIf: 'valid' },
  filename: { type: filename, acquire: 'getname', release: 'putname', releasedIf: 'held' },
  filename_flags: { type: filename, acquire: 'getname_flags', release: 'putname', releasedIf: 'held' },
  prepare_creds: {
    type: pointerToRecord('cred'),
    acquire: 'prepare_creds',
    release: 'put_cred',
    releasedIf: 'held',
  },
};

export const scopes: Topic = {
  contracts: [
    ...returnsArgument('no_free_ptr return_ptr take_fd', 'include/linux/cleanup.h: the variable is NULL afterwards'),
    ...returnsNothing('guard scoped_guard CLASS', 'include/linux/cleanup.h: lowered before a row is asked for'),
  ],
  macros: macros({
    no_free_ptr: noFreePtr,
    retain_and_null_ptr: retainAndNull,
    take_fd: takeWith((e) => ({ kind: 'unary', operator: '-', operand: number(9, e.span, 'EBADF'), span: e.span })),
    ACQUIRE_ERR: lowerAcquireError,
  }),
  objects,
};
