import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const source = (name: string, file = 'index') => fileURLToPath(new URL(`packages/${name}/src/${file}.ts`, import.meta.url))

export default defineConfig({
  resolve: {
    alias: {
      '@software-statement/core': source('core'),
      '@software-statement/signer': source('signer'),
      '@software-statement/verifier': source('verifier'),
      'software-statement': source('cli'),
      '#transport': source('verifier', 'fetch/transport-node'),
    },
  },
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 20_000,
    hookTimeout: 180_000,
  },
})
