// `--bound faults=1,preemptions=2,executions=N,seconds=S`: how far a scenario is gone through.
import { InvalidArgumentError, Option } from 'commander';
import { defaultBounds, type Bounds } from '../../simulator/simulator.js';

const form = 'faults=1,preemptions=2,executions=200000,seconds=60 (any of them; preemptions=any for no bound)';

function readBounds(text: string, before: Bounds): Bounds {
  let bounds = before;
  for (const part of text.split(',')) {
    const [, name, value = ''] = /^\s*([a-z]+)=(\d{1,9}|any)\s*$/.exec(part) ?? [];
    const number = Number(value);
    if (name === 'preemptions') bounds = { ...bounds, preemptions: value === 'any' ? null : number };
    else if (value === 'any') throw new InvalidArgumentError(`"${part}" is not understood; write ${form}.`);
    else if (name === 'faults') bounds = { ...bounds, faults: number };
    else if (name === 'executions' && number > 0) bounds = { ...bounds, executions: number };
    else if (name === 'seconds' && number > 0) bounds = { ...bounds, milliseconds: number * 1000 };
    else throw new InvalidArgumentError(`"${part}" is not understood; write ${form}.`);
  }
  return bounds;
}

/** The option; what is not given stays as in `bounds`. */
export function boundOption(bounds: Bounds = defaultBounds): Option {
  const said = `faults=${bounds.faults},preemptions=${bounds.preemptions ?? 'any'},executions=${bounds.executions},seconds=${bounds.milliseconds / 1000}`;
  return new Option('--bound <bounds>', 'how far each scenario is gone through').argParser(readBounds).default(bounds, said);
}
