import { StatementError } from '@software-statement/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseBasicCredentials } from '../../packages/registration/src/client-authentication/basic-credentials.js'
import { decodeFormComponent, parseForm } from '../../packages/registration/src/client-authentication/form.js'
import { assertionType, basic, encode, makeAssertion, post, serveEveryMethod, tokenEndpoint } from '../support/client-server.js'
import { keys } from '../support/keys.js'
import { outcomeOf, outcomeOfPromise } from '../support/outcomes.js'

const text = fc.string({ unit: 'binary' }).filter((value) => value.isWellFormed())
const form = fc.dictionary(
  text,
  text.filter((value) => value !== ''),
  { noNullPrototype: true },
)
const bytes = (value: string) => new TextEncoder().encode(value)

describe('form encoding', () => {
  test('what URLSearchParams writes is read as it was', () => {
    fc.assert(
      fc.property(form, (parameters) => {
        const given = Object.entries(parameters)
        expect([...parseForm(bytes(String(new URLSearchParams(given))))]).toEqual(given)
      }),
    )
  })

  test('a component has its value however much of it is percent-encoded, and in whatever letters', () => {
    const spelled = text.chain((value) =>
      fc.array(fc.boolean(), { minLength: value.length, maxLength: value.length }).map((choices) => ({ value, choices })),
    )
    fc.assert(
      fc.property(spelled, ({ value, choices }) => {
        const spellings = Array.from(value, (character, at) => {
          if (/[A-Za-z0-9]/.test(character) && choices[at]) return character
          const encoded = Array.from(bytes(character), (byte) => `%${byte.toString(16).padStart(2, '0')}`).join('')
          return choices[at] ? encoded.toUpperCase() : encoded
        })
        expect(decodeFormComponent(spellings.join(''))).toBe(value)
      }),
    )
  })

  test('any other bytes are read or refused, and read only if they have one meaning', () => {
    const pieces = fc.constantFrom('=', '&', '%', '+', 'a', 'b', '%26', '%3D', '%zz', '%c3', '%a9', '\u00e9', ';', '%00')
    const bodies = fc.oneof(
      fc.uint8Array(),
      fc.array(pieces).map((parts) => bytes(parts.join(''))),
    )
    fc.assert(
      fc.property(bodies, (body) => {
        const outcome = outcomeOf(() => parseForm(body))
        expect(['accepted', 'ERR_CLIENT_REQUEST']).toContain(outcome)
        if (outcome !== 'accepted') return
        const ours = [...parseForm(body)]
        const theirs = [...new URLSearchParams(`&${Buffer.from(body)}`)].filter(([, value]) => value !== '')
        expect(ours).toEqual(theirs)
        expect(new Set(ours.map(([name]) => name)).size).toBe(ours.length)
      }),
      { numRuns: 1000 },
    )
  })
})

describe('the scheme Basic', () => {
  test('client and secret are read as they were encoded, with colons and whatever else in them', () => {
    fc.assert(
      fc.property(text, text, (clientId, secret) => {
        expect(parseBasicCredentials(basic(clientId, secret).authorization)).toEqual({ clientId, secret })
      }),
    )
  })

  test('any other header is none of ours, and nothing breaks', () => {
    const headers = fc.oneof(
      text,
      text.map((value) => `Basic ${value}`),
      fc.string().map((value) => `Basic ${encode(value)}`),
    )
    fc.assert(
      fc.property(headers, (header) => {
        const credentials = parseBasicCredentials(header)
        if (credentials !== undefined) expect(Object.keys(credentials)).toEqual(['clientId', 'secret'])
      }),
    )
  })
})

describe('credentials that are split over header and body', async () => {
  const { authenticate, basicSecret, postSecret } = await serveEveryMethod()
  const secrets = { client_secret_basic: basicSecret, client_secret_post: postSecret, none: '', private_key_jwt: '' }
  const clientId = fc.constantFrom('client_secret_basic', 'client_secret_post', 'private_key_jwt', 'none', 'nobody')
  const secret = fc.constantFrom(basicSecret, postSecret, 'guess', '')
  /** More often not there than there: what has more than one way is refused anyway. */
  const maybe = <Value>(arbitrary: fc.Arbitrary<Value>) =>
    fc.oneof({ arbitrary: fc.constant(undefined), weight: 2 }, { arbitrary, weight: 1 })
  /** What is right among what is anything: of texts made at random too few would ever be accepted. */
  const often = <Value>(right: Value, any: fc.Arbitrary<Value>) => fc.oneof(fc.constant(right), any)
  const parts = fc.record({
    header: maybe(often({ clientId: 'client_secret_basic', secret: basicSecret }, fc.record({ clientId, secret }))),
    body: often<Partial<Record<'clientId' | 'secret', string | undefined>>>(
      { clientId: 'client_secret_post', secret: postSecret },
      fc.record({ clientId: maybe(clientId), secret: maybe(secret) }),
    ),
    signed: often<Partial<Record<'assertion' | 'type', string | undefined>>>(
      { assertion: 'sound', type: assertionType },
      fc.record({ assertion: maybe(fc.constantFrom('sound', 'forged')), type: maybe(fc.constantFrom(assertionType, 'another')) }),
    ),
  })
  type Parts = typeof parts extends fc.Arbitrary<infer Value> ? Value : never

  /** Who may be told to have sent it, by the rules alone. */
  function expected({
    header,
    body: { clientId: named, secret: inBody },
    signed: { assertion, type },
  }: Parts): string | undefined {
    const isThere = (value: unknown) => value !== undefined && value !== ''
    const ways = [header !== undefined, isThere(inBody), isThere(assertion) || isThere(type)].filter(Boolean).length
    if (ways > 1) return undefined
    if (header !== undefined) {
      const right = header.clientId === 'client_secret_basic' && header.secret === secrets.client_secret_basic
      return right && (named ?? header.clientId) === header.clientId ? header.clientId : undefined
    }
    if (isThere(inBody)) return named === 'client_secret_post' && inBody === secrets.client_secret_post ? named : undefined
    if (ways === 0) return named === 'none' ? named : undefined
    const right = assertion === 'sound' && type === assertionType
    return right && (named ?? 'private_key_jwt') === 'private_key_jwt' ? 'private_key_jwt' : undefined
  }

  /** What is right as a whole is rare among what is put together by chance. */
  const right: readonly [Parts][] = [
    [{ header: { clientId: 'client_secret_basic', secret: basicSecret }, body: {}, signed: {} }],
    [{ header: undefined, body: { clientId: 'client_secret_post', secret: postSecret }, signed: {} }],
    [{ header: undefined, body: {}, signed: { assertion: 'sound', type: assertionType } }],
    [{ header: undefined, body: { clientId: 'none' }, signed: {} }],
  ]

  test('are those of the one client that has registered that one way, or of nobody', async () => {
    const names = new Set<string | undefined>()
    await fc.assert(
      fc.asyncProperty(parts, async (given) => {
        const { header, body, signed } = given
        const { assertion } = signed
        const parameters = Object.entries({
          client_id: body.clientId,
          client_secret: body.secret,
          client_assertion: assertion && makeAssertion({}, assertion === 'forged' ? { key: keys.other } : {}),
          client_assertion_type: signed.type,
        }).filter((entry): entry is [string, string] => entry[1] !== undefined)
        const request = post(parameters, header === undefined ? {} : basic(header.clientId, header.secret))
        const found = await authenticate(request).catch((error) => {
          if (error instanceof StatementError) return undefined
          throw error
        })
        expect(found?.client.clientId).toBe(expected(given))
        names.add(found?.client.clientId)
        if (found !== undefined) expect(found.authenticated).toBe(found.client.clientId !== 'none')
      }),
      { numRuns: 1000, examples: [...right] },
    )
    expect([...names]).toEqual(expect.arrayContaining(['client_secret_basic', 'client_secret_post', 'private_key_jwt', 'none']))
  })

  test('whatever a request is made of, it is answered', async () => {
    const value = fc.oneof(text, fc.constantFrom(assertionType, 'none', 'a.b.c', makeAssertion()))
    const requests = fc.record({ body: fc.uint8Array(), authorization: fc.option(fc.stringMatching(/^[!-~]( ?[!-~])*$/)), value })
    await fc.assert(
      fc.asyncProperty(requests, async ({ body, authorization, value: credential }) => {
        const headers = {
          'content-type': 'application/x-www-form-urlencoded',
          ...(authorization === null ? {} : { authorization }),
        }
        for (const sent of [
          body,
          String(new URLSearchParams({ client_assertion: credential, client_assertion_type: assertionType })),
        ]) {
          const request = new Request(tokenEndpoint, { method: 'POST', body: sent, headers } as RequestInit) // bytes or text
          const outcome = await outcomeOfPromise(authenticate(request))
          expect(['ERR_CLIENT_REQUEST', 'ERR_CLIENT_AUTHENTICATION', 'accepted']).toContain(outcome)
        }
      }),
    )
  })
})
