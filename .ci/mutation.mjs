// Mutation testing: `npm run mutation` for every group, `npm run mutation -- policy merge` for some. Each group of source files
// is held to the threshold of stryker.config.json on its own, so that a weak one cannot hide behind the others.
import { Stryker } from '@stryker-mutator/core'

/**
 * Groups of source files, with the tests that say what they do. The vectors and the properties of `test/properties` are left out:
 * they run a thousand cases for each mutant, and whether a random case finds one would make the score a matter of luck.
 */
const groups = {
  policy: {
    mutate: ['packages/core/src/policy/**/*.ts'],
    testFiles: ['test/core/policy/*.test.ts'],
  },
  parsing: {
    mutate: [
      'packages/core/src/json/**/!(codec-portable|plain-copy).ts',
      'packages/core/src/parse-statement.ts',
      'packages/core/src/jose/header.ts',
      'packages/core/src/{claims,claim-role}.ts',
    ],
    testFiles: [
      'test/core/{base64url,claims,configuration-json,header,json-value,parse-statement,pem-blocks,strict-json}.test.ts',
      'test/core/policy/*.test.ts',
    ],
  },
  codec: {
    mutate: ['packages/core/src/json/codec-portable.ts'],
    testFiles: ['test/core/{base64url,parse-statement,strict-json}.test.ts'],
    platform: 'portable',
  },
  metadata: {
    mutate: ['packages/core/src/metadata/**/*.ts'],
    testFiles: ['test/core/*.test.ts', 'test/core/metadata/*.test.ts'],
  },
  merge: {
    mutate: ['packages/verifier/src/merge/**/*.ts'],
    testFiles: ['test/verifier/{decide,merge,merge-members,merge-rules,options,policy}.test.ts'],
  },
  pipeline: {
    mutate: [
      'packages/verifier/src/{verify,decide,stages,rules,checks}.ts',
      'packages/verifier/src/{cache,claims,registration,replay}/**/*.ts',
      'packages/core/src/json/plain-copy.ts',
    ],
    testFiles: ['test/core/plain-copy.test.ts', 'test/verifier/*.test.ts'],
  },
  endpoint: {
    mutate: [
      'packages/registration/src/{endpoint,option-rules,settings,store-outcomes}.ts',
      'packages/registration/src/{http,manage,metadata,register}/**/*.ts',
      'packages/registration/src/credentials/client-*.ts',
    ],
    testFiles: ['test/registration/endpoint/*.test.ts'],
  },
}

const wanted = process.argv.slice(2)
const unknown = wanted.filter((name) => !Object.hasOwn(groups, name))
if (unknown.length > 0) {
  console.error(`no group ${unknown.join(', ')}: there are ${Object.keys(groups).join(', ')}`)
  process.exit(2)
}
for (const [name, { mutate, testFiles, platform = 'node' }] of Object.entries(groups)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue
  console.log(`\n${name}`)
  // Read by vitest.mutation.config.ts. The option testFiles would leave mutants of constants inactive, and count them as survivors.
  process.env.MUTATION_TESTS = testFiles.join(' ')
  process.env.MUTATION_PLATFORM = platform
  await new Stryker({ mutate, jsonReporter: { fileName: `reports/mutation/${name}.json` } }).runMutationTest()
}
