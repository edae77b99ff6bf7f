import {
  createDecider,
  type DecisionOptions,
  memoryStatementCache,
  type StatementCache,
  type TrustedIssuer,
  trustIssuers,
} from '@software-statement/verifier'
import { describe, expect, test } from 'vitest'
import { VerificationKey } from '../../packages/verifier/src/keys/verification-key.js'
import { keys, publicHalf, type TestKey } from '../support/keys.js'
import { audience, issuer, makeStatement, now } from '../support/make-jws.js'
import { outcomeOfPromise } from '../support/outcomes.js'
import { approval, at, codeOf, trustPublisher, verify } from '../support/registration.js'

/** A key that counts how often it is asked to verify. */
class CountingKey extends VerificationKey {
  verifications = 0
  override async verify(jws: Parameters<VerificationKey['verify']>[0]): Promise<boolean> {
    this.verifications++
    return super.verify(jws)
  }
}

/** An issuer whose current keys and rules can be changed. */
function publisher(key: TestKey = keys.ed25519) {
  const first = new CountingKey(publicHalf(key))
  const entry = { issuer, keys: async () => current.keys }
  const current: { keys: readonly VerificationKey[]; entry: TrustedIssuer } = { keys: [first], entry }
  return { first, current, trust: async () => current.entry }
}

const statement = makeStatement()

describe('a statement seen before', () => {
  test('is verified once, and decided on like the first time', async () => {
    const { first, trust } = publisher()
    const decide = createDecider(trust, { audience, cache: memoryStatementCache() })
    const decisions = []
    for (let i = 0; i < 3; i++) {
      decisions.push(await approval(decide({ software_statement: statement, scope: 'openid' }, { currentDate: at(now) })))
    }
    expect(first.verifications).toBe(1)
    expect(decisions[1]).toEqual(decisions[0])
    expect(decisions[2]).toEqual(decisions[0])
  })

  test('without a cache, and with another one, it is verified again', async () => {
    const { first, trust } = publisher()
    const cache = memoryStatementCache()
    await verify(statement, { trust })
    await verify(statement, { trust, cache })
    await verify(statement, { trust, cache: memoryStatementCache() })
    expect(first.verifications).toBe(3)
  })

  test('limits that are the same let it be known, each time they are given', async () => {
    const { first, trust } = publisher()
    const cache = memoryStatementCache()
    for (let i = 0; i < 3; i++) await verify(statement, { trust, cache, limits: { depth: 8 } })
    expect(first.verifications).toBe(1)
    await verify(statement, { trust, cache, limits: { depth: 9 } })
    expect(first.verifications).toBe(2)
  })

  test('a key that is damaged changes nothing', async () => {
    const { x: _, ...damaged } = publicHalf(keys.ed25519)
    const { kid: __, ...nameless } = damaged
    for (const broken of [damaged, nameless]) {
      const { current, trust } = publisher()
      const cache = memoryStatementCache()
      const known = () => outcomeOfPromise(verify(statement, { trust, cache }))
      expect(await known()).toBe('accepted')
      current.keys = [new VerificationKey(broken)]
      const unknown = await outcomeOfPromise(verify(statement, { trust }))
      expect(unknown).toMatch(/^ERR_/)
      expect(await known()).toBe(unknown)
    }
  })

  test('every byte counts', async () => {
    const { trust } = publisher()
    const cache = memoryStatementCache()
    await verify(statement, { trust, cache })
    for (const at of [statement.length - 10, statement.length - 1, 20, statement.indexOf('.') + 9]) {
      const changed = statement.slice(0, at) + (statement[at] === 'A' ? 'B' : 'A') + statement.slice(at + 1)
      expect(await outcomeOfPromise(verify(changed, { trust, cache }))).toMatch(/^ERR_/)
    }
    for (const changed of [` ${statement}`, `${statement}\n`, `${statement}=`]) {
      expect(await outcomeOfPromise(verify(changed, { trust, cache }))).toBe('ERR_STATEMENT_BASE64URL')
    }
  })

  test('a failure is not remembered', async () => {
    const { first, trust } = publisher()
    const cache = memoryStatementCache()
    const forged = `${statement.slice(0, -8)}AAAAAAAA`
    for (let i = 0; i < 2; i++) expect(await outcomeOfPromise(verify(forged, { trust, cache }))).toBe('ERR_SIGNATURE_INVALID')
    expect(first.verifications).toBe(2)
    const late = at(now + 4000)
    for (let i = 0; i < 2; i++) {
      expect(await outcomeOfPromise(verify(statement, { trust, cache, currentDate: late }))).toBe('ERR_EXPIRED')
    }
    expect(first.verifications).toBe(4)
  })

  test('a cache that fails is passed over', async () => {
    const broken = () => {
      throw new Error('down')
    }
    for (const fail of [broken, async () => broken(), async () => null as never]) {
      const { first, trust } = publisher()
      const cache: StatementCache = { find: fail, remember: fail }
      for (let i = 0; i < 2; i++) await verify(statement, { trust, cache })
      expect(first.verifications).toBe(2)
    }
  })

  test('the oldest are forgotten when there are too many', async () => {
    const { first, trust } = publisher()
    const cache = memoryStatementCache({ max: 2 })
    const statements = ['a', 'b', 'c'].map((jti) => makeStatement({ claims: { jti } }))
    for (const each of statements) await verify(each, { trust, cache })
    await verify(statements[2] ?? '', { trust, cache })
    expect(first.verifications).toBe(3)
    await verify(statements[0] ?? '', { trust, cache })
    expect(first.verifications).toBe(4)
  })

  test.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])('a cache for %d statements is none', (max) => {
    expect(() => memoryStatementCache({ max })).toThrow(TypeError)
  })
})

describe('what is looked at every time', () => {
  /** The outcome for a statement that has been approved, after a change of circumstances. */
  async function again(options: DecisionOptions & { readonly at?: number } = {}, first: DecisionOptions = {}) {
    const cache = memoryStatementCache()
    const trust = trustPublisher({ replay: 'reusable' })
    const { at: time = now, ...others } = options
    await approval(
      createDecider(trust, { audience, cache, ...first })({ software_statement: statement }, { currentDate: at(now) }),
    )
    const request = { software_statement: statement, scope: 'openid' }
    return codeOf(createDecider(trust, { audience, cache, ...others })(request, { currentDate: at(time) }))
  }

  test.each<[what: string, options: DecisionOptions & { readonly at?: number }, outcome: string]>([
    ['nothing has changed', {}, 'approved'],
    ['it has expired', { at: now + 4000 }, 'ERR_EXPIRED'],
    ['the clock was wrong', { at: now - 4000 }, 'ERR_ISSUED_IN_FUTURE'],
    ['its age is limited', { maxTokenAge: 10, clockTolerance: 0 }, 'ERR_TOO_OLD'],
    ['a claim is required', { requiredClaims: ['org_id'] }, 'ERR_CLAIM_MISSING'],
    ['its algorithm is not allowed', { algorithms: ['ES256'] }, 'ERR_ALGORITHM_NOT_ALLOWED'],
    ['it has been revoked', { status: async () => 'revoked' }, 'ERR_STATEMENT_REVOKED'],
    ['the merge is refused', { merge: { scope: 'ceiling' } }, 'ERR_MERGE_CONFLICT'],
    ['the policy is broken', { metadata_policy: { scope: { one_of: ['x'] } } }, 'ERR_POLICY_VIOLATION'],
    ['limits are narrower', { limits: { statementBytes: 100 } }, 'ERR_STATEMENT_TOO_LARGE'],
    ['limits inside it are narrower', { limits: { members: 5 } }, 'ERR_STATEMENT_LIMIT'],
  ])('%s', async (_, options, outcome) => {
    expect(await again(options)).toBe(outcome)
  })

  test('the audience', async () => {
    const cache = memoryStatementCache()
    const named = makeStatement({ claims: { aud: audience } })
    const trust = trustPublisher()
    expect(await outcomeOfPromise(verify(named, { trust, cache }))).toBe('accepted')
    expect(await outcomeOfPromise(verify(named, { trust, cache, audience: 'https://b.example' }))).toBe('ERR_AUDIENCE_MISMATCH')
  })

  test('earlier use', async () => {
    const uses = new Set<string>()
    const seen = {
      consume: async ({ jti }: { readonly jti: string }) => {
        const answer = uses.has(jti) ? 'seen' : 'first'
        uses.add(jti)
        return answer as 'seen' | 'first'
      },
    }
    const decide = createDecider(trustPublisher({ replay: 'once' }), { audience, cache: memoryStatementCache(), seen })
    expect(await codeOf(decide({ software_statement: statement }, { currentDate: at(now) }))).toBe('approved')
    expect(await codeOf(decide({ software_statement: statement }, { currentDate: at(now) }))).toBe('ERR_REPLAYED')
  })
})

describe('the key', () => {
  test('that was taken away no longer counts', async () => {
    const { current, trust } = publisher()
    const cache = memoryStatementCache()
    await verify(statement, { trust, cache })
    current.keys = [new VerificationKey(publicHalf(keys.other))]
    expect(await outcomeOfPromise(verify(statement, { trust, cache }))).toBe('ERR_KEY_NOT_FOUND')
    current.keys = []
    expect(await outcomeOfPromise(verify(statement, { trust, cache }))).toBe('ERR_KEY_NOT_FOUND')
  })

  test('that was replaced under the same kid no longer counts', async () => {
    const { current, trust } = publisher()
    const cache = memoryStatementCache()
    await verify(statement, { trust, cache })
    current.keys = [new VerificationKey({ ...publicHalf(keys.other), kid: keys.ed25519.kid })]
    expect(await outcomeOfPromise(verify(statement, { trust, cache }))).toBe('ERR_SIGNATURE_INVALID')
  })

  test('that was published anew, as the same key, still counts', async () => {
    const { current, trust } = publisher()
    const cache = memoryStatementCache()
    await verify(statement, { trust, cache })
    const anew = new CountingKey(publicHalf(keys.ed25519))
    current.keys = [new VerificationKey(publicHalf(keys.other)), anew]
    await verify(statement, { trust, cache })
    expect(anew.verifications).toBe(0)
  })

  test('that now stands there twice is ambiguous', async () => {
    const { current, trust, first } = publisher()
    const cache = memoryStatementCache()
    await verify(statement, { trust, cache })
    current.keys = [first, new VerificationKey({ ...publicHalf(keys.other), kid: keys.ed25519.kid })]
    expect(await outcomeOfPromise(verify(statement, { trust, cache }))).toBe('ERR_KEY_AMBIGUOUS')
  })

  test('that may no longer verify with this algorithm does not count', async () => {
    const { current, trust } = publisher()
    const cache = memoryStatementCache()
    await verify(statement, { trust, cache })
    current.keys = [new VerificationKey({ ...publicHalf(keys.ed25519), use: 'enc' })]
    expect(await outcomeOfPromise(verify(statement, { trust, cache }))).toBe('ERR_KEY_NOT_FOUND')
  })

  test('of another entry for the same issuer is not taken for its own', async () => {
    const cache = memoryStatementCache()
    await verify(statement, { trust: trustPublisher(), cache })
    const other = trustIssuers([{ issuer, jwks: { keys: [{ ...publicHalf(keys.other), kid: keys.ed25519.kid }] } }])
    expect(await outcomeOfPromise(verify(statement, { trust: other, cache }))).toBe('ERR_SIGNATURE_INVALID')
    const narrow = trustPublisher({ mayAssert: { software_id: ['other'] } })
    expect(await outcomeOfPromise(verify(statement, { trust: narrow, cache }))).toBe('ERR_SOFTWARE_ID_NOT_ALLOWED')
  })
})

test('another entry verifies for itself, even with the same key', async () => {
  const { first, current, trust } = publisher()
  const cache = memoryStatementCache()
  await verify(statement, { trust, cache })
  current.entry = { ...current.entry, audiencePolicy: 'ignore' }
  await verify(statement, { trust, cache })
  expect(first.verifications).toBe(2)
  await verify(statement, { trust, cache })
  expect(first.verifications).toBe(2)
})

test('what is known already is not written down again', async () => {
  const memory = memoryStatementCache()
  let written = 0
  const cache: StatementCache = {
    find: memory.find,
    remember: async (known) => {
      written++
      await memory.remember(known)
    },
  }
  const trust = trustPublisher()
  for (let i = 0; i < 3; i++) await verify(statement, { cache, trust })
  expect(written).toBe(1)
})

test('what a decision holds of a remembered statement cannot be changed for the next one', async () => {
  const decide = createDecider(trustPublisher(), { audience, cache: memoryStatementCache() })
  for (let i = 0; i < 3; i++) {
    const { metadata, statement: registered } = await approval(
      decide({ software_statement: statement }, { currentDate: at(now) }),
    )
    expect(metadata.redirect_uris).toEqual(['https://mail.example/cb'])
    // What types forbid is tried all the same.
    expect(() => (metadata.redirect_uris as string[]).push('https://evil.example/')).toThrow(TypeError)
    expect(() => Object.assign(registered?.claims ?? {}, { iss: 'https://evil.example' })).toThrow(TypeError)
    expect(() => Object.assign(registered?.header ?? {}, { kid: 'evil' })).toThrow(TypeError)
  }
})
