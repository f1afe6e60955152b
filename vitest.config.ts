import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    // Processes, not threads: what a test does to the addon's global state stays with its file.
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // The package is tested as users get it, loaded by Node itself.
    server: { deps: { external: [/\/dist\//] } },
    // Two workers with two threads each would keep two cores waiting for one another.
    env: { OMP_NUM_THREADS: '1' },
    reporters: ['default', './scripts/setup/vitest_summary.mjs'],
  },
});
