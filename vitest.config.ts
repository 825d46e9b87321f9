import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts', 'suites/*.suite.ts'],
    globalSetup: ['tests/spec/openapi.setup.ts', 'tests/reference.setup.ts'],
    // Each file in a process of its own: some start servers, read signals or change their environment.
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 20_000,
    hookTimeout: 60_000,
    teardownTimeout: 5_000,
    passWithNoTests: false,
    allowOnly: false,
  },
});
