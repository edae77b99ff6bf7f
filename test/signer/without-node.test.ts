import { createPrivateKey } from 'node:crypto'
import { describe, expect, test, vi } from 'vitest'
import { keys, mail, sound, toCryptoKey, toPem, verifyWithNode } from './support.js'

const passphrase = 'correct horse'
const pem = toPem(keys.ES256)
const encrypted = toPem(keys.ES256, { cipher: 'aes-256-cbc', passphrase })
const extractable = await toCryptoKey(keys.ES256, 'ES256', true)
const kept = await toCryptoKey(keys.ES256, 'ES256', false)
const mac = await toCryptoKey(keys.oct, 'HS256', false)

vi.doMock('node:crypto', () => {
  throw new Error('there is no node:crypto here')
})
vi.resetModules()
const { signSoftwareStatement } = await import('@software-statement/signer')

describe('in a runtime without node:crypto', () => {
  test.each([
    ['a JWK', keys.ES256],
    ['PEM', pem],
    ['an extractable CryptoKey', extractable],
  ])('%s signs', async (_, key) => {
    expect(verifyWithNode(await signSoftwareStatement(mail, { ...sound, key }), keys.ES256)).toBe(true)
  })

  test('a symmetric CryptoKey that is not extractable signs', async () => {
    expect(verifyWithNode(await signSoftwareStatement(mail, { ...sound, key: mac }), keys.oct)).toBe(true)
  })

  test.each([
    ['an encrypted PEM', encrypted],
    ['a KeyObject', createPrivateKey(pem)],
    ['a CryptoKey that is not extractable', kept],
  ])('%s is refused with a hint', async (_, key) => {
    const signing = signSoftwareStatement(mail, { ...sound, key, passphrase })
    await expect(signing).rejects.toThrow(TypeError)
    await expect(signing).rejects.toThrow(/node:crypto/)
  })
})
