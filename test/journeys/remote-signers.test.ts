import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { trustIssuers, verifySoftwareStatement } from '@software-statement/verifier'
import { afterAll, describe, expect, test, vi } from 'vitest'
import { listBlocks } from '../support/markdown.js'
import { stripTypes } from '../support/snippets.js'
import { findObstacle, makeKeys, makeToken, pin } from '../support/softhsm.js'
import { root, succeed } from '../support/workspace.js'

// Programs are started here, and machines may be busy.
vi.setConfig({ testTimeout: 60_000 })

/** The examples for key stores are in the README, all others on the page. */
const pages = ['README.md', 'docs/remote-signers.md']
const blocksOf = (page: string) => listBlocks(readFileSync(join(root, page), 'utf8'))
const blocks = pages.flatMap(blocksOf)
const issuer = 'https://publisher.example'

/** The code of the block with a mark. */
function blockOf(mark: string): string {
  const found = blocks.filter(({ marks }) => marks.includes(mark))
  expect(found, mark).toHaveLength(1)
  return found[0]?.code ?? ''
}

const folder = mkdtempSync(join(tmpdir(), 'software-statement-stores-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** A folder with the packages of this checkout, as built, and with stand-ins for the clients of key stores. */
function makeProject(name: string, stores: Readonly<Record<string, string>>): string {
  const project = join(folder, name)
  const support = join(root, 'test/support')
  mkdirSync(join(project, 'node_modules'), { recursive: true })
  mkdirSync(join(project, 'stores'))
  symlinkSync(join(root, 'node_modules/@software-statement'), join(project, 'node_modules/@software-statement'), 'junction')
  writeFileSync(join(project, 'package.json'), JSON.stringify({ private: true, type: 'module' }))
  for (const [path, source] of [
    ['curve.js', 'curve.ts'],
    ['stores/sign-digest.js', 'key-stores/sign-digest.ts'],
  ] as const) {
    writeFileSync(join(project, path), stripTypes(readFileSync(join(support, source), 'utf8')))
  }
  for (const [specifier, file] of Object.entries(stores)) {
    copyFileSync(join(support, 'key-stores', file), join(project, 'stores', file))
    const location = join(project, 'node_modules', specifier)
    mkdirSync(location, { recursive: true })
    const manifest = { name: specifier, type: 'module', exports: './index.js' }
    writeFileSync(join(location, 'package.json'), JSON.stringify(manifest))
    writeFileSync(join(location, 'index.js'), `export * from '../../../stores/${file}'\n`)
  }
  return project
}

describe('the examples for key stores', () => {
  test.each([
    ['aws', { '@aws-sdk/client-kms': 'aws.mjs' }],
    ['google', { '@google-cloud/kms': 'google.mjs' }],
    ['azure', { '@azure/keyvault-keys': 'azure.mjs', '@azure/identity': 'azure-identity.mjs' }],
  ])('%s: what it signs is verified, in about ten lines', async (store, stores) => {
    const code = blockOf(store)
    expect(code.split('\n').filter((line) => line !== '').length).toBeLessThanOrEqual(11)
    const project = makeProject(store, stores)
    writeFileSync(join(project, 'key.js'), code)
    writeFileSync(join(project, 'use.js'), `${blockOf('use')}\nconsole.log(JSON.stringify({ statement, jwks }))`)
    const { statement, jwks } = JSON.parse(succeed(process.execPath, ['use.js'], { cwd: project }))

    const trust = trustIssuers([{ issuer, jwks }])
    await expect(verifySoftwareStatement(statement, trust)).resolves.toMatchObject({
      header: { alg: 'ES256' },
      metadata: { software_id: 'mail' },
    })
    expect(JSON.stringify(jwks)).not.toContain('"d"')
  })
})

const hasOpenssl = spawnSync('openssl', ['version']).status === 0
if (!hasOpenssl) console.log('skipped: the example with openssl, which is not installed')
const obstacle = findObstacle()
if (obstacle !== undefined) console.log(`skipped: the example with a token: ${obstacle}`)

describe('the examples for the command line', () => {
  const metadata = { software_id: 'mail', redirect_uris: ['https://mail.example/cb'] }
  const shell = (project: string, code: string, env: Readonly<Record<string, string>> = {}) => {
    const PATH = [join(root, 'node_modules/.bin'), process.env.PATH].join(delimiter)
    return succeed('bash', ['-eo', 'pipefail', '-c', code], { cwd: project, env: { PATH, ...env } })
  }
  const makeFolder = (name: string) => {
    mkdirSync(join(folder, name))
    writeFileSync(join(folder, name, 'metadata.json'), JSON.stringify(metadata))
    return join(folder, name)
  }
  const read = (project: string, name: string) => readFileSync(join(project, name), 'utf8').trim()

  test.runIf(hasOpenssl)('a program signs, and its key is planned to go', async () => {
    const project = makeFolder('openssl')
    shell(project, blockOf('openssl'))
    const trust = trustIssuers([{ issuer, jwks: JSON.parse(read(project, 'jwks.json')) }])
    await expect(verifySoftwareStatement(read(project, 'statement.jwt'), trust)).resolves.toMatchObject({ metadata })
    expect(shell(project, blockOf('rotation'))).toMatch(/ retired +\S+ +1 statement, 1 valid/)
  })

  test.skipIf(obstacle !== undefined)('a token signs', async () => {
    const project = makeFolder('token')
    const token = makeToken('publisher')
    makeKeys(token, [{ kind: 'P-256', label: 'statements', id: '01' }])
    writeFileSync(join(project, 'pin.txt'), `${pin}\n`)
    const env = { MODULE: token.modulePath, SOFTHSM2_CONF: join(token.folder, 'softhsm2.conf') }
    shell(project, blockOf('softhsm'), env)
    const uri = `pkcs11:token=publisher;object=statements?module-path=${token.modulePath}`
    const jwks = JSON.parse(shell(project, `software-statement jwks '${uri}'`, env))
    await expect(verifySoftwareStatement(read(project, 'signed.jwt'), trustIssuers([{ issuer, jwks }]))).resolves.toMatchObject({
      metadata,
    })
    rmSync(token.folder, { recursive: true })
  })
})

test('every block is run: those of the page, and of the README those that need a key store', () => {
  const [readme, page] = pages.map(blocksOf)
  expect(page?.map(({ marks }) => marks)).toEqual([['use'], ['openssl'], ['softhsm'], ['rotation']])
  expect(readme?.filter(({ language }) => language === 'js').map(({ marks }) => marks)).toEqual([['aws'], ['google'], ['azure']])
})
