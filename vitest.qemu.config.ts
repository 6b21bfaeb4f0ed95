import { defineConfig } from 'vitest/config';

// Tests in real kernels: `npm run test:qemu`. The first run builds kernels, for a quarter of an hour each on two cores.
export default defineConfig({
  test: {
    include: ['test/qemu/*.test.ts'],
    // Each uses all cores by itself.
    fileParallelism: false,
    testTimeout: 40 * 60_000,
    hookTimeout: 60_000,
  },
});
