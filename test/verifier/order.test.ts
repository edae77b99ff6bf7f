import { type IssuerRules, type TrustResolver, trustIssuers } from '@software-statement/verifier'
import { describe, expect, test } from 'vitest'
import { keys, publicHalf, type TestKey } from '../support/keys.js'
import { audience, issuer, makeJws, makeStatement, now } from '../support/make-jws.js'
import { at, codeOf, type DecideOptions, decide } from '../support/registration.js'

/** A request in which every stage would find a fault, and a repair for each, the earliest stage first. */
interface Parts {
  readonly body: (members: object) => string
  readonly header: Readonly<Record<string, unknown>>
  readonly claims: Readonly<Record<string, unknown>>
  readonly key: TestKey
  readonly members: Readonly<Record<string, unknown>>
  readonly options: DecideOptions
}

const trust = (rules: IssuerRules = {}): TrustResolver => {
  const jwks = { keys: [publicHalf(keys.ed25519), publicHalf(keys.p256)] }
  const mayAssert = { software_id: ['mail'] }
  return trustIssuers([{ issuer, jwks, replay: 'until-exp', requiredClaims: ['org_id'], mayAssert, ...rules }])
}
const seenBefore = { consume: async () => 'seen' as const }

const broken: Parts = {
  body: (members) => `${JSON.stringify(members).slice(0, -1)},"scope":"a","scope":"b"}`,
  header: { typ: 'at+jwt' },
  claims: {
    iss: 'https://other.example',
    client_secret: 'x',
    exp: now - 3600,
    aud: 'https://other.example',
    software_id: 'calendar',
    client_name: 5,
  },
  key: keys.other,
  members: { client_uri: 5, contacts: ['a'] },
  options: {
    trust: trust({ algorithms: ['ES256'], typ: ['vendor+jwt'] }),
    status: async () => 'revoked',
    merge: { contacts: 'ceiling' },
    metadata_policy: { logo_uri: { essential: true } },
    seen: seenBefore,
  },
}

const claims = (changes: object) => (parts: Parts) => ({ ...parts, claims: { ...parts.claims, ...changes } })
const options = (changes: DecideOptions) => (parts: Parts) => ({ ...parts, options: { ...parts.options, ...changes } })
const members = (changes: object) => (parts: Parts) => ({ ...parts, members: { ...parts.members, ...changes } })

const repairs: readonly (readonly [found: string, repair: (parts: Parts) => Parts])[] = [
  ['ERR_REQUEST_DUPLICATE_MEMBER', (parts) => ({ ...parts, body: (given) => JSON.stringify(given) })],
  ['ERR_TYP_OTHER', (parts) => ({ ...parts, header: {} })],
  ['ERR_ISSUER_NOT_TRUSTED', claims({ iss: 'https://publisher.example' })],
  ['ERR_ALGORITHM_NOT_ALLOWED', options({ trust: trust({ typ: ['vendor+jwt'] }) })],
  ['ERR_TYP_NOT_ACCEPTED', options({ trust: trust() })],
  ['ERR_SIGNATURE_INVALID', (parts) => ({ ...parts, key: keys.ed25519 })],
  ['ERR_EXPIRED', claims({ exp: now + 3600 })],
  ['ERR_AUDIENCE_MISMATCH', claims({ aud: audience })],
  ['ERR_CLAIM_TYPE', claims({ client_name: 'Example Mail' })],
  ['ERR_CLAIM_FORBIDDEN', claims({ client_secret: undefined })],
  ['ERR_CLAIM_MISSING', claims({ org_id: 'a' })],
  ['ERR_SOFTWARE_ID_NOT_ALLOWED', claims({ software_id: 'mail' })],
  ['ERR_STATEMENT_REVOKED', options({ status: async () => 'valid' })],
  ['ERR_METADATA_TYPE', members({ client_uri: 'javascript:x' })],
  ['ERR_MERGE_CONFLICT', members({ contacts: undefined })],
  ['ERR_POLICY_VIOLATION', members({ logo_uri: 'https://mail.example/logo' })],
  ['ERR_URI', members({ client_uri: 'https://mail.example' })],
  ['ERR_REPLAYED', options({ seen: { consume: async () => 'first' } })],
]

describe('of faults in every stage the first is told, and it hides all others', () => {
  const stages = repairs.map(([found], index) => {
    const parts = repairs.slice(0, index).reduce((mended, [, repair]) => repair(mended), broken)
    return [found, parts] as const
  })
  const sound = repairs.reduce((mended, [, repair]) => repair(mended), broken)

  test.each([...stages, ['approved', sound] as const])('%s', async (found, parts) => {
    // The kid is that of the publisher's key whoever signs, so that it is the signature that fails.
    const header = { kid: keys.ed25519.kid, ...parts.header }
    const software_statement = makeStatement({ claims: parts.claims, header, key: parts.key })
    const request = parts.body({ software_statement, ...parts.members })
    expect(await codeOf(decide(request, { ...parts.options, currentDate: at(now) }))).toBe(found)
  })

  test('a statement that cannot be read is found before its kind', async () => {
    const software_statement = makeJws({ header: { alg: 'none', typ: 'at+jwt' }, payload: {}, alg: 'EdDSA' })
    expect(await codeOf(decide({ software_statement }))).toBe('ERR_ALGORITHM_NONE')
  })
})
