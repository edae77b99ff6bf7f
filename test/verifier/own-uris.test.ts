import { knownMembers } from '@software-statement/core'
import { createGuardedFetch, trustIssuers } from '@software-statement/verifier'
import { describe, expect, test, vi } from 'vitest'
import { keys, publicHalf } from '../support/keys.js'
import { issuer, makeStatement } from '../support/make-jws.js'
import { approval, codeOf, decideWith, verify } from '../support/registration.js'

/** Runs something and says what it has asked of the network. */
async function requestsOf(run: (fetch: typeof globalThis.fetch) => Promise<unknown>): Promise<readonly string[]> {
  const asked: string[] = []
  const fetch = async (input: unknown) => {
    asked.push(String(input))
    return Response.json({ keys: [publicHalf(keys.ed25519)] })
  }
  const spy = vi.spyOn(globalThis, 'fetch').mockImplementation(fetch)
  try {
    await run(fetch)
    return asked
  } finally {
    spy.mockRestore()
  }
}

/** Every member that holds a URI, each with one of its own. */
const uris = Object.fromEntries(
  [...knownMembers].flatMap(([name, { uri, kind }]) => {
    if (uri === undefined || name === 'tls_client_auth_san_uri') return []
    const given = `https://mail.example/${name}`
    return [[name, kind === 'string[]' ? [given] : given]]
  }),
)

describe('nothing that a client or its statement names is asked for', () => {
  test('neither pages, logos and sectors nor key sets and request objects', async () => {
    expect(Object.keys(uris)).toEqual(expect.arrayContaining(['logo_uri', 'sector_identifier_uri', 'request_uris', 'jwks_uri']))
    const asked = await requestsOf(async () => {
      const members = { ...uris, subject_type: 'pairwise', token_endpoint_auth_method: 'private_key_jwt' }
      expect((await approval(decideWith(members))).metadata).toMatchObject({ logo_uri: 'https://mail.example/logo_uri' })
      await approval(decideWith({}, { claims: members }))
    })
    expect(asked).toEqual([])
  })

  test.each([
    ['jwks', { keys: [publicHalf(keys.other)] }],
    ['jwks_uri', 'https://evil.example/jwks'],
  ])('the %s of a statement verifies nothing: keys are those of the issuer entry', async (member, value) => {
    const statement = makeStatement({ claims: { [member]: value }, key: keys.other, header: { kid: keys.ed25519.kid } })
    const asked = await requestsOf(async (fetch) => {
      const trust = trustIssuers([{ issuer, jwksUri: 'https://publisher.example/jwks' }], {
        fetch: createGuardedFetch({ fetch }),
      })
      await expect(verify(statement, { trust })).rejects.toMatchObject({ code: 'ERR_SIGNATURE_INVALID' })
    })
    expect(asked).toEqual(['https://publisher.example/jwks'])
  })
})

describe('rules between members are those of the merged whole', () => {
  test.each([
    [
      'a client without credentials',
      { grant_types: ['client_credentials'] },
      { token_endpoint_auth_method: 'none' },
      'ERR_AUTH_METHOD',
    ],
    ['a client without keys', { token_endpoint_auth_method: 'private_key_jwt' }, {}, 'ERR_AUTH_METHOD'],
    [
      'keys from the request',
      { token_endpoint_auth_method: 'private_key_jwt' },
      { jwks_uri: 'https://mail.example/jwks' },
      'approved',
    ],
    ['another grant', { grant_types: ['refresh_token'] }, { response_types: ['code'] }, 'ERR_GRANT_RESPONSE_MISMATCH'],
  ])('%s', async (_, claims, members, code) => {
    expect(await codeOf(decideWith(members, { claims }))).toBe(code)
  })
})
