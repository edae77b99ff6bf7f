import { describe, expect, test } from 'vitest'
import { type Licences, stayPure } from './support/architecture/ambient-rules.js'
import { listNames, nameExports, stayShort } from './support/architecture/form-rules.js'
import { avoidCircles, declareImports, followPlan, importNeighbours, type Room } from './support/architecture/import-rules.js'
import { parseSources, type Rule, readSources } from './support/architecture/source.js'
import { keepNoState } from './support/architecture/state-rules.js'
import { readPackages, root } from './support/workspace.js'

const plan: Readonly<Record<string, Room>> = {
  core: { rooms: [], libraries: ['zod'], builtins: 'none', forNode: ['packages/core/src/json/codec-node.ts'] },
  signer: { rooms: ['core'], libraries: ['jose', 'zod'], builtins: { dynamic: ['node:crypto'] } },
  verifier: {
    rooms: ['core'],
    libraries: ['ipaddr.js', 'jose', 'lru-cache', 'undici', 'zod'],
    builtins: 'none',
    forNode: [
      'packages/verifier/src/crypto/crypto-node.ts',
      'packages/verifier/src/fetch/transport-node.ts',
      'packages/verifier/src/fetch/pinned-request.ts',
    ],
  },
  registration: {
    rooms: ['core', 'verifier'],
    libraries: ['ipaddr.js', 'kysely', 'libsql', 'lru-cache', 'pg', 'rate-limiter-flexible', 'zod'],
    builtins: { dynamic: ['node:fs/promises', 'node:path', 'node:timers/promises'] },
    forNode: [
      'packages/registration/src/node.ts',
      'packages/registration/src/node/connections.ts',
      'packages/registration/src/node/when-gone.ts',
      'packages/registration/src/node/incoming-body.ts',
      'packages/registration/src/node/incoming-request.ts',
      'packages/registration/src/node/listener.ts',
      'packages/registration/src/node/plain-answer.ts',
      'packages/registration/src/node/refuse-connection.ts',
      'packages/registration/src/node/send-response.ts',
      'packages/registration/src/node/server-options.ts',
      'packages/registration/src/node/server.ts',
    ],
  },
  cli: {
    rooms: ['core', 'signer', 'verifier', 'registration', 'certificates'],
    libraries: ['pino', 'pkcs11js', 'prom-client', 'yargs'],
    builtins: 'all',
  },
  certificates: { rooms: ['core'], types: ['verifier'], libraries: ['lru-cache'], builtins: 'none' },
}

/** Where the pipelines begin: the only files under the command line that may reach outside, and for what. */
const licences: Licences = {
  'packages/signer/src/sign.ts': ['the clock as default of currentDate', 'crypto.randomUUID'],
  'packages/signer/src/rotation/plan-keys.ts': ['the clock as default of currentDate'],
  'packages/verifier/src/verify.ts': ['the clock as default of currentDate'],
  'packages/verifier/src/decide.ts': ['the clock as default of currentDate'],
  'packages/verifier/src/keys/remote-keys.ts': ['the clock as default of now'],
  'packages/registration/src/client-authentication/authenticate-client.ts': ['the clock as default of now'],
  'packages/registration/src/client-authentication/rotate-secret.ts': ['the clock as default of now'],
  'packages/registration/src/credentials/credential.ts': ['crypto.getRandomValues'],
  'packages/registration/src/manage/update-client.ts': ['a timer'],
  'packages/registration/src/node/incoming-body.ts': ['a timer'],
  'packages/registration/src/node/refuse-connection.ts': ['a timer'],
  'packages/registration/src/node/server.ts': ['a timer'],
  'packages/registration/src/register/create-initial-access-token.ts': ['the clock as default of now'],
  'packages/registration/src/settings.ts': ['the clock as default of now', 'crypto.getRandomValues'],
  'packages/verifier/src/fetch/time-limit.ts': ['a timer'],
  'packages/verifier/src/fetch/transport-portable.ts': ['fetch as a default'],
  'packages/certificates/src/trust/trust-certificates.ts': ['the clock as default of now'],
}

const below =
  (rooms: readonly string[], rule: Rule): Rule =>
  (sources) =>
    rule(sources.filter(({ room }) => rooms.includes(room)))

const packages = readPackages()
const libraries = ['core', 'signer', 'verifier', 'registration', 'certificates']
const names = new Map(
  packages.flatMap(({ room, manifest }) =>
    Object.keys(manifest.exports).map((key) => [manifest.name + key.slice(1), room] as const),
  ),
)
const declared = new Map(
  packages.map(({ room, manifest }) => {
    // The build bundles the command line tool: what it imports is development only, so that nothing is installed with it. A peer is
    // brought by those who need it.
    const own = room === 'cli' ? { ...manifest.devDependencies, ...manifest.peerDependencies } : manifest.dependencies
    return [room, new Set([...Object.keys(own ?? {}), ...Object.keys(manifest.imports ?? {})])]
  }),
)

const rules = {
  plan: followPlan(plan, names),
  declared: declareImports(declared),
  neighbours: importNeighbours,
  circles: avoidCircles,
  exports: nameExports,
  index: listNames,
  short: stayShort(300),
  pure: below(libraries, stayPure(licences)),
  state: below(libraries, keepNoState),
} satisfies Record<string, Rule>

const sources = readSources(root)

describe('the sources keep to the plan of the house', () => {
  test('every package has sources and a plan', () => {
    expect(packages.map(({ room }) => room).sort()).toEqual(Object.keys(plan).sort())
    expect([...new Set(sources.map(({ room }) => room))].sort()).toEqual(Object.keys(plan).sort())
  })

  test('every licence is for a file that is there', () => {
    const paths = sources.map(({ path }) => path)
    expect(Object.keys(licences).filter((path) => !paths.includes(path))).toEqual([])
  })

  test.each([
    ['packages import only what their plan allows', rules.plan],
    ['packages declare what they import', rules.declared],
    ['relative imports stay inside their package and off its index', rules.neighbours],
    ['no file imports itself through others', rules.circles],
    ['there is no default export', rules.exports],
    ['an index lists names and holds no logic', rules.index],
    ['no file is longer than 300 lines', rules.short],
    ['below the pipelines there is no clock, randomness, IO, environment or console', rules.pure],
    ['no module keeps state', rules.state],
  ])('%s', (_, rule) => {
    expect(rule(sources)).toEqual([])
  })
})

const core = 'packages/core/src/claims.ts'
const signer = 'packages/signer/src/keys/load.ts'
const sign = 'packages/signer/src/sign.ts'
const credential = 'packages/registration/src/credentials/credential.ts'
const verifier = 'packages/verifier/src/stages.ts'
const forNode = 'packages/verifier/src/fetch/transport-node.ts'
const certificates = 'packages/certificates/src/options.ts'
const cli = 'packages/cli/src/main.ts'

describe('the rules report what breaks them', () => {
  test.each<[string, Rule, string, string]>([
    ['core importing the signer', rules.plan, core, `import { sign } from '@software-statement/signer'`],
    ['core importing a type of the verifier', rules.plan, core, `import type { Check } from '@software-statement/verifier'`],
    ['core importing jose', rules.plan, core, `import { jwtVerify } from 'jose'`],
    ['core importing a type of jose in place', rules.plan, core, `export type Key = import('jose').JWK`],
    ['core importing a module of Node', rules.plan, core, `import { createHash } from 'node:crypto'`],
    ['core importing a module of Node by its bare name', rules.plan, core, `import { createHash } from 'crypto'`],
    ['the signer importing the verifier', rules.plan, signer, `import { verify } from '@software-statement/verifier'`],
    ['the signer importing the verifier lazily', rules.plan, signer, `const it = await import('@software-statement/verifier')`],
    ['the signer importing node:crypto at once', rules.plan, signer, `import { createPrivateKey } from 'node:crypto'`],
    ['the signer importing node:fs', rules.plan, signer, `const fs = await import('node:fs')`],
    ['the verifier exporting from the signer', rules.plan, verifier, `export { sign } from '@software-statement/signer'`],
    ['the verifier importing a module of Node', rules.plan, verifier, `const it = await import('node:crypto')`],
    ['the verifier requiring a module of Node', rules.plan, verifier, `const it = require('node:crypto')`],
    [
      'the verifier importing its part for Node by its path',
      rules.plan,
      verifier,
      `import { x } from './fetch/transport-node.js'`,
    ],
    ['certificates importing the verifier', rules.plan, certificates, `import { trustAny } from '@software-statement/verifier'`],
    [
      'certificates importing the verifier lazily',
      rules.plan,
      certificates,
      `const it = await import('@software-statement/verifier')`,
    ],
    [
      'certificates exporting from the verifier',
      rules.plan,
      certificates,
      `export { trustAny } from '@software-statement/verifier'`,
    ],
    ['undici in core', rules.plan, core, `const it = await import('undici')`],
    ['a condition that is not declared', rules.declared, verifier, `import { x } from '#platform'`],
    ['the verifier reaching into core', rules.plan, verifier, `import { x } from '@software-statement/core/dist/index.js'`],
    ['a module name that is computed', rules.plan, verifier, `const it = await import(name)`],
    ['the command line importing jose', rules.plan, cli, `import { jwtVerify } from 'jose'`],
    ['a room without a plan', rules.plan, 'packages/attic/src/box.ts', `import { x } from './x.js'`],
    ['a room named like a property of every object', rules.plan, 'packages/constructor/src/box.ts', `import * as z from 'zod'`],
    ['an import that is not declared', rules.declared, core, `import { jwtVerify } from 'jose'`],
    ['an import of a path that is not declared', rules.declared, core, `import { x } from 'jose/jwt/verify'`],
    ['a relative import without .js', rules.neighbours, core, `import { x } from './limits'`],
    ['a relative import of another package', rules.neighbours, verifier, `import { x } from '../../core/src/claims.js'`],
    ['an import of the own index', rules.neighbours, 'packages/core/src/jose/jwk.ts', `import { x } from '../index.js'`],
    ['an import of a file that is not there', rules.neighbours, core, `import { x } from './nowhere.js'`],
    ['a default export', rules.exports, core, `export default 1`],
    ['a function as default export', rules.exports, core, `export default function parse() {}`],
    ['an export renamed to default', rules.exports, core, `const x = 1\nexport { x as default }`],
    ['an index that exports everything', rules.index, 'packages/core/src/index.ts', `export * from './claims.js'`],
    ['an index with logic', rules.index, 'packages/core/src/index.ts', `export const x = 1`],
    ['a file that is too long', rules.short, core, 'export {}\n'.repeat(301)],
  ])('%s', (_, rule, path, text) => {
    expect(rule(parseSources({ [path]: text }))).toHaveLength(1)
  })

  test.each([
    ['Date.now', 'export const now = () => Date.now()'],
    ['Date.now through a name', 'const { now } = Date'],
    ['Date as a value', 'const Clock = Date'],
    ['Date called as a function', 'const now = () => Date()'],
    ['new Date without arguments', 'const now = () => new Date()'],
    ['new Date without parentheses', 'const now = () => new Date'],
    ['performance.now', 'const now = () => performance.now()'],
    ['setTimeout', 'const later = (f: () => void) => setTimeout(f, 1)'],
    ['AbortSignal.timeout', 'const soon = () => AbortSignal.timeout(1)'],
    ['Math.random', 'const any = () => Math.random()'],
    ['Math.random by its text', `const any = () => Math['random']()`],
    ['crypto.randomUUID', 'const id = () => crypto.randomUUID()'],
    ['crypto.getRandomValues', 'const id = () => crypto.getRandomValues(new Uint8Array(1))'],
    ['crypto as a value', 'const { randomUUID } = crypto'],
    ['fetch', `const get = () => fetch('https://a.example')`],
    ['fetch as a default', 'const get = (options: { fetch?: typeof fetch }) => options.fetch ?? fetch'],
    ['fetch in a short property', 'const io = { fetch }'],
    ['fetch behind a declaration', 'declare const fetch: () => void\nconst get = () => fetch()'],
    ['fetch of globalThis', `const get = () => globalThis.fetch('https://a.example')`],
    ['globalThis by text', `const get = () => globalThis['fetch']('https://a.example')`],
    ['process.env', 'const home = () => process.env.HOME'],
    ['console', `const say = () => console.log('x')`],
    ['eval', 'const run = (text: string) => eval(text)'],
    ['Function', 'const run = (text: string) => new Function(text)'],
    ['a class that extends a global', 'class Socket extends WebSocket {}'],
  ])('impure: %s', (_, text) => {
    expect(rules.pure(parseSources({ [verifier]: text }))).toHaveLength(1)
    expect(rules.pure(parseSources({ [core]: text }))).toHaveLength(1)
  })

  test.each([
    ['a variable', 'let count = 0'],
    ['an old variable', 'export var count = 0'],
    ['an empty map', 'const seen = new Map<string, string>()'],
    ['an empty weak map', 'const seen = new WeakMap'],
    ['an empty set', 'const seen: Set<string> = new Set()'],
    ['an empty array', 'const seen: string[] = []'],
    ['an empty array of another name', 'const seen = [] as string[]'],
    ['a map that is written to', `const seen = new Map([['a', 1]])\nexport const add = () => seen.set('b', 2)`],
    ['an array that is written to', `const seen = ['a']\nexport const add = () => seen.push('b')`],
    ['an object that is written to', 'const seen = { last: 0 }\nexport const add = () => { seen.last = 1 }'],
    ['an object with a counter', 'const seen = { last: 0 }\nexport const add = () => seen.last++'],
    ['an object that loses a member', `const seen: Record<string, 1> = { a: 1 }\nexport const drop = () => delete seen['a']`],
    ['a static property', 'export class Cache { static last = 0 }'],
    ['a static collection', 'export class Cache { static readonly seen = new Map() }'],
  ])('stateful: %s', (_, text) => {
    expect(rules.state(parseSources({ [verifier]: text }))).toHaveLength(1)
  })

  test('a circle of three files', () => {
    const circle = parseSources({
      'packages/core/src/a.ts': `import type { B } from './b.js'`,
      'packages/core/src/b.ts': `export { C } from './c.js'`,
      'packages/core/src/c.ts': `const a = () => import('./a.js')`,
    })
    expect(rules.circles(circle)).toEqual([
      'packages/core/src/a.ts -> packages/core/src/b.ts -> packages/core/src/c.ts -> packages/core/src/a.ts',
    ])
  })

  test('a second clock reading in a pipeline', () => {
    const text = 'const a = (o: { currentDate?: Date }) => o.currentDate ?? new Date()\n'
    expect(rules.pure(parseSources({ [sign]: text }))).toEqual([])
    expect(rules.pure(parseSources({ [sign]: text + text.replace('a', 'b') }))).toHaveLength(1)
  })

  test('a clock that is not the default of now', () => {
    const remote = 'packages/verifier/src/keys/remote-keys.ts'
    expect(rules.pure(parseSources({ [remote]: 'const f = ({ now = () => new Date() }) => now' }))).toEqual([])
    for (const text of ['const now = () => new Date()', 'const f = ({ later = () => new Date() }) => later']) {
      expect(rules.pure(parseSources({ [remote]: text }))).toHaveLength(1)
    }
  })

  test.each([
    ['a clock reading that is not a default', 'const now = () => new Date()'],
    ['a clock reading as default of something else', 'const sign = ({ issuedAt = new Date() }) => issuedAt'],
    ['the network', `const get = () => fetch('https://a.example')`],
    ['the clock in milliseconds', 'const sign = ({ currentDate = Date.now() }) => currentDate'],
  ])('a pipeline that uses more than its licence: %s', (_, text) => {
    expect(rules.pure(parseSources({ [sign]: text }))).toHaveLength(1)
  })
})

describe('the rules let pass what is allowed', () => {
  test.each<[string, Rule, string, string]>([
    ['the signer importing core', rules.plan, signer, `import { parse } from '@software-statement/core'`],
    ['the signer importing node:crypto lazily', rules.plan, signer, `const { createPrivateKey } = await import('node:crypto')`],
    [
      'certificates importing types of the verifier',
      rules.plan,
      certificates,
      `import type { Fetch } from '@software-statement/verifier'`,
    ],
    ['the command line importing everything', rules.plan, cli, `import fs from 'node:fs'\nimport yargs from 'yargs'`],
    ['the part for Node importing modules of Node', rules.plan, forNode, `import { lookup } from 'node:dns/promises'`],
    ['a condition that is declared', rules.declared, verifier, `import { createTransport } from '#transport'`],
    ['a member called import', rules.plan, core, `const x = (o: { require(name: string): void }) => o.require('jose')`],
    ['a path of a declared library', rules.declared, verifier, `import { x } from 'jose/jwt/verify'`],
    ['the clock as default in a pipeline', rules.pure, sign, 'export const sign = ({ currentDate = new Date() }) => currentDate'],
    [
      'getRandomValues where secrets are made',
      rules.pure,
      credential,
      'export const f = (random = (b: Uint8Array) => crypto.getRandomValues(b)) => random',
    ],
    ['randomUUID in the signing pipeline', rules.pure, sign, 'export const id = () => crypto.randomUUID()'],
    ['a date with a time', rules.pure, core, 'export const at = (seconds: number) => new Date(seconds * 1000)'],
    ['a test for a date', rules.pure, core, 'export const isDate = (value: unknown) => value instanceof Date'],
    ['the type of a global', rules.pure, core, 'export type Get = typeof fetch\nexport interface Io { readonly fetch: Get }'],
    [
      'an injected fetch',
      rules.pure,
      verifier,
      `const get = ({ fetch }: { fetch: (u: string) => void }) => fetch('https://a.example')`,
    ],
    [
      'a member called like a global',
      rules.pure,
      core,
      `const x = (o: { process: string }) => ({ console: o.process, fetch: 1 })`,
    ],
    ['pure arithmetic', rules.pure, core, 'export const least = Math.min(1, 2)'],
    ['Web Crypto', rules.pure, verifier, `export const hash = (b: Uint8Array) => crypto.subtle.digest('SHA-256', b)`],
    ['the clock on the command line', rules.pure, cli, 'export const now = () => Date.now()'],
    ['a table', rules.state, core, `const known = new Set(['a'])\nexport const has = (x: string) => known.has(x)`],
    [
      'a local map',
      rules.state,
      core,
      `export const f = () => { const seen = new Map(); seen.set(1, 2); let x = 0; x++; return seen }`,
    ],
    [
      'a local name that hides one of the module',
      rules.state,
      core,
      `const a = ['x']\nexport const f = (a: string[]) => a.push('y')`,
    ],
  ])('%s', (_, rule, path, text) => {
    expect(rule(parseSources({ [path]: text }))).toEqual([])
  })

  test('two files that import a third', () => {
    const tree = parseSources({
      'packages/core/src/a.ts': `import { c } from './c.js'\nimport { b } from './b.js'`,
      'packages/core/src/b.ts': `import { c } from './c.js'`,
      'packages/core/src/c.ts': 'export const c = 1',
    })
    expect([...rules.circles(tree), ...rules.neighbours(tree)]).toEqual([])
  })
})
