// The lines between the guest and its host (docs/guest-protocol.md).
import { z } from 'zod';
import type { ResolvedOperation, ResolvedScenario } from '../scenario/resolve.js';

export const protocolVersion = 1;

const place = { id: z.int(), round: z.int(), operation: z.int(), thread: z.int() };

const guestMessageSchema = z.discriminatedUnion('t', [
  z.object({ t: z.literal('hello'), protocol: z.int(), kernel: z.string(), operations: z.array(z.string()), module: z.boolean() }),
  z.object({ t: z.literal('begin'), ...place }),
  z.object({ t: z.literal('answer'), ...place, value: z.int(), left: z.int() }),
  z.object({ t: z.literal('skip'), ...place }),
  z.object({ t: z.literal('event'), id: z.int(), operation: z.int(), line: z.string() }),
  z.object({ t: z.literal('done'), id: z.int(), round: z.int(), setup: z.int(), teardown: z.int() }),
  z.object({ t: z.literal('ran'), id: z.int() }),
  z.object({ t: z.literal('leaks'), text: z.string() }),
  z.object({ t: z.literal('canary'), name: z.string(), value: z.int() }),
  z.object({ t: z.literal('probes'), refused: z.array(z.string()) }),
  z.object({ t: z.literal('error'), message: z.string() }),
]);

export type GuestMessage = z.infer<typeof guestMessageSchema>;

export interface RunCommand {
  readonly t: 'run';
  readonly id: number;
  readonly rounds: number;
  /** Send what the probes see. */
  readonly events: boolean;
  readonly setup: readonly number[];
  readonly capabilities: readonly string[];
  readonly fault: { readonly operation: number; readonly nth: number } | null;
  readonly threads: readonly (readonly GuestTask[])[];
}

export type GuestTask =
  | {
      readonly n: number;
      readonly op: string;
      readonly args: readonly (number | { readonly answer: number; readonly otherwise?: number })[];
      readonly capabilities: readonly string[];
    }
  | { readonly parallel: readonly number[] };

export type HostCommand =
  | RunCommand
  | { readonly t: 'leaks' }
  | { readonly t: 'canary'; readonly name: string }
  | { readonly t: 'probes'; readonly lines: readonly string[] }
  | { readonly t: 'quit' };

/** What a line of the guest says, or what is wrong with it. */
export function parseGuestLine(line: string): GuestMessage | { readonly t: 'unreadable'; readonly line: string; readonly why: string } {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    return { t: 'unreadable', line, why: (error as Error).message };
  }
  const parsed = guestMessageSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  return { t: 'unreadable', line, why: parsed.error.issues[0]?.message ?? 'not a message' };
}

/** The command that runs a scenario. Throws where setup arguments refer to answers, which nothing can. */
export function runCommand(
  scenario: ResolvedScenario,
  { id, rounds, events, fault }: Pick<RunCommand, 'id' | 'rounds' | 'events' | 'fault'>,
): RunCommand {
  const setup = scenario.setup.map((argument) => {
    if ('value' in argument) return argument.value;
    throw new Error('the setup refers to an answer');
  });
  const operation = ({ index, definition, arguments: given, capabilities }: ResolvedOperation): GuestTask => ({
    n: index,
    op: definition.name,
    args: given.map((each) => {
      if ('value' in each) return each.value;
      return each.otherwise === undefined ? { answer: each.answerOf } : { answer: each.answerOf, otherwise: each.otherwise };
    }),
    capabilities,
  });
  const threads = scenario.threads.map(({ tasks }) =>
    tasks.map((task): GuestTask => (task.kind === 'parallel' ? { parallel: task.threads } : operation(task.operation))),
  );
  return { t: 'run', id, rounds, events, setup, capabilities: scenario.capabilities, fault, threads };
}
