import { InvalidStatementError } from '@software-statement/core'
import { type Jwk, type KeySource, remoteKeys, type TrustResolver, trustIssuers, verifyJws } from '@software-statement/verifier'
import { describe, expect, test } from 'vitest'
import { header, json, respond, serve, uri } from '../../support/key-server.js'
import { keys, publicHalf, type TestKey } from '../../support/keys.js'
import { issuer, makeJws, makeStatement } from '../../support/make-jws.js'
import { outcomeOfPromise } from '../../support/outcomes.js'
import { verify } from '../../support/registration.js'

const { ed25519, other, p256 } = keys
const named = (key: TestKey, kid?: string): Jwk => {
  const { kid: _, ...nameless } = publicHalf(key)
  return kid === undefined ? nameless : { ...nameless, kid }
}
const sign = (key: TestKey, kid?: string) => {
  const alg = key.kty === 'EC' ? 'ES256' : 'EdDSA'
  return makeJws({ header: { alg, ...(kid === undefined ? {} : { kid }) }, payload: {}, key, alg })
}

/** Keys that a server publishes, for an hour at a time; the clock is set by hand. */
function open(...first: readonly Jwk[]) {
  let seconds = 1_800_000_000
  let published: readonly Jwk[] | undefined = first
  const { fetch, requests } = serve(() =>
    published === undefined
      ? respond(null, { status: 500 })
      : respond(JSON.stringify({ keys: published }), { headers: { ...json, 'cache-control': 'max-age=3600' } }),
  )
  const now = () => new Date(seconds * 1000)
  const source = remoteKeys(uri, { fetch, now })
  return {
    source,
    requests,
    trust: trustIssuers([{ issuer, jwksUri: uri }], { fetch, now }),
    check: (jws: string) => outcomeOfPromise(verifyJws(jws, source)),
    publish: (...later: readonly Jwk[]) => {
      published = later
    },
    fail: () => {
      published = undefined
    },
    pass: (more: number) => {
      seconds += more
    },
  }
}

describe('a set that is fresh is asked for again', () => {
  test.each<[what: string, held: readonly Jwk[], jws: string, published: readonly Jwk[]]>([
    ['for a new kid beside a key without one', [named(ed25519)], sign(other, 'b'), [named(ed25519), named(other, 'b')]],
    ['for a new key where neither keys nor statements have a kid', [named(ed25519)], sign(other), [named(other)]],
    ['for a new key without a kid beside old ones', [named(ed25519, 'a')], sign(other), [named(ed25519), named(other)]],
    ['for a new key under the kid of the old', [named(ed25519, 'a')], sign(other, 'a'), [named(other, 'a')]],
    ['for a new kind of key under the kid of the old', [named(ed25519, 'a')], sign(p256, 'a'), [named(p256, 'a')]],
    ['where two keys had one kid', [named(ed25519, 'a'), named(other, 'a')], sign(ed25519, 'a'), [named(ed25519, 'a')]],
  ])('%s', async (_, held, jws, published) => {
    const { source, requests, check, publish } = open(...held)
    await source(header('a'))
    publish(...published)
    expect(await check(jws)).toBe('accepted')
    expect(requests).toHaveLength(2)
    expect(await check(jws)).toBe('accepted')
    expect(requests).toHaveLength(2)
  })

  test('in a whole verification as well', async () => {
    const { requests, trust, publish } = open(named(ed25519))
    expect(await outcomeOfPromise(verify(makeStatement(), { trust }))).toBe('accepted')
    publish(named(ed25519), publicHalf(other))
    expect(await outcomeOfPromise(verify(makeStatement({ key: other }), { trust }))).toBe('accepted')
    expect(requests).toHaveLength(2)
  })

  test('but not for a statement that its own question has brought a set for', async () => {
    const { requests, check } = open(named(ed25519, 'a'), named(ed25519))
    expect(await check(sign(other, 'a'))).toBe('ERR_SIGNATURE_INVALID')
    expect(requests).toHaveLength(1)
    expect(await open(named(ed25519)).check(sign(other, 'unknown'))).toBe('ERR_SIGNATURE_INVALID')
  })

  test('but not for one that a key without a kid verifies, whatever its kid is', async () => {
    const { requests, check } = open(named(ed25519))
    for (const kid of ['a', 'b', 'c', 'd', undefined]) expect(await check(sign(ed25519, kid))).toBe('accepted')
    expect(requests).toHaveLength(1)
  })

  test('and what has not changed is not tried again', async () => {
    const { source, requests } = open(named(ed25519, 'a'), named(other))
    await source(header('a'))
    const attempts = source.attempts?.(header('a'))
    expect(await attempts?.next()).toMatchObject({ done: false, value: [{ kid: 'a' }, { kid: undefined }] })
    expect(await attempts?.next()).toEqual({ done: true, value: undefined })
    expect(requests).toHaveLength(2)
  })

  test('and what has only lost a key is tried again', async () => {
    const { source, publish } = open(named(ed25519, 'a'), named(other))
    await source(header('a'))
    publish(named(other))
    const attempts = source.attempts?.(header('a'))
    await attempts?.next()
    expect(await attempts?.next()).toMatchObject({ done: false, value: [{ kid: undefined }] })
  })
})

describe('bad signatures, all day long,', () => {
  test.each([
    ['under a kid that is held', 'a', 'ERR_SIGNATURE_INVALID'],
    ['under a kid that nobody knows', 'unknown', 'ERR_KEYS_UNAVAILABLE'],
    ['without a kid', undefined, 'ERR_KEYS_UNAVAILABLE'],
  ])('%s make two requests in a cool-down, and are accepted by nobody', async (_, kid, otherwise) => {
    const { requests, check, pass } = open(named(ed25519, 'a'), named(ed25519))
    expect(await check(sign(ed25519, 'a'))).toBe('accepted')
    for (let hour = 0; hour < 3; hour++) {
      const before = requests.length
      const outcomes: string[] = []
      for (let count = 0; count < 5; count++) {
        outcomes.push(await check(sign(other, kid)))
        expect(await check(sign(ed25519, 'a'))).toBe('accepted')
        pass(1)
      }
      expect(outcomes).toEqual(['ERR_SIGNATURE_INVALID', 'ERR_SIGNATURE_INVALID', otherwise, otherwise, otherwise])
      expect(requests).toHaveLength(before + 2)
      pass(30)
    }
  })

  test('a thousand at once make one request, and all of them get an answer', async () => {
    const { source, requests, check } = open(named(ed25519, 'a'), named(ed25519))
    await source(header('a'))
    const kids = ['a', 'unknown', undefined]
    const outcomes = await Promise.all(Array.from({ length: 1000 }, (_, index) => check(sign(other, kids[index % 3]))))
    expect(new Set(outcomes)).toEqual(new Set(['ERR_SIGNATURE_INVALID']))
    expect(requests).toHaveLength(2)
  })

  test('leave a server alone that fails, and take no key away', async () => {
    const { source, requests, check, fail, pass } = open(named(ed25519, 'a'), named(ed25519))
    await source(header('a'))
    fail()
    for (const later of [0, 0, 29]) {
      pass(later)
      expect(await check(sign(other, 'a'))).toBe('ERR_SIGNATURE_INVALID')
      expect(await check(sign(other))).toBe('ERR_KEYS_UNAVAILABLE')
      expect(await check(sign(other, 'unknown'))).toBe('ERR_KEYS_UNAVAILABLE')
      expect(await check(sign(ed25519, 'a'))).toBe('accepted')
      expect(requests).toHaveLength(2)
    }
    pass(1)
    expect(await check(sign(other, 'a'))).toBe('ERR_SIGNATURE_INVALID')
    expect(requests).toHaveLength(3)
  })
})

describe('a key source of the caller', () => {
  const none: KeySource = Object.assign(async () => [], { attempts: async function* () {} })

  test('that has no keys to try refuses', async () => {
    expect(await outcomeOfPromise(verifyJws(sign(ed25519), none))).toBe('ERR_KEY_NOT_FOUND')
  })

  test('is asked once where it has one answer only', async () => {
    let asked = 0
    const source: KeySource = async () => {
      asked++
      return []
    }
    expect(await outcomeOfPromise(verifyJws(sign(ed25519), source))).toBe('ERR_KEY_NOT_FOUND')
    expect(asked).toBe(1)
  })

  test('that fails at its second answer is an outage, and not a refusal', async () => {
    const fault = new TypeError('fetch failed')
    const attempts = async function* () {
      yield []
      throw fault
    }
    const source: KeySource = Object.assign(async () => [], { attempts })
    await expect(verifyJws(sign(ed25519), source)).rejects.toBe(fault)
    const trust = async () => ({ issuer, keys: source })
    await expect(verify(makeStatement(), { trust })).rejects.toMatchObject({ code: 'ERR_KEYS_UNAVAILABLE', cause: fault })
  })

  test.each<[what: string, answer: unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['a JWK Set', { keys: [publicHalf(ed25519)] }],
    ['JWKs', [publicHalf(ed25519)]],
    ['a set', new Set()],
    ['nulls', [null]],
  ])('that answers with %s is out of order', async (_, answer) => {
    const once = async () => answer
    const attempts = async function* () {
      yield answer
    }
    for (const source of [once, Object.assign(once, { attempts }), Object.assign(once, { attempts: () => answer })]) {
      const trust = (async () => ({ issuer, keys: source })) as unknown as TrustResolver // as callers without types do
      await expect(verify(makeStatement(), { trust })).rejects.toMatchObject({ code: 'ERR_KEYS_UNAVAILABLE' })
    }
  })

  test('that fails before its first answer is an outage', async () => {
    const attempts = () => {
      throw new Error('down')
    }
    const trust = async () => ({ issuer, keys: Object.assign(async () => [], { attempts }) })
    await expect(verify(makeStatement(), { trust })).rejects.toMatchObject({ code: 'ERR_KEYS_UNAVAILABLE' })
  })

  test('is asked no second time for what is no refusal', async () => {
    const broken = new Error('broken')
    const key = { algorithms: ['EdDSA'], kid: undefined, verify: () => Promise.reject(broken) }
    const attempts = async function* () {
      yield [key]
      throw new InvalidStatementError('ERR_SIGNATURE_INVALID', 'it is asked again')
    }
    // A key of its own making: nothing but the type keeps callers from it.
    const source = Object.assign(async () => [key], { attempts }) as unknown as KeySource
    await expect(verifyJws(sign(ed25519), source)).rejects.toBe(broken)
  })
})
