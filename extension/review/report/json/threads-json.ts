// A thread as JSON, and the schema of it.
import { z } from 'zod';
import { diffLine, placed, type MailThread, type PatchPlace } from '../../../model/mail-thread.js';
import { problemSchema } from './json.js';
import type { ReviewedSuggestion } from '../text/threads-text.js';

const placeSchema = {
  /** As the patch has it; null where it answers no line of a file. */
  file: z.string().nullable(),
  /** 1-based, as the patch's hunks count. */
  line: z.int().positive().nullable(),
  side: z.enum(['old', 'new']).nullable(),
  placed: z.boolean(),
};

export const threadsSchema = z.object({
  series: z.array(z.object({ message: z.string(), subject: z.string(), version: z.int(), patch: z.int().nullable() })),
  messages: z.array(
    z.object({
      id: z.string(),
      subject: z.string(),
      author: z.string(),
      date: z.string(),
      parent: z.string().nullable(),
      depth: z.int().nonnegative(),
      version: z.int(),
      patch: z.int().nullable(),
      problems: z.array(problemSchema),
    }),
  ),
  remarks: z.array(
    z.object({
      voice: z.string(),
      message: z.string(),
      date: z.string(),
      quoted: z.string(),
      text: z.string(),
      /** 1-based line of the message's text. */
      bodyLine: z.int().positive(),
      patch: z.string().nullable(),
      ...placeSchema,
      /** Why it has no place, or one that is only near. */
      reason: z.string().nullable(),
    }),
  ),
  suggestions: z.array(
    z.object({
      number: z.int().positive(),
      voice: z.string(),
      message: z.string(),
      date: z.string(),
      patch: z.string().nullable(),
      ...placeSchema,
      /** Files that it changes on top of the series; empty where it does not apply. */
      files: z.array(z.string()),
      hunks: z.array(z.object({ file: z.string(), header: z.string(), lines: z.array(z.string()) })),
      problems: z.array(problemSchema),
    }),
  ),
  problems: z.array(problemSchema),
});

export function threadToJson(thread: MailThread, suggested: readonly ReviewedSuggestion[]): z.infer<typeof threadsSchema> {
  return {
    series: thread.messages
      .filter(({ isPatch }) => isPatch)
      .map(({ id, subject, version, patch }) => ({ message: id, subject, version, patch })),
    messages: thread.messages.map(({ id, subject, author, date, parent, depth, version, patch, problems }) => ({
      ...{ id, subject, author, date, parent, depth, version, patch },
      problems: [...problems],
    })),
    remarks: thread.remarks.map(({ place, ...rest }) => ({ ...rest, ...placeToJson(place), placed: placed({ place }) })),
    suggestions: suggested.map(({ suggestion, files, problems }) => {
      const { number, voice, message, date, patch, place, hunks } = suggestion;
      return {
        ...{ number, voice, message, date, patch },
        ...placeToJson(place),
        placed: placed({ place }),
        files: [...files],
        hunks: hunks.map(({ file, header, lines }) => ({ file, header, lines: lines.map(diffLine) })),
        problems: [...problems],
      };
    }),
    problems: [...thread.problems],
  };
}

function placeToJson(place: PatchPlace | null): { file: string | null; line: number | null; side: PatchPlace['side'] | null } {
  return place === null ? { file: null, line: null, side: null } : { file: place.file, line: place.line, side: place.side };
}
