import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Members, makeEndpoint, sendBack } from '../support/endpoint.js'
import { makeStatement, vouched } from '../support/make-jws.js'
import { trustPublisher } from '../support/registration.js'

const uri = fc.constantFrom('https://mail.example/a', 'https://mail.example/b', 'http://127.0.0.1:9000/cb')
const name = fc.constantFrom('Mail', 'Post', 'Correo')

/** Requests that keep the rules, with as much or as little in them as clients send. */
const request: fc.Arbitrary<Members> = fc.record(
  {
    redirect_uris: fc.uniqueArray(uri, { minLength: 1 }),
    token_endpoint_auth_method: fc.constantFrom('none', 'client_secret_basic', 'client_secret_post'),
    grant_types: fc.constantFrom(['authorization_code'], ['authorization_code', 'refresh_token']),
    response_types: fc.constant(['code']),
    scope: fc.constantFrom('mail', 'mail contacts', 'openid'),
    client_name: name,
    'client_name#ja': name,
    client_uri: fc.constant('https://mail.example'),
    contacts: fc.array(fc.constantFrom('a@mail.example', 'b@mail.example'), { maxLength: 2 }),
    x_unknown: fc.constantFrom(null, '', 'text', 7, [], { of: [1, null] }),
  },
  { requiredKeys: ['redirect_uris'] },
)

const claims: fc.Arbitrary<Members> = fc.record(
  { client_name: name, scope: fc.constantFrom('mail', 'openid'), redirect_uris: fc.uniqueArray(uri, { minLength: 1 }) },
  { requiredKeys: [] },
)

const withStatement = (members: Members, vouchedFor: Members, jti: string): Members => ({
  ...members,
  software_statement: makeStatement({
    claims: { client_name: undefined, redirect_uris: undefined, software_version: undefined, jti, ...vouchedFor },
  }),
})

test('what a client was told can be read, and sent back without a change', async () => {
  const { send, register } = makeEndpoint({ trust: trustPublisher(), unknownMembers: 'keep' })
  await fc.assert(
    fc.asyncProperty(request, fc.option(claims), async (members, vouchedFor) => {
      const told = await register(vouchedFor === null ? members : withStatement(members, vouchedFor, '1'))
      const { client_secret: _, ...known } = told
      const { registration_client_uri: url, registration_access_token: token } = told
      expect((await send('GET', url, { token })).body).toEqual(known)
      const { status, body } = await send('PUT', url, { json: sendBack(told), token })
      expect([status, body]).toEqual([200, known])
      expect((await send('GET', url, { token })).body).toEqual(known)
    }),
    { numRuns: 100 },
  )
})

test('no update changes what a statement has vouched for, unless another one vouches for it', async () => {
  const { send, register, store } = makeEndpoint({ trust: trustPublisher() })
  await fc.assert(
    fc.asyncProperty(
      request,
      claims,
      fc.array(fc.tuple(request, fc.option(claims)), { maxLength: 3 }),
      async (first, given, updates) => {
        const told = await register(withStatement(first, given, '1'))
        const { registration_client_uri: url, registration_access_token: token, client_id } = told
        let locked: Members = { software_id: vouched.software_id, ...given }
        for (const [index, [members, covered]] of updates.entries()) {
          const json = covered === null ? members : withStatement(members, covered, `next-${index}`)
          const { status, body } = await send('PUT', url, { json: { client_id, ...json }, token })
          expect(status).toBe(200)
          locked = { ...locked, ...covered }
          expect(body).toMatchObject(locked)
          if ('client_name' in locked) expect(body).not.toHaveProperty('client_name#ja')
          const stored = await store.find(client_id)
          for (const member of Object.keys(locked)) expect(stored?.provenance[member]?.source, member).toBe('statement')
        }
      },
    ),
    { numRuns: 100 },
  )
})
