// The bundled scenarios in real kernels: nothing is wrong, what watches sees its canary, and the simulator says the same.
import { describe, expect, test } from 'vitest';
import { bundledScenarios, complaintsAbout, execute, source, whyNot } from './kernels.js';

describe.each(['linux-7.2', 'linux-6.12'])('in the kernel of %s', (tree) => {
  const why = whyNot(tree);
  test.skipIf(why !== '')(`all bundled scenarios are clean and agree with the simulator${why}`, async () => {
    const results = await execute(source(tree), bundledScenarios);
    expect(results).toHaveLength(bundledScenarios.length);
    expect(complaintsAbout(results)).toEqual([]);
  });
});
