import { hasSecretMembers, type Jwk, parseStatement } from '@software-statement/core'
import {
  InvalidMetadataError,
  parseApprovalPolicy,
  prepareSoftwareStatement,
  publicJwks,
  signSoftwareStatement,
} from '@software-statement/signer'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { keys, sound, verifyWithNode } from '../signer/support.js'

const word = fc.stringMatching(/^[a-z][a-z0-9]{0,9}$/)
const host = word.map((name) => `${name}.example`)
const uri = fc
  .tuple(host, fc.stringMatching(/^[a-z0-9/._~-]{0,12}$/))
  .map(([name, path]) => `https://${name}/x${path.replaceAll('.', '')}`)
const text = fc.string({ unit: fc.constantFrom(...'aZ09 -éßж字한א'), minLength: 1, maxLength: 30 })
const tag = fc.constantFrom('en', 'de-CH', 'ja-Jpan-JP')

/** Metadata that keeps every rule, with whichever members. */
const metadata = fc
  .record(
    {
      software_id: fc.uuid(),
      software_version: word,
      client_name: text,
      organization_name: text,
      redirect_uris: fc.array(uri, { minLength: 1, maxLength: 5 }),
      logo_uri: uri,
      client_uri: uri,
      scope: fc.uniqueArray(word, { minLength: 1, maxLength: 5 }).map((tokens) => tokens.join(' ')),
      contacts: fc.array(text, { maxLength: 3 }),
      grant_types: fc.constant(['authorization_code', 'refresh_token']),
      token_endpoint_auth_method: fc.constantFrom('none', 'client_secret_basic', 'private_key_jwt'),
      default_max_age: fc.nat(),
      require_auth_time: fc.boolean(),
    },
    { requiredKeys: [] },
  )
  .chain((members) =>
    fc.tuple(
      fc.constant(members),
      fc.dictionary(
        tag.map((name) => `client_name#${name}`),
        text,
        { maxKeys: 2 },
      ),
    ),
  )
  .map(([members, tagged]): Record<string, unknown> => ({ ...members, ...tagged }))

const key = fc.constantFrom<Jwk>(keys.ES256, keys.ES384, keys.Ed25519, { ...keys.oct, alg: 'HS256' })

describe('signing', () => {
  test('a statement says what was submitted, and its signature verifies', async () => {
    await fc.assert(
      fc.asyncProperty(metadata, key, async (submitted, signer) => {
        const statement = await signSoftwareStatement(submitted, { ...sound, key: signer, jti: '1' })
        const { claims } = parseStatement(statement)
        const { iss, iat, exp, jti, ...vouched } = claims
        expect(vouched).toEqual(submitted)
        expect([iss, iat, exp, jti]).not.toContain(undefined)
        expect(verifyWithNode(statement, signer)).toBe(true)
      }),
      { numRuns: 100 },
    )
  })

  test('any value at all is signed as it is or refused for its metadata', async () => {
    const members = fc.constantFrom(
      'client_name',
      'redirect_uris',
      'jwks',
      'scope',
      'iss',
      '__proto__',
      'constructor',
      'x',
      'client_name#en',
    )
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.dictionary(members, fc.jsonValue()), fc.anything()), async (submitted) => {
        const outcome = await prepareSoftwareStatement(submitted as never, sound).catch((error) => error)
        if (outcome instanceof InvalidMetadataError) return
        expect(outcome.claims).toMatchObject(JSON.parse(JSON.stringify(submitted)))
      }),
      { numRuns: 300 },
    )
  })
})

describe('an approval policy', () => {
  const values = fc.subarray(['a', 'b', 'c'], { minLength: 1 })
  const operators = fc.oneof(
    fc.constant({}),
    values.map((value) => ({ value })),
    fc.constant({ value: null }),
    values.map((add) => ({ add })),
    values.map((value) => ({ default: value })),
    values.map((subset_of) => ({ subset_of })),
    values.map((superset_of) => ({ superset_of })),
    values.map((x_within) => ({ x_within })),
    values.map((x_not_any_of) => ({ x_not_any_of })),
    fc.constant({ essential: true }),
  )
  const names = ['contacts', 'scope', 'response_modes', 'default_acr_values']
  const policy = fc.dictionary(fc.constantFrom(...names), operators)
  const submission = fc.dictionary(fc.constantFrom(...names), fc.subarray(['a', 'b', 'c', 'd']))

  test('never changes or removes what was submitted, lets nothing through that it does not list, and reports what it adds', async () => {
    await fc.assert(
      fc.asyncProperty(policy, submission, async (metadata_policy, lists) => {
        const approval = parseApprovalPolicy({
          approvals: [{ software_id: 'mail', approvedBy: 'a', approvedUntil: '2030-01-01T00:00:00Z', metadata_policy }],
        })
        const submitted: Record<string, unknown> = { ...lists, software_id: 'mail' }
        if (lists.scope !== undefined) submitted.scope = lists.scope.join(' ')
        const outcome = await prepareSoftwareStatement(submitted, { ...sound, approval }).catch((error) => error)
        if (outcome instanceof InvalidMetadataError) return
        const { iss: _iss, iat: _iat, exp: _exp, jti: _jti, ...vouched } = outcome.claims
        const filled = Object.fromEntries(
          outcome.filled.map(({ member, value }: { member: string; value: unknown }) => [member, value]),
        )
        expect(vouched).toEqual({ ...filled, ...submitted })
        expect(Object.keys(filled).filter((name) => Object.hasOwn(submitted, name))).toEqual([])
        expect(Object.keys(vouched).filter((name) => name !== 'software_id' && !Object.hasOwn(metadata_policy, name))).toEqual([])
      }),
      { numRuns: 300 },
    )
  })
})

describe('a published key set', () => {
  const secrets = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k', 'priv']
  const privateKey = fc.constantFrom<Jwk>(keys.ES256, keys.ES384, keys.ES512, keys.RSA, keys.Ed25519)
  const extra = fc.dictionary(
    fc.oneof(fc.constantFrom(...secrets, 'x5c', 'ext', 'toString'), word),
    fc.oneof(fc.string(), fc.jsonValue()),
  )

  test('holds no private or symmetric member, whatever the key has beside its own', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(privateKey, extra), { maxLength: 3 }), async (given) => {
        const published = await publicJwks(given.map(([jwk, members]) => ({ ...members, ...jwk }))).catch((error) => error)
        if (published instanceof TypeError) return
        for (const jwk of published.keys) {
          expect(hasSecretMembers(jwk)).toBe(false)
          expect(
            Object.keys(jwk).filter((name) => !['kty', 'crv', 'x', 'y', 'n', 'e', 'kid', 'use', 'alg'].includes(name)),
          ).toEqual([])
        }
        const told = JSON.stringify(published)
        for (const [jwk] of given)
          for (const name of secrets) {
            const secret = jwk[name]
            if (typeof secret === 'string') expect(told).not.toContain(secret)
          }
      }),
      { numRuns: 200 },
    )
  })
})
