import { basename } from 'node:path'
import { defineConfig, type Options } from 'tsup'
import { thirdPartyLicenses } from './.ci/third-party-licenses.js'

/** Every bare import stays an import: two copies of core would be two copies of every error class. */
const everyPackage = /^[^./]/

const shared = {
  format: 'esm',
  target: 'es2023',
  dts: true,
  clean: true,
  silent: true,
  treeshake: true,
  removeNodeProtocol: false,
} satisfies Options

/** `platforms` are files that `imports` of the package chooses between; each is an entry of its own. */
const library = (name: string, platforms: readonly string[] = []): Options => ({
  ...shared,
  name,
  entry: Object.fromEntries(['index', ...platforms].map((path) => [basename(path), `packages/${name}/src/${path}.ts`])),
  outDir: `packages/${name}/dist`,
  platform: 'neutral',
  external: [everyPackage],
})

/** The command line tool is one bundle, split at its lazy imports, so that it starts fast. */
const cli: Options = {
  ...shared,
  name: 'cli',
  entry: ['packages/cli/src/index.ts'],
  outDir: 'packages/cli/dist',
  platform: 'node',
  // A module of machine code is no text that can be bundled.
  noExternal: [/^(?!libsql$)/],
  external: ['libsql'],
  splitting: true,
  minifySyntax: true,
  minifyWhitespace: true,
  esbuildPlugins: [thirdPartyLicenses('packages/cli/dist/third-party-licenses.txt')],
  banner: {
    js: "import { createRequire as createRequire_ } from 'node:module'; const require = createRequire_(import.meta.url);",
  },
}

export default defineConfig([
  library('core', ['json/codec-node', 'json/codec-portable']),
  library('signer'),
  library('verifier', ['crypto/crypto-node', 'crypto/crypto-portable', 'fetch/transport-node', 'fetch/transport-portable']),
  library('registration', ['node']),
  library('certificates'),
  cli,
])
