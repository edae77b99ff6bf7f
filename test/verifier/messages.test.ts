import { InvalidMetadataError, type StatementError } from '@software-statement/core'
import { memorySeenStatements, type RegistrationInput } from '@software-statement/verifier'
import { describe, expect, test } from 'vitest'
import { makeStatement, now } from '../support/make-jws.js'
import { approval, type DecideOptions, decide, trustPublisher } from '../support/registration.js'

const day = 86_400
const statementWith = (claims: Readonly<Record<string, unknown>>) => ({ software_statement: makeStatement({ claims }) })
const requestWith = (members: object) => ({ software_statement: makeStatement(), ...members })

async function causeOf(request: RegistrationInput, options: DecideOptions = {}): Promise<StatementError> {
  const decision = await decide(request, options)
  if (decision.approved) throw new Error('it is approved')
  return decision.cause
}

describe('a refusal says why', () => {
  test.each<[message: string, request: RegistrationInput, options?: DecideOptions]>([
    ['exp is in the past', statementWith({ exp: now - 3600, iat: now - day })],
    ['nbf is in the future', statementWith({ nbf: now + 3600, exp: now + day })],
    ['iat is in the future', statementWith({ iat: now + 3600, exp: now + day })],
    ['exp is not after iat and nbf', statementWith({ iat: now, nbf: now + 10, exp: now + 5 }), { clockTolerance: 60 }],
    [
      'claim exp is missing: the lifetime is limited',
      statementWith({ exp: undefined }),
      { trust: trustPublisher({ maxLifetime: 60 }) },
    ],
    ['exp is more than 60 seconds after iat', statementWith({ exp: now + 3600 }), { trust: trustPublisher({ maxLifetime: 60 }) }],
    ['claim iat is missing: the age is limited', statementWith({ iat: undefined }), { maxTokenAge: 60 }],
    ['iat is more than 10 seconds ago', statementWith({ iat: now - 3600 }), { maxTokenAge: 10, clockTolerance: 0 }],
    ['the statement has no aud', statementWith({ aud: undefined }), { trust: trustPublisher({ audiencePolicy: 'required' }) }],
    ['aud does not name this server', statementWith({ aud: 'https://other.example' })],
    ['claim org_id is missing: it is required', statementWith({}), { requiredClaims: ['org_id'] }],
    [
      'the issuer may not vouch for this',
      statementWith({}),
      { trust: trustPublisher({ mayAssert: { software_id: ['other'] } }) },
    ],
    ['the statement has been revoked', statementWith({}), { status: async () => 'revoked' }],
    ['the status source gave no known answer', statementWith({}), { status: async () => 'unknown' as 'valid' }],
    [
      'issuer "https://other.example" is not trusted (names are compared exactly, a final slash counts)',
      statementWith({ iss: 'https://other.example' }),
    ],
    ['alg "EdDSA" is not allowed for this issuer', statementWith({}), { trust: trustPublisher({ algorithms: ['Ed25519'] }) }],
    ['the statement has no typ', { software_statement: makeStatement({ header: { typ: undefined } }) }],
    [
      'typ "software-statement+jwt" is not accepted for this issuer',
      statementWith({}),
      { trust: trustPublisher({ typ: ['a+jwt'] }) },
    ],
    [
      'the header has a certificate chain, which is not asked for',
      { software_statement: makeStatement({ header: { x5c: ['MAA='] } }) },
    ],
    ['the request has no software_statement', {}],
    ['the request has more than 10 bytes', requestWith({}), { limits: { requestBytes: 10 } }],
  ])('%s', async (message, request, options) => {
    expect((await causeOf(request, options)).message).toBe(message)
  })

  test.each<[message: string, request: RegistrationInput, options?: DecideOptions]>([
    ['the request has both jwks and jwks_uri', requestWith({ jwks: { keys: [] }, jwks_uri: 'https://mail.example/jwks' })],
    ['favourite_colour is not known here', requestWith({ favourite_colour: 'red' }), { unknownMembers: 'refuse' }],
    [
      'grant_types: the policy leaves nothing of it',
      requestWith({ grant_types: ['implicit'] }),
      { metadata_policy: { grant_types: { subset_of: ['password'] } } },
    ],
  ])('%s', async (message, request, options) => {
    const cause = await causeOf(request, options)
    if (!(cause instanceof InvalidMetadataError)) throw cause
    expect(cause.issues.map((issue) => issue.message)).toContain(message)
  })

  test('a statement that was used before', async () => {
    const [seen, trust] = [memorySeenStatements(), trustPublisher({ replay: 'once' })]
    await approval(decide(statementWith({}), { seen, trust }))
    expect((await causeOf(statementWith({}), { seen, trust })).message).toBe('the statement has been used before')
    const full = { seen: memorySeenStatements({ capacity: 1 }), trust }
    await approval(decide(statementWith({}), full))
    expect((await causeOf(statementWith({ jti: 'other' }), full)).message).toBe('more than 1 statements to remember')
    const silent = { consume: async () => 'unknown' as 'first' }
    expect((await causeOf(statementWith({}), { seen: silent, trust })).message).toBe('the store gave no known answer')
  })
})
