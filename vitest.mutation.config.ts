import { defineConfig } from 'vitest/config'
import { platforms } from './vitest.config.js'

// What is run is said by .ci/mutation.mjs.
const { MUTATION_PLATFORM = 'node', MUTATION_TESTS = '' } = process.env

/** Test files share what they import: importing it anew for every mutant would take four times as long. */
export default defineConfig({
  resolve: { alias: platforms.find(({ name }) => name === MUTATION_PLATFORM)?.alias ?? {} },
  test: { include: MUTATION_TESTS.split(' '), testTimeout: 20_000, isolate: false },
})
