import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // These run in a real VS Code (test/editor/run.mjs) and in real kernels (vitest.qemu.config.ts).
    exclude: ['test/editor/**', 'test/qemu/**', 'node_modules/**'],
    // Some tests read a whole kernel tree, on two cores.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
