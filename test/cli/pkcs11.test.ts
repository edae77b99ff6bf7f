import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { parseStatement } from '@software-statement/core'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { makeCarefulToken } from '../support/careful-token.js'
import { keys, publicHalf } from '../support/keys.js'
import { issuer } from '../support/make-jws.js'
import { findObstacle, initToken, makeKeys, makeToken, pin, type Token } from '../support/softhsm.js'
import { root, run } from '../support/workspace.js'
import { runCli } from './support.js'

// Tokens make RSA keys, and machines may be busy.
vi.setConfig({ testTimeout: 60_000 })

const obstacle = findObstacle()
if (obstacle !== undefined) console.log(`skipped: keys on a token: ${obstacle}`)

describe.skipIf(obstacle !== undefined)('a key on a token', () => {
  let token: Token
  let readable: readonly boolean[]
  const files = { 'pin.txt': `${pin}\n`, 'wrong-pin.txt': '00000000\n', 'empty.txt': '\n' }

  beforeAll(() => {
    token = makeToken('the token')
    readable = makeKeys(token, [
      { kind: 'P-256', label: 'P-256', id: '01' },
      { kind: 'P-384', label: 'P-384', id: '02' },
      { kind: 'P-521', label: 'P-521', id: '03' },
      { kind: 'RSA', label: 'RSA', id: '04' },
      { kind: 'Ed25519', label: 'Ed25519', id: '05' },
      { kind: 'RSA', label: 'RSA alone', id: '06', withoutPublic: true },
      { kind: 'P-256', label: 'P-256 alone', id: '07', withoutPublic: true },
      { kind: 'P-256', label: 'P-256 private', id: '08ff', publicLabel: 'P-256 public' },
      { kind: 'P-256', label: 'careful', id: '09', alwaysAuthenticate: true },
      { kind: 'P-256', label: 'twice', id: '0a' },
      { kind: 'P-256', label: 'twice', id: '0b' },
      { kind: 'secp256k1', label: 'secp256k1', id: '0c' },
    ])
    initToken('empty')
  })
  afterAll(() => rmSync(token.folder, { recursive: true, force: true }))

  const mine = (path: string) => `token=${token.label};${path}`
  const uri = (path: string, query = 'pin-source=pin.txt') => {
    const encoded = path.replaceAll(' ', '%20')
    return `pkcs11:${encoded}?module-path=${token.modulePath}${query === '' ? '' : `&${query}`}`
  }
  const cli = (argv: readonly string[], others: object = {}) => {
    return runCli(argv, { loadPkcs11: token.loadPkcs11, files: { ...files, ...others } })
  }
  const sign = (key: string, ...flags: readonly string[]) => {
    return cli(['sign', 'metadata.json', '--issuer', issuer, '--key', key, ...flags])
  }

  test('cannot be taken out', () => {
    expect(readable).toEqual(readable.map(() => false))
  })

  test.each([
    ['P-256', 'ES256', []],
    ['P-384', 'ES384', []],
    ['P-521', 'ES512', []],
    ['Ed25519', 'EdDSA', []],
    ['Ed25519', 'Ed25519', ['--alg', 'Ed25519']],
    ['RSA', 'RS256', []],
    ['RSA', 'RS512', ['--alg', 'RS512']],
    ['RSA', 'PS256', ['--alg', 'PS256']],
    ['RSA', 'PS384', ['--alg', 'PS384']],
    ['RSA', 'PS512', ['--alg', 'PS512']],
    ['RSA alone', 'RS384', ['--alg', 'RS384']],
    ['P-256 private', 'ES256', []],
    ['careful', 'ES256', []],
  ])('%s signs with %s, and the statement is verified with what jwks publishes', async (label, alg, flags) => {
    const key = uri(mine(`object=${label}`))
    const signed = await sign(key, ...flags)
    expect({ exit: signed.exit, stderr: signed.stderr }).toEqual({ exit: 0, stderr: '' })
    expect(parseStatement(signed.stdout.trim()).header.alg).toBe(alg)

    const published = await cli(['jwks', key])
    expect(published).toMatchObject({ exit: 0, stderr: '' })
    const world = {
      'trust.json': { issuers: [{ issuer, jwks: JSON.parse(published.stdout) }] },
      'signed.jwt': signed.stdout,
    }
    expect(await cli(['verify', 'signed.jwt', '--trust', 'trust.json'], world)).toMatchObject({ exit: 0 })
    const other = { 'trust.json': { issuers: [{ issuer, jwks: { keys: [{ ...keys.p256, d: undefined }] } }] } }
    expect(await cli(['verify', 'signed.jwt', '--trust', 'trust.json'], { ...world, ...other })).toMatchObject({ exit: 1 })
  })

  test('signs in the program as it is built', () => {
    const program = join(root, 'packages/cli/bin/software-statement.js')
    const metadata = join(root, 'examples/metadata.json')
    const key = uri(mine('object=P-256'), 'pin-source=env:TOKEN_PIN')
    const argv = [program, 'sign', metadata, '--key', key, '--issuer', issuer]
    const { status, stdout } = run(process.execPath, argv, { cwd: token.folder, env: { TOKEN_PIN: pin } })
    expect({ status, alg: parseStatement(stdout.trim()).header.alg }).toEqual({ status: 0, alg: 'ES256' })
  })

  test.each([
    ['its id', 'token=the token;id=%01'],
    ['an id of two bytes', 'token=the token;id=%08%ff'],
    ['everything that a tool prints', 'manufacturer=SoftHSM%20project;token=the%20token;id=%01;object=P-256;type=private'],
  ])('is found by %s', async (_, path) => {
    expect(await sign(uri(path))).toMatchObject({ exit: 0 })
  })

  test('is found by the slot of its token', async () => {
    expect(await sign(uri(`slot-id=${token.slotId};object=P-256`))).toMatchObject({ exit: 0 })
    expect(await sign(uri(`slot-id=${token.slotId + 1};object=P-256`))).toMatchObject({ exit: 2 })
  })

  test.each([
    ['in a file', 'pin-source=pin.txt'],
    ['in a file as a URI', 'pin-source=file:pin.txt'],
    ['in the URI', `pin-value=${pin}`],
  ])('takes its PIN %s', async (_, query) => {
    expect(await sign(uri(mine('object=P-256'), query))).toMatchObject({ exit: 0 })
  })

  test('of which the public half is wanted needs no PIN', async () => {
    expect(await cli(['jwks', uri(mine('object=P-256'), '')])).toMatchObject({ exit: 0 })
  })

  test('without a public object needs its public key beside it', async () => {
    const key = uri(mine('object=P-256 alone'))
    expect(await sign(key)).toMatchObject({ exit: 2, stderr: expect.stringContaining('--public-key') })
    const argv = ['sign', 'metadata.json', '--issuer', issuer, '--key', key, '--public-key', 'public.json']
    const { d: _d, ...publicKey } = keys.p256
    expect(await cli(argv, { 'public.json': publicKey })).toMatchObject({ exit: 2, stdout: '' })
  })

  test.each<[string, string, string, number, RegExp]>([
    ['a wrong PIN', 'token=the token;object=P-256', 'pin-source=wrong-pin.txt', 2, /CKR_PIN_INCORRECT/],
    ['no PIN', 'token=the token;object=P-256', '', 2, /PIN/],
    ['an empty PIN', 'object=P-256', 'pin-source=empty.txt', 2, /PIN/],
    ['a PIN file that is not there', 'object=P-256', 'pin-source=nowhere.txt', 2, /no such file/],
    ['another token', 'token=other;object=P-256', 'pin-source=pin.txt', 2, /no token/],
    ['a name that is the beginning of another', 'token=the;object=P-256', 'pin-source=pin.txt', 2, /no token/],
    ['an empty token', 'token=empty;object=P-256', 'pin-source=pin.txt', 2, /no private key/],
    ['more than one token', 'manufacturer=SoftHSM project;object=P-256', 'pin-source=pin.txt', 2, /more than one token/],
    ['another key', 'token=the token;object=other', 'pin-source=pin.txt', 2, /no private key/],
    ['more than one key', 'token=the token;object=twice', 'pin-source=pin.txt', 2, /more than one/],
    ['label and id of two keys', 'token=the token;object=P-256;id=%02', 'pin-source=pin.txt', 2, /no private key/],
    ['a curve that is not used here', 'token=the token;object=secp256k1', 'pin-source=pin.txt', 2, /curve/],
  ])('is not found or not used with %s', async (_, path, query, exit, says) => {
    const outcome = await sign(uri(path, query))
    expect(outcome).toMatchObject({ exit, stdout: '', stderr: expect.stringMatching(says) })
    expect(outcome.stderr).not.toContain(pin)
  })

  test('on a token that is not there is an outage', async () => {
    const conf = process.env.SOFTHSM2_CONF
    process.env.SOFTHSM2_CONF = join(token.folder, 'nowhere.conf')
    const outcome = await sign(uri('object=P-256'))
    process.env.SOFTHSM2_CONF = conf
    expect(outcome).toMatchObject({ exit: 3, stdout: '', stderr: expect.stringMatching(/^ERR_SIGNER_UNAVAILABLE: .*CKR_/m) })
  })

  test('behind a library that is none is a fault of the command line', async () => {
    const key = 'pkcs11:object=x?module-path=/etc/passwd'
    expect(await sign(key)).toMatchObject({ exit: 2, stdout: '', stderr: expect.stringContaining('module-path') })
  })
})

test.each<[what: string, query: string, exit: number, logins: readonly (readonly [number, string])[]]>([
  ['without a PIN is not tried with an empty one', '', 2, []],
  [
    'gets the PIN for the session and for the signature',
    '&pin-value=1234',
    0,
    [
      [1, '1234'],
      [2, '1234'],
    ],
  ],
])('a key that wants the PIN each time %s', async (_, query, exit, logins) => {
  const token = makeCarefulToken()
  const key = `pkcs11:object=x?module-path=/lib.so${query}`
  const argv = ['sign', 'metadata.json', '--issuer', issuer, '--key', key, '--public-key', 'public.json']
  const files = { 'public.json': publicHalf(keys.p256) }
  const outcome = await runCli(argv, { files, loadPkcs11: token.loadPkcs11 })
  expect({ exit: outcome.exit, logins: token.logins }).toEqual({ exit, logins })
  expect(outcome.stderr.includes('pin-source')).toBe(exit === 2)
})

test('a pkcs11: key says what to install where pkcs11js is not there', async () => {
  const argv = ['sign', 'metadata.json', '--issuer', issuer, '--key', 'pkcs11:object=x?module-path=/lib.so&pin-value=secret']
  expect(await runCli(argv)).toMatchObject({ exit: 2, stdout: '', stderr: expect.stringMatching(/npm install pkcs11js/) })
})
