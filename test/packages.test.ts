import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { startService } from './support/service-process.js'
import { type Manifest, readManifest, readPackages, root, run, succeed } from './support/workspace.js'

// Programs are started here, and machines may be busy.
vi.setConfig({ testTimeout: 120_000 })

const packages = readPackages()
const libraries = packages.filter(({ room }) => room !== 'cli')
const rootManifest = readManifest(root)
const specifiers = packages.flatMap(({ manifest }) => Object.keys(manifest.exports).map((key) => manifest.name + key.slice(1)))

const folder = mkdtempSync(join(tmpdir(), 'software-statement-'))
const consumer = join(folder, 'consumer')
const npm = (...args: string[]) => succeed('npm', args, { cwd: root, env: { npm_config_loglevel: 'error' } })

/** Packs a folder as `npm publish` would, and lists what is in the tarball. */
function pack(path: string) {
  const [packed]: { filename: string; files: { path: string; mode: number }[] }[] = JSON.parse(
    npm('pack', path, '--json', '--ignore-scripts', '--pack-destination', folder),
  )
  if (packed === undefined) throw new Error(`npm pack said nothing of ${path}`)
  return { tarball: join(folder, packed.filename), files: packed.files }
}

const packed = new Map<string, ReturnType<typeof pack>>()

/** Runs a module in the folder the tarballs are installed in; it answers with JSON. */
function evaluate(code: string, ...flags: string[]): unknown {
  return JSON.parse(succeed(process.execPath, [...flags, '--input-type=module', '--eval', code], { cwd: consumer }))
}

beforeAll(() => {
  for (const { room, path } of packages) packed.set(room, pack(path))
  // What they depend on comes from this checkout: the installation needs no network and gets the locked versions.
  const foreign = listInstalled(
    packages.flatMap(({ path, manifest }) => foreignDependencies(manifest).map((name) => ({ name, from: path }))),
  )
  const tarballs = [...[...packed.values()].map(({ tarball }) => tarball), ...foreign.map(({ folder }) => pack(folder).tarball)]
  mkdirSync(consumer)
  writeFileSync(join(consumer, 'package.json'), JSON.stringify({ name: 'consumer', private: true, type: 'module' }))
  npm('install', '--prefix', consumer, '--offline', '--no-audit', '--no-fund', '--ignore-scripts', ...tarballs)
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('the tarballs', () => {
  test.each(packages)('$manifest.name holds the build, its README and its licence, and nothing else', ({ room }) => {
    const files = packed.get(room)?.files.map(({ path }) => path) ?? []
    const own = room === 'cli' ? ['bin/software-statement.js', 'dist/third-party-licenses.txt'] : []
    expect(files).toEqual(
      expect.arrayContaining(['LICENSE', 'README.md', 'package.json', 'dist/index.js', 'dist/index.d.ts', ...own]),
    )
    const allowed = /^(LICENSE|README\.md|package\.json|dist\/[\w-]+\.(js|d\.ts)|schemas\/[\w-]+\.schema\.json)$/
    expect(files.filter((path) => !allowed.test(path) && !own.includes(path))).toEqual([])
  })

  test('the binary may be executed', () => {
    const binary = packed.get('cli')?.files.find(({ path }) => path.startsWith('bin/'))
    expect((binary?.mode ?? 0) & 0o111).toBe(0o111)
  })

  test.each(packages)('$manifest.name tells nothing of the machine it was built on', ({ manifest }) => {
    const installed = join(consumer, 'node_modules', manifest.name)
    const local = [root, homedir(), tmpdir(), 'sourceMappingURL', 'file:///'].filter((text) => text.length > 1)
    const telling = readdirSync(installed, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .flatMap((path) => local.filter((text) => readFileSync(path, 'utf8').includes(text)).map((text) => `${path}: ${text}`))
    expect(telling).toEqual([])
  })
})

describe('the manifests', () => {
  test.each(packages)('$manifest.name agrees with the others', ({ manifest }) => {
    const version = packages[0]?.manifest.version
    const ranges = (dependencies: Manifest['dependencies'] = {}) =>
      Object.entries(dependencies).filter(([name]) => packages.some((other) => other.manifest.name === name))
    expect(manifest).toMatchObject({ version, license: rootManifest.license, type: 'module', engines: rootManifest.engines })
    expect(Object.keys(manifest.exports)).toContain('.')
    for (const [, range] of [...ranges(manifest.dependencies), ...ranges(manifest.devDependencies)])
      expect(range).toBe(`^${version}`)
  })
})

describe('what is installed', () => {
  test.each(specifiers)('%s can be imported', (specifier) => {
    const attributes = specifier.endsWith('.json') ? `, { with: { type: 'json' } }` : ''
    const exported = evaluate(
      `const it = await import('${specifier}'${attributes}); console.log(JSON.stringify(Object.keys(it)))`,
    )
    expect(exported).not.toEqual([])
  })

  test('there is one copy of everything that core shares', () => {
    const shared = evaluate(`
      const [core, ...others] = await Promise.all(${JSON.stringify(libraries.map(({ manifest }) => manifest.name))}.map((name) => import(name)))
      const common = others.map((other) => Object.keys(other).filter((name) => Object.hasOwn(core, name)))
      const copies = others.flatMap((other, at) => common[at].filter((name) => other[name] !== core[name]))
      console.log(JSON.stringify({ common, copies }))
    `)
    expect(libraries[0]?.room).toBe('core')
    expect(shared).toMatchObject({ copies: [] })
    expect(shared).toHaveProperty(
      'common',
      libraries.slice(1).map(() => expect.arrayContaining([expect.stringMatching(/Error$/)])),
    )
  })

  test('an error thrown by the verifier is an error of core', () => {
    const error = evaluate(`
      import { InvalidStatementError, StatementError } from '@software-statement/core'
      import { verifySoftwareStatement } from '@software-statement/verifier'
      const error = await verifySoftwareStatement('a.b', async () => undefined, { audience: 'https://as.example' }).catch((it) => it)
      console.log(JSON.stringify([error.code, error instanceof InvalidStatementError, error instanceof StatementError]))
    `)
    expect(error).toEqual(['ERR_STATEMENT_SEGMENTS', true, true])
  })

  test('the transport of the platform is chosen: that of Node, or the global fetch', () => {
    const code = `
      import { createGuardedFetch } from '@software-statement/verifier'
      let asked = 0
      globalThis.fetch = async () => {
        asked++
        return Response.json({ keys: [] })
      }
      const outcome = await createGuardedFetch()('https://publisher.invalid/jwks').then(({ status }) => status, (it) => it.reason)
      let pins = true
      try { createGuardedFetch({ resolve: async () => [] }) } catch { pins = false }
      console.log(JSON.stringify({ outcome, asked, pins }))`
    expect(evaluate(code)).toEqual({ outcome: expect.stringMatching(/network|timeout/), asked: 0, pins: true })
    for (const condition of ['bun', 'deno']) {
      expect(evaluate(code, `--conditions=${condition}`)).toEqual({ outcome: 200, asked: 1, pins: false })
    }
  })

  test('stores load what they need when they are opened', () => {
    const code = `
      import { openClientStore } from '@software-statement/registration'
      const open = (name) => openClientStore(name).then(async (store) => { await store.check(); await store.close(); return 'works' }, (it) => it.code)
      console.log(JSON.stringify([await open('memory'), await open('clients.db')]))`
    expect(evaluate(code)).toEqual(['works', 'works'])
    const modules = ['kysely', 'libsql', 'pg'].map((name) => join(consumer, 'node_modules', name))
    for (const path of modules) renameSync(path, `${path}-away`)
    try {
      expect(evaluate(code)).toEqual(['works', 'ERR_STORE_UNAVAILABLE'])
    } finally {
      for (const path of modules) renameSync(`${path}-away`, path)
    }
  })

  test.each(['software-statement', 'ssa'])('the binary %s runs', (binary) => {
    const path = join(consumer, 'node_modules', '.bin', binary)
    const version = packages.find(({ room }) => room === 'cli')?.manifest.version
    expect(run(path, ['--version'], { cwd: consumer })).toEqual({ status: 0, stdout: `${version}\n`, stderr: '' })
    const help = run(path, ['--help'], { cwd: consumer })
    expect(help).toMatchObject({ status: 0, stderr: '' })
    expect(help.stdout).toContain('software-statement')
  })

  test('the command line tool brings no dependencies along but SQLite, where there is one for the platform', () => {
    const { manifest } = packages.find(({ room }) => room === 'cli') ?? {}
    expect(manifest).not.toHaveProperty('dependencies')
    expect(Object.keys(manifest?.optionalDependencies ?? {})).toEqual(['libsql'])
  })

  test('the command line tool serves, in an empty folder', async () => {
    const served = mkdtempSync(join(folder, 'served-'))
    const program = join(consumer, 'node_modules/software-statement/bin/software-statement.js')
    const { url, stop } = await startService(['--port', '0'], { cwd: served, program })
    const body = JSON.stringify({ redirect_uris: ['https://mail.example/cb'] })
    const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
    expect([response.status, await stop()]).toEqual([201, 0])
    expect(readdirSync(served)).toContain('software-statement.db')
  })
})

describe('the licences of what the command line tool brings along inside', () => {
  const file = () => readFileSync(join(consumer, 'node_modules/software-statement/dist/third-party-licenses.txt'), 'utf8')
  const bundled = listBundled()

  test.each(bundled)('$name $version is there with its text', ({ folder, name, version }) => {
    const [licence = ''] = readdirSync(folder).filter((entry) => /^(licen[cs]e|readme)/i.test(entry))
    expect(file()).toContain(`\n${name} ${version} (`)
    const text = readFileSync(join(folder, licence), 'utf8')
    // Where there is no file for it, it is a section of the README.
    expect(file()).toContain(text.slice(/^readme/i.test(licence) ? text.indexOf('Permission is hereby granted') : 0).trim())
  })

  test('there is no other', () => {
    const named = [...file().matchAll(/^(\S+ \d\S+) \(\S+\)$/gm)].map(([, it]) => it)
    expect(named).toEqual([...new Set(bundled.map(({ name, version }) => `${name} ${version}`))].sort())
  })
})

/** What is not bundled: what npm installs for the platform, and what the log does not use of pino, such as worker threads. */
const leftOut = ['libsql', 'pino-abstract-transport', 'process-warning', 'real-require']

/** What the command line bundles: libraries of its own and our packages, with what they depend on. */
function listBundled(): readonly Installed[] {
  const cli = packages.find(({ room }) => room === 'cli')
  const inside = libraries.filter(({ manifest }) => Object.hasOwn(cli?.manifest.devDependencies ?? {}, manifest.name))
  const own = inside.flatMap(({ path, manifest }) => foreignDependencies(manifest).map((name) => ({ name, from: path })))
  const used = ['pino', 'prom-client', 'yargs'].map((name) => ({ name, from: join(root, 'packages/cli') }))
  return listInstalled([...used, ...own], leftOut)
}

function foreignDependencies({ dependencies = {} }: Manifest): readonly string[] {
  return Object.keys(dependencies).filter((name) => !packages.some((other) => other.manifest.name === name))
}

interface Installed {
  readonly folder: string
  readonly name: string
  readonly version: string
}

/** Packages and everything they depend on, found as Node finds it; of optional ones those that are there. */
function listInstalled(
  wanted: readonly { readonly name: string; readonly from: string }[],
  without: readonly string[] = [],
): readonly Installed[] {
  const found = new Map<string, Installed>()
  const visit = (name: string, from: string, isOptional = false): void => {
    if (without.includes(name)) return
    const folder = createRequire(join(from, 'package.json'))
      .resolve.paths(name)
      ?.map((path) => join(path, name))
      .find((path) => existsSync(join(path, 'package.json')))
    if (folder === undefined && isOptional) return
    if (folder === undefined) throw new Error(`${name} is not installed`)
    if (found.has(folder)) return
    const { version, dependencies = {}, optionalDependencies = {} } = readManifest(folder)
    found.set(folder, { folder, name, version })
    for (const dependency of Object.keys(dependencies)) visit(dependency, folder, Object.hasOwn(optionalDependencies, dependency))
    for (const dependency of Object.keys(optionalDependencies)) visit(dependency, folder, true)
  }
  for (const { name, from } of wanted) visit(name, from)
  return [...found.values()]
}

describe('the types that are installed', () => {
  const compile = (code: string, ...flags: string[]) => {
    writeFileSync(join(consumer, 'consumer.ts'), code)
    const options = [
      '--noEmit',
      '--strict',
      '--exactOptionalPropertyTypes',
      '--module',
      'nodenext',
      '--target',
      'es2022',
      ...flags,
    ]
    const types = ['--types', 'node', '--typeRoots', join(root, 'node_modules/@types')]
    return run(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), ...options, ...types, 'consumer.ts'], {
      cwd: consumer,
    })
  }

  test('a strict consumer compiles, declarations included', () => {
    const imports = packages.map(({ room, manifest }) => `import * as ${room} from '${manifest.name}'\nvoid ${room}\n`)
    const use = `
      export async function look(statement: string): Promise<string> {
        try {
          const verified = await verifier.verifySoftwareStatement(statement, async () => undefined, { audience: 'https://as.example' })
          return typeof verified
        } catch (error) {
          return error instanceof core.StatementError ? error.code : 'other'
        }
      }`
    expect(compile(imports.join('') + use)).toMatchObject({ status: 0, stdout: '' })
  })

  test('a consumer that misuses them does not', () => {
    const { status, stdout } = compile(
      `import { verifySoftwareStatement, nothing } from '@software-statement/verifier'
      verifySoftwareStatement('statement')
      nothing()`,
      '--skipLibCheck',
    )
    expect(status).not.toBe(0)
    expect(stdout.match(/error TS\d+/g)).toEqual(['error TS2305', 'error TS2554'])
  })
})
