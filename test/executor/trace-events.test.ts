// Lines of the trace buffer, as kernels write them.
import { expect, test } from 'vitest';
import { parseEvent } from '../../extension/executor/trace-events.js';

test.each([
  [
    ' agent-77      [001] d..1.    12.345678: fuse_backing_get: (fuse_backing_get+0x0/0x60) fb=0xffff888004f0a2c0 count=2',
    { seconds: 12.345678, name: 'fuse_backing_get', fields: { fb: '0xffff888004f0a2c0', count: '2' } },
  ],
  [
    '            init-1       [000] .....     3.000001: returned: (fuse_backing_open+0x1d0/0x210 <- fuse_backing_open) arg1=0x1',
    { seconds: 3.000001, name: 'returned', fields: { arg1: '0x1' } },
  ],
  [
    '  a b-c-9  [000] ...1   1.5: fuse_request_send: connection 38 req 2 opcode=26, len: 56, name="x y"',
    { seconds: 1.5, name: 'fuse_request_send', fields: { connection: '38', req: '2', opcode: '26', len: '56', name: '"x y"' } },
  ],
  [
    '          review-1       [000] ..Zff     2.971035: fuse_backing_get: (fuse_backing_get+0x0/0x30) fb=0xff11000002554e40 count=1',
    { seconds: 2.971035, name: 'fuse_backing_get', fields: { fb: '0xff11000002554e40', count: '1' } },
  ],
  [
    '          review-1       [000] .....     2.971038: fuse_backing_lookup_returns: (fuse_passthrough_open+0x27/0xa0 <- fuse_backing_lookup) fb=0xff11000002554e40 count=2',
    { seconds: 2.971038, name: 'fuse_backing_lookup_returns', fields: { fb: '0xff11000002554e40', count: '2' } },
  ],
  [
    '          review-1       [000] ..Zff     2.970626: fuse_backing_open: (fuse_backing_open+0x0/0x140)',
    { seconds: 2.970626, name: 'fuse_backing_open', fields: {} },
  ],
  [
    '          review-1       [000] ...1.     2.970994: fuse_request_send: connection 19 req 10 opcode 14 (FUSE_OPEN) len 48 ',
    { seconds: 2.970994, name: 'fuse_request_send', fields: { connection: '19', req: '10', opcode: '14 (FUSE_OPEN)', len: '48' } },
  ],
  [
    '          review-1       [000] ...1.     2.970641: fuse_backing_open: connection 19 idx 1 ino 0x2c',
    { seconds: 2.970641, name: 'fuse_backing_open', fields: { connection: '19', idx: '1', ino: '0x2c' } },
  ],
  [
    '          review-32      [000] .....     2.971016: fuse_request_end: connection 19 req 10 len 32 error -2',
    { seconds: 2.971016, name: 'fuse_request_end', fields: { connection: '19', req: '10', len: '32', error: '-2' } },
  ],
])('%s', (line, event) => {
  expect(parseEvent(line)).toEqual(event);
});

test.each(['# tracer: nop', '', 'CPU:1 [LOST 12 EVENTS]', '#           TASK-PID     CPU#  |||||  TIMESTAMP  FUNCTION'])(
  'no event: %s',
  (line) => {
    expect(parseEvent(line)).toBeNull();
  },
);
