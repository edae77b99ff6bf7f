import type { Jwk } from '@software-statement/core'
import {
  type KeyPlan,
  type PlanKeysOptions,
  planKeys,
  publicJwks,
  type RotatingKeys,
  signSoftwareStatement,
} from '@software-statement/signer'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { publicHalf, keys as testKeys } from '../support/keys.js'
import { makeJws } from '../support/make-jws.js'
import { currentDate, keys, mail, now, sound, toPem } from './support.js'

const day = 86_400
const at = (seconds: number) => new Date(seconds * 1000)

/** A statement of a key that ends a time from now, in seconds. */
const issued = (key: Jwk, seconds: number, kid?: string) => {
  const issue = { currentDate: at(now - 100 * day), expiresIn: 100 * day + seconds }
  return signSoftwareStatement(mail, { ...sound, key, ...issue, ...(kid === undefined ? {} : { kid }) })
}
const forever = (key: Jwk, kid?: string) => {
  const header = {
    alg: key.crv === 'Ed25519' ? 'EdDSA' : 'ES256',
    typ: 'software-statement+jwt',
    ...(kid === undefined ? {} : { kid }),
  }
  return makeJws({ header, payload: { iss: 'https://publisher.example', iat: now, software_id: 'mail' }, key })
}

const plan = (rotating: RotatingKeys, statements: readonly string[] = [], options: PlanKeysOptions = {}) => {
  return planKeys(rotating, statements, { currentDate, ...options })
}
const kidOf = async (key: Jwk) => String((await publicJwks([key])).keys[0]?.kid)
const steps = ({ steps: all }: KeyPlan) => all.map(({ at: time, action, role }) => [time.getTime() / 1000 - now, action, role])
const problems = ({ problems: all }: KeyPlan) => all.map(({ severity, problem, statement }) => [severity, problem, statement])

describe('a plan', () => {
  test('publishes the next key a cache lifetime before it signs, and the old one until its last statement has expired', async () => {
    const rotating = { current: [keys.ES256], next: [keys.Ed25519], retired: [publicHalf(keys.RSA)] }
    const statements = [await issued(keys.RSA, 3 * day), await issued(keys.RSA, 9 * day), await issued(keys.ES256, 80 * day)]
    const made = await plan(rotating, statements, { cacheLifetime: '2 days', clockTolerance: '5 minutes' })
    expect(steps(made)).toEqual([
      [0, 'publish', 'current'],
      [0, 'publish', 'next'],
      [0, 'publish', 'retired'],
      [2 * day, 'sign', 'next'],
      [9 * day + 300, 'withdraw', 'retired'],
    ])
    expect(made.keys).toMatchObject([
      {
        role: 'current',
        kid: await kidOf(keys.ES256),
        statements: 1,
        valid: 1,
        publish: true,
        neededUntil: at(now + 80 * day + 300),
      },
      { role: 'next', kid: await kidOf(keys.Ed25519), statements: 0, valid: 0, publish: true, signsFrom: at(now + 2 * day) },
      {
        role: 'retired',
        kid: await kidOf(keys.RSA),
        statements: 2,
        valid: 2,
        publish: true,
        neededUntil: at(now + 9 * day + 300),
      },
    ])
    expect(made.jwks).toEqual(await publicJwks([keys.ES256, keys.Ed25519, keys.RSA]))
    expect({ at: made.at, problems: made.problems }).toEqual({ at: at(now), problems: [] })
  })

  test('counts on a day of cache and a minute of clocks unless told otherwise', async () => {
    const made = await plan({ current: [keys.ES256], next: [keys.Ed25519] }, [await issued(keys.ES256, day)])
    expect(made.keys).toMatchObject([{ neededUntil: at(now + day + 60) }, { signsFrom: at(now + day) }])
  })

  test.each([
    [-61, 'withdraw', 0],
    [-60, 'withdraw', 0],
    [-59, 'publish', 1],
    [1, 'publish', 1],
  ])('a retired key whose statement ends %i seconds from now: %s', async (seconds, action, valid) => {
    const made = await plan({ current: [keys.ES256], retired: [keys.Ed25519] }, [await issued(keys.Ed25519, seconds)])
    expect(made.steps.find(({ role }) => role === 'retired')).toEqual({
      at: at(now),
      action,
      role: 'retired',
      kid: await kidOf(keys.Ed25519),
    })
    expect(made.keys[1]).toMatchObject({ statements: 1, valid, publish: action === 'publish' })
    expect(made.jwks.keys).toHaveLength(action === 'publish' ? 2 : 1)
  })

  test('a retired key without statements goes at once', async () => {
    const made = await plan({ current: [keys.ES256], retired: [keys.Ed25519] })
    expect(steps(made)).toEqual([
      [0, 'publish', 'current'],
      [0, 'withdraw', 'retired'],
    ])
    expect(made.keys[1]).not.toHaveProperty('neededUntil')
  })

  test('a statement without an end keeps its key forever, and the plan says so', async () => {
    const made = await plan({ current: [keys.ES256], retired: [keys.Ed25519] }, [
      forever(keys.Ed25519),
      await issued(keys.Ed25519, day),
    ])
    expect(made.keys[1]).toMatchObject({ neededUntil: 'forever', publish: true, valid: 2 })
    expect(made.steps.map(({ action }) => action)).not.toContain('withdraw')
    expect(problems(made)).toEqual([['warning', 'never-expires', 0]])
  })

  test('what the statements say is the same in any order', async () => {
    const statements = await Promise.all([3, 9, -4, 27, -99].map((days) => issued(keys.Ed25519, days * day)))
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray(statements, { minLength: statements.length }), async (shuffled) => {
        const made = await plan({ current: [keys.ES256], retired: [keys.Ed25519] }, shuffled)
        expect(made.keys[1]).toMatchObject({ statements: 5, valid: 3, neededUntil: at(now + 27 * day + 60) })
      }),
      { numRuns: 20 },
    )
  })

  test('reads statements one by one as they come', async () => {
    async function* stream() {
      yield await issued(keys.ES256, day)
      yield await issued(keys.ES256, 2 * day)
    }
    expect((await planKeys({ current: [keys.ES256] }, stream(), { currentDate })).keys[0]).toMatchObject({ statements: 2 })
  })

  test('needs no private key, and shows none', async () => {
    const pem = toPem(keys.ES256, { cipher: 'aes-256-cbc', passphrase: 'correct horse' })
    const made = await plan({ current: [pem], next: [keys.RSA] }, [], { passphrase: 'correct horse' })
    expect(JSON.stringify(made)).not.toMatch(/"(d|p|q|dp|dq|qi|k)":/)
  })

  test('asks no remote key', async () => {
    const publicJwk = publicHalf(keys.ES256)
    const remote = { alg: 'ES256', publicJwk, sign: async () => Promise.reject(new Error('asked')) } as const
    expect(await plan({ current: [remote] }, [await issued(keys.ES256, day)])).toMatchObject({
      keys: [{ valid: 1 }],
      problems: [],
    })
  })
})

describe('a statement that is of no key, or of another', () => {
  const rotating = { current: [keys.ES256], next: [keys.Ed25519] }

  test.each<[string, () => Promise<string> | string, readonly unknown[]]>([
    ['of a key that is not given', () => issued(keys.ES384, day), ['error', 'unknown-key', 0]],
    [
      'of a key that is not given, under the kid of one that is',
      async () => issued(keys.ES384, day, await kidOf(keys.ES256)),
      ['error', 'unknown-key', 0],
    ],
    [
      'of another key of the same kind',
      () => makeJws({ header: { alg: 'EdDSA' }, payload: { iss: 'a' }, key: testKeys.other }),
      ['error', 'unknown-key', 0],
    ],
    ['with a MAC', () => signSoftwareStatement(mail, { ...sound, key: keys.oct, alg: 'HS256' }), ['error', 'unknown-key', 0]],
    ['that names its key otherwise', () => issued(keys.ES256, day, 'renamed'), ['error', 'other-kid', 0]],
    ['that is no statement', () => 'statement', ['error', 'unreadable', 0]],
    ['that is empty', () => '', ['error', 'unreadable', 0]],
    [
      'whose exp is no number',
      () => makeJws({ header: { alg: 'EdDSA' }, payload: { iss: 'a', exp: '1' }, key: keys.Ed25519 }),
      ['error', 'unreadable', 0],
    ],
    ['of the next key, which has not signed yet', () => issued(keys.Ed25519, day), ['warning', 'signed-early', 0]],
  ])('%s is told', async (_, make, problem) => {
    expect(problems(await plan(rotating, [await make()]))).toEqual([problem])
  })

  test('is told by its place among all', async () => {
    const statements = [await issued(keys.ES256, day), await issued(keys.ES384, day), await issued(keys.ES256, day), 'x']
    expect(problems(await plan(rotating, statements))).toEqual([
      ['error', 'unknown-key', 1],
      ['error', 'unreadable', 3],
    ])
  })

  test('needs its key, whatever it calls it', async () => {
    const made = await plan({ current: [keys.ES256], retired: [keys.Ed25519] }, [await issued(keys.Ed25519, day, 'renamed')])
    expect(made.keys[1]).toMatchObject({ valid: 1, publish: true, neededUntil: at(now + day + 60) })
  })

  test('is no problem where it has expired', async () => {
    const statements = [
      await issued(keys.ES256, -day, 'renamed'),
      await issued(keys.ES384, -day),
      await issued(keys.Ed25519, -day),
    ]
    expect(problems(await plan(rotating, statements))).toEqual([])
  })

  test('without a kid is put to the key that made it', async () => {
    const made = await plan({ current: [keys.ES256, keys.Ed25519] }, [forever(keys.Ed25519), forever(keys.ES256)])
    expect(made.keys).toMatchObject([{ statements: 1 }, { statements: 1 }])
  })

  test('does not repeat the statement', async () => {
    const statement = await issued(keys.ES384, day)
    const said = JSON.stringify((await plan(rotating, [statement, `${statement}.x`])).problems)
    for (const segment of statement.split('.')) expect(said).not.toContain(segment.slice(0, 20))
  })
})

describe('a plan is refused', () => {
  test.each<[string, unknown, object]>([
    ['without a current key', { current: [] }, {}],
    ['without keys', {}, {}],
    ['for a key that is current and retired', { current: [keys.ES256], retired: [publicHalf(keys.ES256)] }, {}],
    ['for two keys with one kid', { current: [{ ...keys.ES256, kid: 'a' }], next: [{ ...keys.RSA, kid: 'a' }] }, {}],
    ['for a symmetric key', { current: [keys.oct] }, {}],
    ['for a retired symmetric key', { current: [keys.ES256], retired: [{ ...keys.oct, kid: 'a' }] }, {}],
    ['for something that is no key', { current: [{}] }, {}],
    ['with a cache lifetime that is none', { current: [keys.ES256] }, { cacheLifetime: 'long' }],
    ['with a clock tolerance that is none', { current: [keys.ES256] }, { clockTolerance: -1 }],
    ['at a time that is none', { current: [keys.ES256] }, { currentDate: new Date(Number.NaN) }],
  ])('%s', async (_, rotating, options) => {
    await expect(plan(rotating as RotatingKeys, [], options)).rejects.toThrow(TypeError)
  })
})
