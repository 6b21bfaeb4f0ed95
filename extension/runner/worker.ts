// What runs in each thread of the pool: does the jobs that the runner hands over, one at a time.
import { Bench } from './bench.js';
import type { Answer, Job } from './jobs.js';

let bench: Promise<Bench> | undefined;

/** The pool calls this for each job; what it throws reaches the caller as the reason. */
export default async function work(job: Job): Promise<Answer> {
  bench ??= Bench.create(job.installation);
  return (await bench).do(job);
}
