import { parseStatement } from '@software-statement/core'
import {
  InvalidMetadataError,
  parseApprovalPolicy,
  prepareSoftwareStatement,
  type SignOptions,
  signSoftwareStatement,
} from '@software-statement/signer'
import { describe, expect, test, vi } from 'vitest'
import { claimsOf, headerOf, keys, mail, now, sound, verifyWithNode } from './support.js'

const day = 86_400
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

const sign = async (options: Partial<SignOptions> = {}) => claimsOf(await signSoftwareStatement(mail, { ...sound, ...options }))

describe('a signed statement', () => {
  test('has issuer, times, a random name and the metadata as it was submitted', async () => {
    const statement = await signSoftwareStatement(mail, sound)
    expect(claimsOf(statement)).toEqual({
      iss: 'https://publisher.example',
      iat: now,
      exp: now + 90 * day,
      jti: expect.stringMatching(uuid),
      ...mail,
    })
    expect(headerOf(statement)).toEqual({ alg: 'ES256', typ: 'software-statement+jwt', kid: expect.any(String) })
    expect(verifyWithNode(statement, keys.ES256)).toBe(true)
  })

  test('has another name each time', async () => {
    expect((await sign()).jti).not.toBe((await sign()).jti)
  })

  test.each<[string, Partial<SignOptions>, Record<string, unknown>]>([
    ['one audience', { audience: 'https://as.example' }, { aud: 'https://as.example' }],
    [
      'several audiences',
      { audience: ['https://a.example', 'https://b.example'] },
      { aud: ['https://a.example', 'https://b.example'] },
    ],
    ['a subject', { subject: 'https://publisher.example' }, { sub: 'https://publisher.example' }],
    ['a name', { jti: 'release-7' }, { jti: 'release-7' }],
    ['a life in words', { expiresIn: '10 minutes' }, { exp: now + 600 }],
    ['a life in seconds', { expiresIn: 7 }, { exp: now + 7 }],
    ['a life with a fraction, which is cut off', { expiresIn: 1.9 }, { exp: now + 1 }],
    ['a beginning', { notBefore: new Date((now + 60) * 1000 + 999) }, { nbf: now + 60 }],
  ])('takes %s', async (_, options, claims) => {
    expect(await sign(options)).toMatchObject(claims)
  })

  test.each(['ssa+jwt', 'JWT', 'application/software-statement+jwt'])('takes the typ %s', async (typ) => {
    expect(headerOf(await signSoftwareStatement(mail, { ...sound, typ })).typ).toBe(typ)
  })

  test('has the members of no option that was not given', async () => {
    expect(Object.keys(await sign())).not.toEqual(expect.arrayContaining(['aud']))
    expect(Object.keys(await sign())).toEqual(['iss', 'iat', 'exp', 'jti', ...Object.keys(mail)])
  })

  test('is of the time at which it is signed, unless another is given', async () => {
    const before = Math.floor(Date.now() / 1000)
    const { iat } = claimsOf(await signSoftwareStatement(mail, { issuer: sound.issuer, key: sound.key }))
    expect(Number(iat)).toBeGreaterThanOrEqual(before)
    expect(Number(iat)).toBeLessThanOrEqual(Math.floor(Date.now() / 1000))
  })

  test('reads the clock once', async () => {
    let readings = 0
    const RealDate = Date
    class CountedDate extends RealDate {
      constructor(...time: [number?]) {
        super(...((time.length === 0 ? [now * 1000] : time) as [number]))
        if (time.length === 0) readings++
      }
      static override now() {
        readings++
        return now * 1000
      }
    }
    vi.stubGlobal('Date', CountedDate)
    const approval = parseApprovalPolicy({
      approvals: [{ software_id: 'mail', approvedBy: 'a', approvedUntil: '2027-06-30T00:00:00Z', metadata_policy: {} }],
    })
    await signSoftwareStatement({ software_id: 'mail' }, { issuer: sound.issuer, key: sound.key, approval })
    vi.unstubAllGlobals()
    expect(readings).toBe(1)
  })

  test('keeps the order and the bytes of what the metadata says', async () => {
    const metadata = {
      software_id: 'mail',
      contacts: ['b@mail.example', 'a@mail.example'],
      jwks: { keys: [{ kty: 'OKP', x: 'AA' }] },
    }
    const { claims } = parseStatement(await signSoftwareStatement(metadata, sound))
    expect(JSON.stringify(claims)).toContain(JSON.stringify(metadata).slice(1, -1))
  })
})

describe('options that no statement can be made from', () => {
  test.each<[string, Record<string, unknown>]>([
    ['no issuer', { issuer: undefined }],
    ['an empty issuer', { issuer: '' }],
    ['an issuer that is blank', { issuer: ' ' }],
    ['an issuer with a blank before it', { issuer: ' https://publisher.example' }],
    ['an audience with a blank behind it', { audience: ['https://as.example '] }],
    ['an issuer that is not text', { issuer: ['https://publisher.example'] }],
    ['an issuer with a control character', { issuer: 'https://publisher.example\n' }],
    ['an issuer with a lone surrogate', { issuer: 'a\ud800' }],
    ['an issuer that is too long', { issuer: `https://${'a'.repeat(2048)}` }],
    ['no audience in a list', { audience: [] }],
    ['an empty audience', { audience: '' }],
    ['an empty audience in a list', { audience: ['https://as.example', ''] }],
    ['an audience that is not text', { audience: 5 }],
    ['an empty subject', { subject: '' }],
    ['an empty name', { jti: '' }],
    ['a name with a control character', { jti: 'a\u0000' }],
    ['no life', { expiresIn: 0 }],
    ['less than a second of life', { expiresIn: 0.9 }],
    ['a negative life', { expiresIn: -1 }],
    ['a life that is no number', { expiresIn: Number.NaN }],
    ['a life without end', { expiresIn: Number.POSITIVE_INFINITY }],
    ['a life beyond any date', { expiresIn: 1e11 }],
    ['a life in unknown words', { expiresIn: 'for ever' }],
    ['a beginning after its end', { expiresIn: 60, notBefore: new Date((now + 60) * 1000) }],
    ['a beginning that is no date', { notBefore: new Date(Number.NaN) }],
    ['a beginning that is a number', { notBefore: now }],
    ['a time that is no date', { currentDate: new Date(Number.NaN) }],
    ['a time in 1970', { currentDate: new Date(0) }],
    ['a time that is text', { currentDate: '2026-11-21' }],
    ['a typ of another kind of JWT', { typ: 'at+jwt' }],
    ['a typ of another kind of JWT, spelled in full', { typ: 'application/DPoP+JWT' }],
    ['an empty typ', { typ: '' }],
    ['a typ that is no media type', { typ: 'a b' }],
    ['an empty kid', { kid: '' }],
    ['a kid that is not printable', { kid: 'a\u200b' }],
    ['a kid that is too long', { kid: 'k'.repeat(257) }],
    ['an unknown limit', { limits: { toString: 1 } }],
    ['an approval policy that has not been read', { approval: { approvals: [] } }],
    ['an extra member that belongs to the JWT', { extraMembers: ['exp'] }],
    ['an extra member that only a server gives', { extraMembers: ['client_secret'] }],
    ['a nested statement as extra member', { extraMembers: ['software_statement'] }],
    ['an extra member that is not text', { extraMembers: [5] }],
  ])('%s', async (_, options) => {
    const given = { ...sound, ...options } as never
    await expect(signSoftwareStatement(mail, given)).rejects.toThrow(TypeError)
    await expect(prepareSoftwareStatement(mail, given)).rejects.toThrow(TypeError)
  })
})

describe('a prepared statement', () => {
  test('is what would be signed, and is not signed', async () => {
    const spy = vi.spyOn(crypto.subtle, 'sign')
    const options = { ...sound, jti: '1' }
    const prepared = await prepareSoftwareStatement(mail, options)
    expect(spy).not.toHaveBeenCalled()
    spy.mockRestore()
    const statement = await signSoftwareStatement(mail, options)
    expect(prepared.header).toEqual(headerOf(statement))
    expect(prepared.claims).toEqual(claimsOf(statement))
    expect(prepared.filled).toEqual([])
    expect(prepared).not.toHaveProperty('approvedBy')
  })

  test('comes with what a linter says', async () => {
    const rules = async (metadata: object, options = {}) =>
      (await prepareSoftwareStatement({ ...metadata }, { ...sound, ...options })).findings.map(({ rule }) => rule)
    expect(await rules({ ...mail, client_name: 'P\u0430yments' })).toContain('metadata/mixed-script-name')
    expect(await rules(mail)).not.toContain('metadata/mixed-script-name')
    const kidRules = (await rules(mail, { kid: 'k' })).filter((rule) => rule.includes('kid'))
    expect(kidRules).not.toEqual([])
    expect((await rules(mail)).filter((rule) => rule.includes('kid'))).toEqual([])
    expect(await rules(mail, { key: { ...keys.oct, alg: 'HS256' } })).toBeInstanceOf(Array)
  })
})

describe('the size of a statement', () => {
  const large = { ...mail, contacts: Array.from({ length: 900 }, (_, at) => `${'a'.repeat(40)}${at}@mail.example`) }

  test('above the limit is refused before anything is signed', async () => {
    const spy = vi.spyOn(crypto.subtle, 'sign')
    await expect(signSoftwareStatement(large, sound)).rejects.toThrow(InvalidMetadataError)
    await expect(prepareSoftwareStatement(large, sound)).rejects.toThrow(InvalidMetadataError)
    expect(spy).not.toHaveBeenCalled()
    spy.mockRestore()
  })

  test('counts the signature', async () => {
    const options = { ...sound, jti: '1' }
    const { length } = await signSoftwareStatement(mail, options)
    const limit = (statementBytes: number) => signSoftwareStatement(mail, { ...options, limits: { statementBytes } })
    await expect(limit(length)).resolves.toHaveLength(length)
    await expect(limit(length - 1)).rejects.toMatchObject({ code: 'ERR_METADATA_VALUE' })
  })

  test('counts the members of the JWT', async () => {
    const members = Object.keys(mail).length + 4
    const limit = (most: number) => signSoftwareStatement(mail, { ...sound, limits: { members: most } })
    await expect(limit(members)).resolves.toBeTypeOf('string')
    await expect(limit(members - 1)).rejects.toMatchObject({ code: 'ERR_METADATA_VALUE' })
  })
})
