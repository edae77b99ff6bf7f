import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const source = (name: string, file = 'index') => fileURLToPath(new URL(`packages/${name}/src/${file}.ts`, import.meta.url))

const packages = {
  // The longer name first: an alias counts for everything below it.
  '@software-statement/registration/node': source('registration', 'node'),
  '@software-statement/core': source('core'),
  '@software-statement/signer': source('signer'),
  '@software-statement/verifier': source('verifier'),
  '@software-statement/registration': source('registration'),
  '@software-statement/certificates': source('certificates'),
  'software-statement': source('cli'),
}

const transport = { '#transport': source('verifier', 'fetch/transport-node') }
const onNode = { '#codec': source('core', 'json/codec-node'), '#crypto': source('verifier', 'crypto/crypto-node') }
const elsewhere = { '#codec': source('core', 'json/codec-portable'), '#crypto': source('verifier', 'crypto/crypto-portable') }

/** The platforms, each with the tests that are run with its means. */
export const platforms = [
  {
    name: 'node',
    alias: { ...packages, ...transport, ...onNode },
    include: ['test/**/*.test.ts'],
  },
  {
    // What parses and verifies, once more with the means that every other platform has.
    name: 'portable',
    alias: { ...packages, ...transport, ...elsewhere },
    include: [
      'test/vectors.test.ts',
      'test/core/{base64url,parse-statement,strict-json}.test.ts',
      'test/properties/{parsing,signature}.test.ts',
      'test/verifier/{keys,options,published,statement-cache,trust,verify-jws}.test.ts',
    ],
  },
]

export default defineConfig({
  test: {
    testTimeout: 20_000,
    hookTimeout: 180_000,
    projects: platforms.map(({ name, alias, include }) => ({ extends: true, resolve: { alias }, test: { name, include } })),
  },
})
