import { mergeConfig } from 'vitest/config'
import vitestConfig from './vitest.config.js'

const include = process.env.MUTATION_TESTS?.split(' ') ?? []

/** Test files share what they import: importing it anew for every mutant would take four times as long. */
export default mergeConfig({ ...vitestConfig, test: { ...vitestConfig.test, include } }, { test: { isolate: false } })
