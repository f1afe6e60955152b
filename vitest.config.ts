import { defineConfig } from 'vitest/config';
import { REPRODUCIBLE } from './scripts/fixtures/reproducible.mjs';

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
    // One thread each: two workers with two would keep two cores waiting for one another.
    env: REPRODUCIBLE,
    reporters: ['default', './scripts/setup/vitest_summary.mjs'],
  },
});
