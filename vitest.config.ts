import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const source = (name: string, file = 'index') => fileURLToPath(new URL(`packages/${name}/src/${file}.ts`, import.meta.url))

const packages = {
  '@software-statement/core': source('core'),
  '@software-statement/signer': source('signer'),
  '@software-statement/verifier': source('verifier'),
  'software-statement': source('cli'),
}

const transport = { '#transport': source('verifier', 'fetch/transport-node') }
const onNode = { '#crypto': source('verifier', 'crypto/crypto-node') }
const elsewhere = { '#crypto': source('verifier', 'crypto/crypto-portable') }

export default defineConfig({
  test: {
    testTimeout: 20_000,
    hookTimeout: 180_000,
    projects: [
      {
        extends: true,
        resolve: { alias: { ...packages, ...transport, ...onNode } },
        test: { name: 'node', include: ['test/**/*.test.ts'] },
      },
      {
        // What verifies signatures, once more with the cryptography that every other platform has.
        extends: true,
        resolve: { alias: { ...packages, ...transport, ...elsewhere } },
        test: {
          name: 'portable',
          include: [
            'test/vectors.test.ts',
            'test/properties/signature.test.ts',
            'test/verifier/{keys,options,published,statement-cache,trust,verify-jws}.test.ts',
          ],
        },
      },
    ],
  },
})
