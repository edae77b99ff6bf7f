import { type JsonObject, type SignatureAlgorithm, signatureAlgorithms } from '@software-statement/core'
import { signSoftwareStatement } from '@software-statement/signer'
import { type TrustResolver, trustIssuers } from '@software-statement/verifier'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { keys, publicHalf, type TestKey } from '../support/keys.js'
import { audience, issuer, makeStatement, now } from '../support/make-jws.js'
import { outcomeOfPromise } from '../support/outcomes.js'
import { at, trustPublisher, verify } from '../support/registration.js'

const keyFor = (alg: SignatureAlgorithm): TestKey => {
  if (alg === 'ES256') return keys.p256
  if (alg === 'ES384') return keys.p384
  if (alg === 'ES512') return keys.p521
  if (alg.startsWith('HS')) return keys.oct
  return alg.startsWith('Ed') ? keys.ed25519 : keys.rsa
}

const word = fc.stringMatching(/^[A-Za-z][A-Za-z0-9]{0,15}$/)
const path = fc.stringMatching(/^[a-z0-9]{1,8}$/)
const metadata = fc.record(
  {
    software_id: word,
    software_version: word,
    client_name: fc.stringMatching(/^[A-Z][a-z]{1,12} [\u00e0-\u00f6\u0430-\u044f\u3042-\u3093]{0,6}[a-z]$/),
    'client_name#ja': fc.stringMatching(/^[\u3042-\u3093]{1,10}$/),
    redirect_uris: fc.uniqueArray(
      path.map((given) => `https://mail.example/${given}`),
      { minLength: 1, maxLength: 5 },
    ),
    scope: fc.uniqueArray(word, { minLength: 1, maxLength: 4 }).map((tokens) => tokens.join(' ')),
    contacts: fc.array(
      word.map((name) => `${name}@mail.example`),
      { maxLength: 3 },
    ),
    default_max_age: fc.nat(),
    require_auth_time: fc.boolean(),
  },
  { requiredKeys: ['software_id'] },
)

const trustIn = (key: TestKey): TrustResolver => trustIssuers([{ issuer, jwks: { keys: [publicHalf(key)] } }])

describe('what is signed', () => {
  test.each([...signatureAlgorithms])('%s: is verified, and comes out as it went in', async (alg) => {
    const key = keyFor(alg)
    await fc.assert(
      fc.asyncProperty(metadata, async (given) => {
        const vouched: JsonObject = { ...given }
        const statement = await signSoftwareStatement(vouched, { issuer, key, alg, audience, currentDate: at(now) })
        const verified = await verify(statement, { trust: trustIn(key) })
        expect(verified.metadata).toEqual(vouched)
        expect(verified.header).toMatchObject({ alg, typ: 'software-statement+jwt', kid: key.kid })
        expect(verified.claims).toMatchObject({ iss: issuer, aud: audience, iat: now, exp: now + 90 * 86_400 })
        expect(verified.unknownMembers).toEqual([])
      }),
      { numRuns: 8 },
    )
  })
})

describe('a statement that is changed', () => {
  const others = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=+/ ~\u00e9'

  test.each(['ES256', 'ES384', 'ES512', 'PS256', 'RS256', 'EdDSA', 'HS256'] as const)(
    '%s: by one character, anywhere, is refused',
    async (alg) => {
      const key = keyFor(alg)
      const statement = makeStatement({ key, alg })
      const trust = trustIn(key)
      const change = fc
        .tuple(fc.nat(statement.length - 1), fc.constantFrom(...others))
        .filter(([place, other]) => statement[place] !== other)
      expect(await outcomeOfPromise(verify(statement, { trust }))).toBe('accepted')
      await fc.assert(
        fc.asyncProperty(change, async ([place, other]) => {
          const changed = statement.slice(0, place) + other + statement.slice(place + 1)
          expect(await outcomeOfPromise(verify(changed, { trust }))).toMatch(/^ERR_/)
        }),
        { numRuns: 300 },
      )
    },
  )

  test('by one bit, anywhere, is refused', async () => {
    const statement = Buffer.from(makeStatement())
    for (let bit = 0; bit < statement.length * 8; bit++) {
      const changed = Buffer.from(statement)
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      expect(await outcomeOfPromise(verify(changed.toString('latin1'), { trust: trustPublisher() }))).toMatch(/^ERR_/)
    }
  })

  test('by a character that is added or lost is refused', async () => {
    const statement = makeStatement()
    for (let place = 0; place <= statement.length; place++) {
      const added = `${statement.slice(0, place)}A${statement.slice(place)}`
      const lost = statement.slice(0, place) + statement.slice(place + 1)
      expect(await outcomeOfPromise(verify(added))).toMatch(/^ERR_/)
      if (place < statement.length) expect(await outcomeOfPromise(verify(lost))).toMatch(/^ERR_/)
    }
  })

  test('by taking a part of another sound statement is refused', async () => {
    const one = makeStatement().split('.')
    const two = makeStatement({ claims: { client_name: 'Other' }, header: { typ: 'JWT' } }).split('.')
    for (let choice = 1; choice < 7; choice++) {
      const mixed = one.map((part, index) => ((choice >> index) & 1 ? (two[index] ?? '') : part)).join('.')
      expect(await outcomeOfPromise(verify(mixed))).toBe('ERR_SIGNATURE_INVALID')
    }
  })
})
