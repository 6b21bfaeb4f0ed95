// What runs in each thread of the pool: does the work that the runner hands over, one at a time.
import { JobHandler } from './job-handler.js';
import type { Work, WorkAnswer } from './jobs.js';

let handler: Promise<JobHandler> | undefined;

/** The pool calls this for each work; what it throws reaches the caller as the reason. */
export default async function work(given: Work): Promise<WorkAnswer> {
  handler ??= JobHandler.create(given.installation);
  return (await handler).do(given);
}
