/** How a machine ended that should not have. */
export class MachineFailure extends Error {
  constructor(
    readonly kind: 'not started' | 'silent' | 'stuck' | 'late' | 'panic' | 'exited' | 'unreadable' | 'cancelled',
    message: string,
  ) {
    super(message);
  }
}
