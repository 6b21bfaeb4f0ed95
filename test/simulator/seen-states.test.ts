// What is gone through again when threads are found to meet at a new place.
import { describe, expect, test } from 'vitest';
import { Races } from '../../extension/simulator/explore/races.js';
import { SeenStates } from '../../extension/simulator/explore/seen-states.js';
import { SharedStates } from '../../extension/simulator/explore/shared-states.js';

/** A pass by hand: `use` is of a cell that is no scheduling point, by one thread. */
class Pass {
  readonly races = new Races();
  readonly states = new SeenStates(this.races);

  use(cell: string): void {
    this.races.note(this.races.noBlock.cell(cell), 1, 1, true, []);
  }

  /** Another thread uses it without a lock. */
  meet(cell: string): void {
    const before = this.races.found.length;
    this.races.note(this.races.noBlock.cell(cell), 2, 1, true, []);
    expect(this.races.found.length).toBe(before + 1);
  }

  /** The state, and the next ones up to the choice before it, are gone through. */
  known(wasWhole: boolean, ...keys: readonly string[]): boolean[] {
    this.states.again(this.races.found, wasWhole);
    return keys.map((key) => this.states.has(key));
  }
}

describe('states that were seen', () => {
  test('are known as long as nothing behind them was used that is contended', () => {
    const pass = new Pass();
    pass.states.add('root', 0);
    pass.use('early');
    pass.states.add('middle', 1);
    pass.use('late');
    pass.states.add('last', 2);
    pass.states.backTo(1);
    pass.meet('late');
    // What the other thread did after going back is behind the first alone.
    expect(pass.known(true, 'root', 'middle', 'last')).toEqual([false, false, true]);
  });

  test('have behind them what is behind a state that they lead to and that was seen before', () => {
    const pass = new Pass();
    pass.states.add('root', 0);
    pass.states.add('one', 1);
    pass.states.add('shared', 2);
    pass.use('cell');
    pass.states.backTo(1);
    pass.states.add('two', 1);
    expect(pass.states.has('shared')).toBe(true);
    pass.states.add('three', 2);
    pass.states.backTo(1);
    pass.meet('cell');
    expect(pass.known(true, 'one', 'two', 'three')).toEqual([false, false, true]);
  });

  test('are not known where not all behind them was gone through', () => {
    const pass = new Pass();
    pass.states.add('root', 0);
    pass.states.add('loop', 1);
    pass.states.add('inner', 2);
    // Back to a state that is gone through still.
    expect(pass.states.has('loop')).toBe(true);
    pass.states.add('beside', 3);
    pass.states.backTo(3);
    pass.states.backTo(2);
    expect(pass.known(true, 'loop', 'inner', 'beside')).toEqual([false, false, true]);
  });

  test('are not known where the pass was given up while they were gone through', () => {
    const pass = new Pass();
    pass.states.add('root', 0);
    pass.states.add('done', 1);
    pass.states.backTo(1);
    pass.states.add('begun', 1);
    expect(pass.known(false, 'root', 'done', 'begun')).toEqual([false, true, false]);
  });
});

describe('states that others see too', () => {
  /** Which of the states are known in the next round to whoever shares them with this pass. */
  const stillSeen = (pass: Pass, others: SharedStates, ...keys: readonly string[]): boolean[] => {
    others.forget();
    pass.states.again(pass.races.found, true);
    pass.states.tellAll();
    return keys.map((key) => others.enter(key, 0) === 0);
  };

  test('are seen by all who share them, from before and from now on', () => {
    const [pass, others] = [new Pass(), new SharedStates()];
    pass.states.add('before', 0);
    pass.states.share(others);
    expect(pass.states.enter('now', 1, 0)).toBe(-1);
    expect(others.enter('before', 0)).toBe(0);
    expect(others.enter('now', 0)).toBe(0);
    expect(others.enter('theirs', 0)).toBe(-1);
    expect(pass.states.enter('theirs', 2, 0)).toBe(0);
  });

  test('are not known in the next round where others go on from what follows', () => {
    const [pass, others] = [new Pass(), new SharedStates()];
    pass.states.share(others);
    others.enter('theirs', 0);
    for (const [depth, key] of ['root', 'middle', 'theirs'].entries()) pass.states.enter(key, depth, 0);
    pass.states.backTo(1);
    pass.states.enter('own', 1, 0);
    pass.states.leave(true);
    expect(stillSeen(pass, others, 'root', 'middle', 'own')).toEqual([false, false, true]);
  });

  test('are not known where another went on with some of their threads', () => {
    const [pass, others] = [new Pass(), new SharedStates()];
    pass.states.share(others);
    // Thread 1 slept when they came.
    others.enter('state', 2);
    expect(pass.states.enter('state', 0, 0)).toBe(2);
    pass.states.leave(true);
    expect(stillSeen(pass, others, 'state')).toEqual([false]);
  });

  test('are not known where a choice that followed was given away', () => {
    const [pass, others] = [new Pass(), new SharedStates()];
    pass.states.share(others);
    for (const [depth, key] of ['root', 'behind'].entries()) pass.states.enter(key, depth, 0);
    pass.states.givesAway(0);
    pass.states.leave(true);
    expect(stillSeen(pass, others, 'root', 'behind')).toEqual([false, true]);
  });

  test('are not known where what is behind them is shared now', () => {
    const [pass, others] = [new Pass(), new SharedStates()];
    pass.states.share(others);
    pass.states.enter('one', 0, 0);
    pass.use('cell');
    pass.states.backTo(0);
    pass.states.enter('two', 0, 0);
    pass.states.leave(true);
    pass.meet('cell');
    expect(stillSeen(pass, others, 'one', 'two')).toEqual([false, true]);
  });
});
