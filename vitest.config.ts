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
    // So are datasets that workers import.
    server: { deps: { external: [/\/dist\//, /\/tests\/utils\/data\/workers\//] } },
    env: {
      // Two workers with two threads each would keep two cores waiting for one another.
      OMP_NUM_THREADS: '1',
      // The kernels that every processor runs, as in scripts/fixtures/reproducible.py: the vectorised ones differ from
      // them, and from one another, in the last bit.
      ATEN_CPU_CAPABILITY: 'default',
      MKL_CBWR: 'COMPATIBLE',
    },
    reporters: ['default', './scripts/setup/vitest_summary.mjs'],
  },
});
