import { parseJws, parseStatement, StatementError } from '@software-statement/core'
import { type RegistrationInput, registrationResponse, verifyJws } from '@software-statement/verifier'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { keys, publicHalf } from '../support/keys.js'
import { issuer, makeJws, makeStatement, now } from '../support/make-jws.js'
import { decide, trustPublisher, verify } from '../support/registration.js'

/** Runs something that may only be refused, and returns the refusal. */
async function refusalOf(run: () => unknown): Promise<StatementError | undefined> {
  try {
    await run()
    return undefined
  } catch (error) {
    if (error instanceof StatementError) return error
    throw error
  }
}

const names = fc.constantFrom(
  ...[
    'iss',
    'sub',
    'aud',
    'exp',
    'nbf',
    'iat',
    'jti',
    'alg',
    'typ',
    'kid',
    'cty',
    'x5c',
    'crit',
    'b64',
    'redirect_uris',
    'scope',
    'jwks',
  ],
  ...[
    'jwks_uri',
    'client_name',
    'client_name#ja',
    'client_name#JA',
    'client_name#',
    'grant_types',
    'response_types',
    'keywords#de',
  ],
  ...[
    'software_id',
    'software_version',
    'application_type',
    'token_endpoint_auth_method',
    'tls_client_auth_san_dns',
    'subject_type',
  ],
  ...['client_id', 'software_statement', 'toString', 'valueOf', 'hasOwnProperty', 'events', 'nonce', 'default_max_age', '#', ''],
)
const text = fc.oneof(
  fc.constantFrom(
    issuer,
    'https://as.example',
    'https://mail.example/cb',
    'http://127.0.0.1:1/cb',
    'implicit',
    'authorization_code',
    'code',
  ),
  fc.constantFrom(
    'token',
    'web',
    'native',
    'none',
    'private_key_jwt',
    'pairwise',
    'openid email',
    'javascript:x',
    '__proto__',
    'constructor',
  ),
  fc.string({ maxLength: 12 }),
  fc.string({ unit: 'binary', maxLength: 6 }),
)
const number = fc.oneof(
  fc.constantFrom(now, now + 60, now * 1000, 0, -0, -1, Number.POSITIVE_INFINITY, 2 ** 53, 0.5),
  fc.double(),
  fc.integer(),
)
const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    text,
    text,
    fc.array(text, { maxLength: 4 }),
    number,
    fc.constantFrom(null, true, false, [], {}, { keys: [] }, { keys: [publicHalf(keys.p256)] }, { keys: [keys.oct] }),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(names, tie('value'), { maxKeys: 3, noNullPrototype: true }),
  ),
}))
const members = fc.dictionary(names, value, { maxKeys: 8, noNullPrototype: true })
const runs = { numRuns: 400 }

describe('whatever comes, it is refused with a StatementError or accepted', () => {
  const segments = fc.array(
    fc.oneof(
      fc.base64String(),
      fc.string(),
      members.map((given) => Buffer.from(JSON.stringify(given)).toString('base64url')),
    ),
    { maxLength: 6 },
  )

  test('texts that are somewhat like a statement', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.string(),
          segments.map((parts) => parts.join('.')),
        ),
        async (compact) => {
          await refusalOf(() => parseJws(compact))
          await refusalOf(() => parseStatement(compact))
          await refusalOf(() => verifyJws(compact, publicHalf(keys.ed25519)))
          await refusalOf(() => verify(compact, { checkAll: true }))
        },
      ),
      runs,
    )
  })

  test('anything that is no text', () => {
    fc.assert(
      fc.property(fc.anything(), (given) => {
        if (typeof given !== 'string') expect(() => parseStatement(given)).toThrow(StatementError)
      }),
    )
  })

  test('headers and claims that the issuer has signed', async () => {
    const trust = trustPublisher({ allowUntyped: true, x5c: 'ignore' })
    await fc.assert(
      fc.asyncProperty(members, members, async (header, claims) => {
        const sound = { header: { alg: 'EdDSA', ...header }, payload: { ...claims, iss: issuer } }
        await refusalOf(() => verify(makeJws({ ...sound, alg: 'EdDSA' }), { trust, checkAll: true }))
        await refusalOf(() => verify(makeJws({ ...sound, header: { alg: 'EdDSA' } }), { trust }))
      }),
      runs,
    )
  })

  test('requests: a decision is always made, and always one of the two', async () => {
    const request = fc.record({
      given: members,
      vouched: members,
      statement: fc.boolean(),
      unknownMembers: fc.constantFrom('ignore', 'keep', 'refuse'),
    })
    const trust = trustPublisher({ allowUntyped: true })
    await fc.assert(
      fc.asyncProperty(request, async ({ given, vouched, statement, unknownMembers }) => {
        const compact = makeJws({ header: { alg: 'EdDSA' }, payload: { ...vouched, iss: issuer } })
        const parsed = statement ? { ...given, software_statement: compact } : given
        const decision = await decide(JSON.stringify(parsed), { trust, statement: 'optional', unknownMembers, checkAll: true })
        if (!decision.approved) {
          expect(JSON.parse(decision.body)).toEqual({ error: decision.error, error_description: decision.error_description })
          return
        }
        const body = JSON.parse(registrationResponse(decision, { client_id: 'a' }).body)
        expect(Object.values(body)).not.toContain(null)
        expect(Object.keys(decision.provenance).sort()).toEqual(Object.keys(decision.metadata).sort())
      }),
      { numRuns: 1000 },
    )
  })

  test('requests of any bytes and objects', async () => {
    const views = fc
      .uint8Array({ minLength: 8, maxLength: 64 })
      .chain(({ buffer }) => fc.constantFrom(buffer, new DataView(buffer, 3)))
    const bytes = fc.oneof(fc.uint8Array(), views)
    await fc.assert(
      fc.asyncProperty(fc.oneof(bytes, fc.string(), fc.json(), fc.object(), fc.anything()), async (given) => {
        // Callers in JavaScript pass what they like.
        const decision = await decide(given as RegistrationInput, { statement: 'optional' })
        expect(decision.approved).toBeTypeOf('boolean')
      }),
      runs,
    )
  })
})

describe('what a client and the log are told', () => {
  const marker = 'q7Xv'
  test('nothing of the statement, of keys or of foreign texts is in the answer', async () => {
    const marked = fc
      .oneof(names, fc.constant(`${marker}-name`), fc.constant(`client_name#${marker}`))
      .chain((name) =>
        fc
          .oneof(fc.constant(`${marker} "\\`), fc.constant([marker]), fc.constant({ [marker]: marker }), value)
          .map((given) => ({ [name]: given })),
      )
    await fc.assert(
      fc.asyncProperty(marked, marked, fc.boolean(), async (claims, given, broken) => {
        const statement = makeStatement({ claims, header: broken ? { kid: marker } : {} })
        const decision = await decide(JSON.stringify({ software_statement: statement, ...given }), {
          unknownMembers: 'refuse',
          checkAll: true,
        })
        if (decision.approved) return
        const told = JSON.stringify([decision.body, decision.headers, decision.error_description])
        expect(told).not.toContain(marker)
        expect(decision.error_description).toMatch(/^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/)
        for (const segment of statement.split('.'))
          expect(`${told}${decision.cause.message}${String(decision.cause.stack)}`).not.toContain(segment)
        expect(decision.cause.message).not.toContain(String(keys.ed25519.x))
        expect(decision.cause.message).toMatch(/^[\x20-\x7e\u2019]*$/)
      }),
      runs,
    )
  })
})
