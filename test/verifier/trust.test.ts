import { type Jwk, parseStatement, type StatementHeader } from '@software-statement/core'
import {
  type IssuerEntry,
  type IssuerRules,
  localKeys,
  type TrustResolver,
  trustAny,
  trustIssuers,
} from '@software-statement/verifier'
import { describe, expect, test } from 'vitest'
import { keys, publicHalf, type TestKey } from '../support/keys.js'
import { issuer, makeStatement } from '../support/make-jws.js'
import { outcomeOfPromise } from '../support/outcomes.js'
import { trustPublisher, verify } from '../support/registration.js'

const otherIssuer = 'https://other.example'
const entry = (name: string, key: TestKey, rules: IssuerRules = {}): IssuerEntry => ({
  issuer: name,
  jwks: { keys: [publicHalf(key)] },
  ...rules,
})
const outcome = (statement: string, trust: TrustResolver) => outcomeOfPromise(verify(statement, { trust }))

describe('who is trusted', () => {
  const both = trustIssuers([entry(issuer, keys.ed25519), entry(otherIssuer, keys.other)])

  test('each issuer with its own key', async () => {
    expect(await outcome(makeStatement(), both)).toBe('accepted')
    expect(await outcome(makeStatement({ claims: { iss: otherIssuer }, key: keys.other }), both)).toBe('accepted')
  })

  test('the key of one issuer does not sign for another, whatever kid it names', async () => {
    for (const kid of [keys.other.kid, keys.ed25519.kid, undefined]) {
      const statement = makeStatement({ key: keys.other, header: { kid } })
      expect(await outcome(statement, both)).toMatch(/^ERR_(KEY_NOT_FOUND|SIGNATURE_INVALID)$/)
    }
  })

  test.each([
    `${issuer}/`,
    'https://PUBLISHER.example',
    'HTTPS://publisher.example',
    'https://publisher.example:443',
    ' https://publisher.example',
    'https://publisher.example#',
    'https://publisher.example.evil.example',
    'publisher.example',
    'https://publisher%2eexample',
    'toString',
    'hasOwnProperty',
  ])('"%s" is somebody else', async (iss) => {
    expect(await outcome(makeStatement({ claims: { iss } }), both)).toBe('ERR_ISSUER_NOT_TRUSTED')
  })

  test.each<[unknown]>([[[issuer]], [{ issuer }], [null], [7], [undefined], ['']])('iss %j names nobody', async (iss) => {
    expect(await outcome(makeStatement({ claims: { iss } }), both)).toBe('ERR_ISSUER_MISSING')
  })

  test('an unknown issuer is refused before any signature is looked at, with one answer for both', async () => {
    const unknown = makeStatement({ claims: { iss: 'https://unknown.example' } })
    const broken = `${unknown.slice(0, unknown.lastIndexOf('.'))}.AAAA`
    expect(await outcome(unknown, both)).toBe('ERR_ISSUER_NOT_TRUSTED')
    expect(await outcome(broken, both)).toBe('ERR_ISSUER_NOT_TRUSTED')
  })

  test('a resolver that answers with another issuer than the statement names is not believed', async () => {
    const statement = makeStatement({ claims: { iss: otherIssuer } })
    const always: TrustResolver = async () => trustPublisher()(parseStatement(makeStatement()))
    expect(await outcome(statement, always)).toBe('ERR_ISSUER_NOT_TRUSTED')
    expect(await outcome(makeStatement(), always)).toBe('accepted')
  })

  test.each<[string, Record<string, unknown>, string]>([
    ['other keys', { jwks: { keys: [publicHalf(keys.other)] } }, 'ERR_KEY_NOT_FOUND'],
    ['distrust', { distrust: [keys.ed25519.kid] }, 'ERR_KEY_NOT_FOUND'],
    ['other algorithms', { algorithms: ['ES256'] }, 'ERR_ALGORITHM_NOT_ALLOWED'],
    ['other rules', { mayAssert: { software_id: ['other'] } }, 'ERR_SOFTWARE_ID_NOT_ALLOWED'],
    ['rules that are none', { algorithms: 'EdDSA' }, 'TypeError'],
  ])('an answer that is changed in place is read again: %s', async (_, changes, expected) => {
    for (const trusted of [entry(issuer, keys.ed25519), await trustPublisher()(parseStatement(makeStatement()))]) {
      const { jwks: _, ...others } = changes
      // As callers without types change it.
      const answer = { ...trusted } as Record<string, unknown> & Awaited<ReturnType<TrustResolver>>
      const trust: TrustResolver = async () => answer
      expect(await outcome(makeStatement(), trust)).toBe('accepted')
      Object.assign(answer, answer?.keys === undefined ? changes : others)
      if (Object.keys(answer?.keys === undefined ? changes : others).length === 0) continue
      expect(await outcome(makeStatement(), trust).catch((error: Error) => error.name)).toBe(expected)
    }
  })

  test('the rules of an answer count wherever it has them from', async () => {
    const distrusting = entry(issuer, keys.ed25519, { distrust: [keys.ed25519.kid ?? ''] })
    const inner = trustIssuers([distrusting])
    class Entry {
      issuer = issuer
      #jwks = distrusting.jwks
      get jwks() {
        return this.#jwks
      }
      exchange(jwks: typeof distrusting.jwks) {
        this.#jwks = jwks
      }
      get distrust() {
        return distrusting.distrust
      }
    }
    const of =
      (answer: unknown): TrustResolver =>
      async () =>
        answer as Awaited<ReturnType<TrustResolver>> // as callers without types do
    const read = await inner(parseStatement(makeStatement()))
    for (const answer of [
      read,
      Object.create(read ?? null),
      Object.assign(Object.create(read ?? null), { requiredClaims: ['iss'] }),
      new Entry(),
    ])
      expect(await outcome(makeStatement(), of(answer))).toBe('ERR_KEY_NOT_FOUND')

    const trusting = new Entry()
    Object.defineProperty(trusting, 'distrust', { value: [] })
    expect(await outcome(makeStatement(), of(trusting))).toBe('accepted')
    trusting.exchange({ keys: [publicHalf(keys.other)] })
    expect(await outcome(makeStatement(), of(trusting))).toBe('ERR_KEY_NOT_FOUND')
  })

  test('a rule that is taken away does not count any more', async () => {
    const answer: Record<string, unknown> = { ...entry(issuer, keys.ed25519), allowUntyped: true }
    const trust = (async () => answer) as unknown as TrustResolver // as callers without types do
    const untyped = makeStatement({ header: { typ: undefined } })
    expect(await outcome(untyped, trust)).toBe('accepted')
    delete answer.allowUntyped
    answer.certificatePath = undefined
    expect(await outcome(untyped, trust)).toBe('ERR_TYP_NOT_ACCEPTED')
  })

  test('the first resolver that answers wins', async () => {
    const strict = trustIssuers([entry(issuer, keys.ed25519, { requiredClaims: ['org_id'] })])
    expect(
      await outcome(makeStatement(), trustAny(trustIssuers([entry(otherIssuer, keys.other)]), trustPublisher(), strict)),
    ).toBe('accepted')
    expect(await outcome(makeStatement(), trustAny(strict, trustPublisher()))).toBe('ERR_CLAIM_MISSING')
    expect(await outcome(makeStatement(), trustAny())).toBe('ERR_ISSUER_NOT_TRUSTED')
  })

  test.each([undefined, null, false])('a resolver that answers %s does not keep the next one from answering', async (nothing) => {
    const none = (async () => nothing) as unknown as TrustResolver // as callers without types do
    expect(await outcome(makeStatement(), none)).toBe('ERR_ISSUER_NOT_TRUSTED')
    expect(await outcome(makeStatement(), trustAny(none, trustPublisher()))).toBe('accepted')
  })

  test('the keys of an answer may be a method', async () => {
    class Publisher {
      readonly issuer = issuer
      readonly #source = localKeys({ keys: [publicHalf(keys.ed25519)] })
      keys(header: StatementHeader) {
        return this.#source(header)
      }
    }
    expect(await outcome(makeStatement(), async () => new Publisher())).toBe('accepted')
  })

  test('resolvers say whether an issuer of theirs limits the use of statements', () => {
    expect(trustPublisher().limitsReplay).toBe(false)
    expect(trustPublisher({ replay: 'reusable' }).limitsReplay).toBe(false)
    expect(trustPublisher({ replay: 'once' }).limitsReplay).toBe(true)
    expect(trustAny(trustPublisher(), trustPublisher({ replay: 'until-exp' })).limitsReplay).toBe(true)
  })

  test('a resolver that fails is an outage, not an answer: neither yes nor no', async () => {
    for (const failure of [new Error('down'), new TypeError('fetch failed'), 'text', undefined]) {
      const failing: TrustResolver = async () => {
        throw failure
      }
      expect(await outcome(makeStatement(), failing)).toBe('ERR_KEYS_UNAVAILABLE')
      expect(await outcome(makeStatement(), trustAny(failing, trustPublisher()))).toBe('ERR_KEYS_UNAVAILABLE')
    }
  })
})

describe('what an issuer may sign with', () => {
  const rsaTrust = (rules: IssuerRules = {}, jwk: Jwk = publicHalf(keys.rsa)) =>
    trustIssuers([{ issuer, jwks: { keys: [jwk] }, ...rules }])
  const rsaStatement = (alg: string) => makeStatement({ key: keys.rsa, alg })

  test.each<[what: string, alg: string, rules: IssuerRules, code: string]>([
    ['any asymmetric algorithm of its keys', 'RS384', {}, 'accepted'],
    ['an algorithm it lists', 'PS256', { algorithms: ['PS256', 'ES256'] }, 'accepted'],
    ['no algorithm it does not list', 'RS256', { algorithms: ['PS256', 'ES256'] }, 'ERR_ALGORITHM_NOT_ALLOWED'],
  ])('%s', async (_, alg, rules, code) => {
    expect(await outcome(rsaStatement(alg), rsaTrust(rules))).toBe(code)
  })

  test('the narrower of issuer and caller wins', async () => {
    const trust = rsaTrust({ algorithms: ['PS256', 'RS256'] })
    const outcomes = ['PS256', 'RS256', 'PS512'].map((alg) =>
      outcomeOfPromise(verify(rsaStatement(alg), { trust, algorithms: ['PS256', 'PS512'] })),
    )
    expect(await Promise.all(outcomes)).toEqual(['accepted', 'ERR_ALGORITHM_NOT_ALLOWED', 'ERR_ALGORITHM_NOT_ALLOWED'])
  })

  test('a symmetric key verifies MACs only where it stands alone', async () => {
    const trust = trustIssuers([{ issuer, jwks: { keys: [keys.oct] } }])
    expect(await outcome(makeStatement({ key: keys.oct, alg: 'HS256' }), trust)).toBe('accepted')
    expect(() => trustIssuers([{ issuer, jwks: { keys: [keys.oct, publicHalf(keys.rsa)] } }])).toThrow(TypeError)
    // A digest of a shared secret would let everybody who sees it try secrets.
    expect((await verify(makeStatement({ key: keys.oct, alg: 'HS256' }), { trust })).key).toEqual({ kid: keys.oct.kid })
  })
})

describe('typ, x5c', () => {
  const untyped = makeStatement({ header: { typ: undefined } })
  const typed = (typ: string) => makeStatement({ header: { typ } })
  const chained = makeStatement({ header: { x5c: ['MIIB'] } })

  test.each<[what: string, statement: string, rules: IssuerRules, code: string]>([
    ['the typ of this project', typed('software-statement+jwt'), {}, 'accepted'],
    ['with its full media type', typed('application/Software-Statement+JWT'), {}, 'accepted'],
    ['ssa+jwt', typed('ssa+jwt'), {}, 'accepted'],
    ['jwt in lower case', typed('jwt'), {}, 'accepted'],
    ['no typ', untyped, {}, 'ERR_TYP_NOT_ACCEPTED'],
    ['no typ where that is allowed', untyped, { allowUntyped: true }, 'accepted'],
    ['a typ that is not listed', typed('JWT'), { typ: ['ssa+jwt'] }, 'ERR_TYP_NOT_ACCEPTED'],
    ['a typ of the issuer', typed('vendor+jwt'), { typ: ['vendor+jwt'] }, 'accepted'],
    ['an unknown typ', typed('vendor+jwt'), {}, 'ERR_TYP_NOT_ACCEPTED'],
    ['an empty typ', typed(''), { allowUntyped: true }, 'ERR_TYP_NOT_ACCEPTED'],
    ['another kind of token', typed('at+jwt'), { allowUntyped: true }, 'ERR_TYP_OTHER'],
    ['a certificate chain', chained, {}, 'ERR_X5C_NOT_ACCEPTED'],
    ['a certificate chain that is ignored', chained, { x5c: 'ignore' }, 'accepted'],
  ])('%s', async (_, statement, rules, code) => {
    expect(await outcome(statement, trustPublisher(rules))).toBe(code)
  })
})

describe('configuration that makes no sense is refused at once', () => {
  const good = publicHalf(keys.ed25519)
  test.each<[what: string, entries: readonly object[]]>([
    ['no key source', [{ issuer }]],
    ['two key sources', [{ issuer, jwks: { keys: [good] }, jwksUri: 'https://publisher.example/jwks' }]],
    ['an empty issuer', [{ issuer: '', jwks: { keys: [good] } }]],
    ['no issuer', [{ jwks: { keys: [good] } }]],
    ['an issuer twice', [entry(issuer, keys.ed25519), entry(issuer, keys.other)]],
    ['an unknown rule', [{ ...entry(issuer, keys.ed25519), algorithm: ['ES256'] }]],
    ['an unknown algorithm', [{ ...entry(issuer, keys.ed25519), algorithms: ['none'] }]],
    ['no algorithm', [{ ...entry(issuer, keys.ed25519), algorithms: [] }]],
    ['algorithms that fit no key', [{ ...entry(issuer, keys.ed25519), algorithms: ['RS256'] }]],
    ['the typ of another kind', [{ ...entry(issuer, keys.ed25519), typ: ['at+jwt'] }]],
    ['no typ', [{ ...entry(issuer, keys.ed25519), typ: [] }]],
    ['a clock tolerance of more than an hour', [{ ...entry(issuer, keys.ed25519), clockTolerance: '2 hours' }]],
    ['a clock tolerance without end', [{ ...entry(issuer, keys.ed25519), clockTolerance: 1e99 }]],
    ['a lifetime without end', [{ ...entry(issuer, keys.ed25519), maxLifetime: 1e99 }]],
    ['a malformed duration', [{ ...entry(issuer, keys.ed25519), maxLifetime: '90 moons' }]],
    ['a negative duration', [{ ...entry(issuer, keys.ed25519), clockTolerance: -1 }]],
    ['an unknown replay mode', [{ ...entry(issuer, keys.ed25519), replay: 'never' }]],
    ['an empty limit', [{ ...entry(issuer, keys.ed25519), mayAssert: { software_id: [] } }]],
    ['an unknown limit', [{ ...entry(issuer, keys.ed25519), mayAssert: { software_ids: ['a'] } }]],
    ['no keys', [{ issuer, jwks: { keys: [] } }]],
    ['keys that are no keys', [{ issuer, jwks: { keys: ['secret'] } }]],
    ['a PEM text', [{ issuer, jwks: '-----BEGIN PUBLIC KEY-----' }]],
    ['a private key', [{ issuer, jwks: { keys: [keys.ed25519] } }]],
    ['a private key beside a public one', [{ issuer, jwks: { keys: [good, keys.p256] } }]],
    ['a key for encryption only', [{ issuer, jwks: { keys: [{ ...good, use: 'enc' }] } }]],
    ['an RSA key of 1024 bits', [{ issuer, jwks: { keys: [publicHalf(keys.weakRsa)] } }]],
    ['an RSA key with exponent 1', [{ issuer, jwks: { keys: [{ ...publicHalf(keys.rsa), e: 'AQ' }] } }]],
    ['a short symmetric key', [{ issuer, jwks: { keys: [{ kty: 'oct', k: 'c2VjcmV0' }] } }]],
    ['keys over http', [{ issuer, jwksUri: 'http://publisher.example/jwks' }]],
    ['keys from a file', [{ issuer, jwksUri: 'file:///etc/jwks.json' }]],
    ['keys from nowhere', [{ issuer, jwksUri: 'jwks' }]],
    ['credentials in a URL', [{ issuer, jwksUri: 'https://user:pass@publisher.example/jwks' }]],
  ])('%s', (_, entries) => {
    // Configurations come from files: their types are what is tested.
    expect(() => trustIssuers(entries as readonly IssuerEntry[])).toThrow(TypeError)
  })

  test('no message holds a key', () => {
    for (const key of [keys.ed25519, keys.p256, keys.oct]) {
      const secrets = [key.d, key.k, key.x].filter((secret) => secret !== undefined)
      try {
        trustIssuers([
          { issuer, jwks: { keys: [key, good] } },
          { issuer: 'b', jwks: { keys: [{ ...key, use: 'enc' }] } },
        ])
        expect.unreachable()
      } catch (error) {
        for (const secret of secrets) expect(String(error)).not.toContain(secret)
      }
    }
  })

  test('members that a key set may have beside its keys are ignored (RFC 7517 5)', () => {
    expect(() => trustIssuers([{ issuer, jwks: { ...{ comment: 'a' }, keys: [good] } }])).not.toThrow()
  })

  test('keys for other uses may stand beside those that sign', async () => {
    const trust = trustIssuers([{ issuer, jwks: { keys: [{ ...good, use: 'enc' }, { kty: 'unknown' }, good] } }])
    expect(await outcome(makeStatement(), trust)).toBe('accepted')
  })
})
