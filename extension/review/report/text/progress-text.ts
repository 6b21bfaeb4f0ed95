// How far something is, in words: the same in the terminal's line, in notifications and in the status bar.
import type { Phase, Progress, Stage } from '../../../model/progress.js';

interface PhaseWords {
  readonly verb: string;
  /** What is counted; absent where nothing is. */
  readonly unit?: string;
  /** One takes about as long as another, so that the time that is left can be told. */
  readonly even?: true;
}

const words: Readonly<Record<Phase, PhaseWords>> = {
  load: { verb: 'loading' },
  find: { verb: 'looking' },
  parse: { verb: 'parsing', unit: 'files' },
  lower: { verb: 'lowering', unit: 'files' },
  check: { verb: 'checking', unit: 'functions' },
  simulate: { verb: 'simulating', unit: 'scenarios' },
  prepare: { verb: 'preparing' },
  configure: { verb: 'configuring' },
  count: { verb: 'counting' },
  compile: { verb: 'building', unit: 'objects', even: true },
  boot: { verb: 'booting' },
  run: { verb: 'running', unit: 'scenarios' },
};

/** Milliseconds of a phase before its rate says anything, and before the time that is left does. */
const soonest = { rate: 1000, left: 5000 };

/** `building 312 of 840 objects`, `booting`. */
export function phaseText({ phase, done, total }: Stage): string {
  const { verb, unit } = words[phase];
  if (unit === undefined || (total === null && done === 0)) return verb;
  return `${verb} ${done}${total === null ? '' : ` of ${total}`} ${unit}`;
}

/** The same with everything: `patch 1 of 4: building 312 of 840 objects, 5.2/s, about 2 min left: fs/fuse/backing.o`. */
export function progressText(progress: Progress, now: number): string {
  const { patch, text } = progress;
  const tree = patch === undefined ? [] : [patch.number === 0 ? 'without patches' : `patch ${patch.number} of ${patch.of}`];
  const counted = [phaseText(progress), ...rateText(progress, now), ...leftText(progress, now)].join(', ');
  return [...tree, counted, ...(text === '' ? [] : [text])].join(': ');
}

/** Milliseconds that one takes, as far as it can be told. */
function pace({ phase, done, since }: Progress, now: number, soon: number): number | undefined {
  const passed = now - since;
  return words[phase].unit === undefined || done === 0 || passed < soon ? undefined : passed / done;
}

function rateText(progress: Progress, now: number): string[] {
  const each = pace(progress, now, soonest.rate);
  if (each === undefined) return [];
  const rate = 1000 / each;
  if (rate >= 10) return [`${Math.round(rate)}/s`];
  return [rate >= 1 ? `${rate.toFixed(1)}/s` : `${Math.max(1, Math.round(rate * 60))}/min`];
}

function leftText(progress: Progress, now: number): string[] {
  const { phase, done, total } = progress;
  const each = pace(progress, now, soonest.left);
  if (words[phase].even === undefined || each === undefined || total === null || done >= total) return [];
  const seconds = ((total - done) * each) / 1000;
  return [seconds >= 90 ? `about ${Math.round(seconds / 60)} min left` : `about ${Math.ceil(seconds / 10) * 10} s left`];
}
