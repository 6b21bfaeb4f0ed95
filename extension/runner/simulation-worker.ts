// What runs in each thread of the pool: does the jobs that the runner hands over, one at a time.
import { JobHandler } from './job-handler.js';
import type { JobAnswer, Job } from './jobs.js';

let handler: Promise<JobHandler> | undefined;

/** The pool calls this for each job; what it throws reaches the caller as the reason. */
export default async function work(job: Job): Promise<JobAnswer> {
  handler ??= JobHandler.create(job.installation);
  return (await handler).do(job);
}
