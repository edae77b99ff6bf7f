import { mergeConfig } from 'vitest/config'
import vitestConfig from './vitest.config.js'

/** Test files share what they import: importing it anew for every mutant would take four times as long. */
export default mergeConfig(vitestConfig, { test: { isolate: false } })
