import { createPrivateKey } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { definitions } from '../../packages/cli/src/definitions.js'
import { keys, publicHalf, type TestKey } from '../support/keys.js'
import { runCli } from './support.js'

const toPem = (key: TestKey) => createPrivateKey({ key: { ...key }, format: 'jwk' }).export({ type: 'pkcs8', format: 'pem' })
const publicNames = ['kty', 'crv', 'x', 'y', 'n', 'e', 'kid', 'use', 'alg']

describe('keygen', () => {
  test.each(definitions.keygen.options.alg.choices)('makes a key for %s that signs', async (alg) => {
    const { exit, stdout, stderr, written } = await runCli(['keygen', '--alg', alg, '--out', 'new.json'])
    expect({ exit, stderr, files: [...written.keys()] }).toEqual({ exit: 0, stderr: '', files: ['new.json'] })
    const file = written.get('new.json')
    expect(file?.mode).toBe(0o600)

    const shown = JSON.parse(stdout)
    const key = JSON.parse(file?.text ?? '')
    expect(key).toMatchObject(shown)
    expect(key.d).toBeTypeOf('string')
    expect(Object.keys(shown).filter((name) => !publicNames.includes(name))).toEqual([])

    const argv = ['sign', 'metadata.json', '--key', 'new.json', '--issuer', 'https://publisher.example', '--dry-run']
    const signed = await runCli(argv, { files: { 'new.json': key } })
    expect(JSON.parse(signed.stdout).header).toMatchObject({ kid: shown.kid })
  })

  test('makes a key for ES256 unless told otherwise', async () => {
    expect(JSON.parse((await runCli(['keygen', '--out', 'new.json'])).stdout)).toMatchObject({ kty: 'EC', crv: 'P-256' })
  })

  test.each(['HS256', 'HS384', 'HS512', 'none', 'es256'])('makes none for %s', async (alg) => {
    const { exit, stdout, written } = await runCli(['keygen', '--alg', alg, '--out', 'new.json'])
    expect({ exit, stdout, written: written.size }).toEqual({ exit: 2, stdout: '', written: 0 })
  })
})

describe('jwks', () => {
  const files = {
    'private.json': keys.p256,
    'public.json': publicHalf(keys.ed25519),
    'key.pem': toPem(keys.rsa),
    'set.json': { keys: [keys.p384, publicHalf(keys.p521)] },
    'symmetric.json': keys.oct,
    'weak.json': keys.weakRsa,
    'odd.json': { keys: ['x'] },
  }

  test.each([
    ['a private JWK', ['private.json'], ['P-256']],
    ['a public JWK', ['public.json'], ['Ed25519']],
    ['a PEM file', ['key.pem'], [undefined]],
    ['a JWK Set', ['set.json'], ['P-384', 'P-521']],
    ['the current key and the next', ['private.json', 'public.json'], ['P-256', 'Ed25519']],
    ['standard input', ['-'], ['P-256']],
  ])('takes %s and shows public members only', async (_, operands, curves) => {
    const { exit, stdout, stderr } = await runCli(['jwks', ...operands], { files, stdin: keys.p256 })
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' })
    const { keys: shown, ...others }: { keys: Record<string, unknown>[] } = JSON.parse(stdout)
    expect(shown.map(({ crv }) => crv)).toEqual(curves)
    expect(shown.every(({ kid }) => typeof kid === 'string')).toBe(true)
    expect(shown.flatMap((key) => Object.keys(key)).filter((name) => !publicNames.includes(name))).toEqual([])
    expect(others).toEqual({})
  })

  test.each([
    ['a symmetric key', ['symmetric.json']],
    ['a symmetric key behind a sound one', ['private.json', 'symmetric.json']],
    ['a key that is too short', ['weak.json']],
    ['the same key twice', ['private.json', 'private.json']],
    ['a set that holds something else', ['odd.json']],
  ])('refuses %s', async (_, operands) => {
    const { exit, stdout, stderr } = await runCli(['jwks', ...operands], { files })
    expect({ exit, stdout, stderr }).toEqual({ exit: 2, stdout: '', stderr: expect.stringMatching(/^software-statement: .+\n$/) })
  })

  test('needs the right passphrase for an encrypted key', async () => {
    const cipher = { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'correct horse' } as const
    const pem = createPrivateKey({ key: { ...keys.p256 }, format: 'jwk' }).export(cipher)
    const encrypted = { 'key.pem': pem, 'right.txt': 'correct horse\nsecond line', 'wrong.txt': 'battery staple' }
    const exits = []
    for (const name of ['right.txt', 'wrong.txt']) {
      exits.push((await runCli(['jwks', 'key.pem', '--passphrase-file', name], { files: encrypted })).exit)
    }
    expect([...exits, (await runCli(['jwks', 'key.pem'], { files: encrypted })).exit]).toEqual([0, 2, 2])
  })
})
