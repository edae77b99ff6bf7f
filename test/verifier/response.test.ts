import { errorCatalogue } from '@software-statement/core'
import { type RegisteredClient, registrationResponse } from '@software-statement/verifier'
import { describe, expect, test } from 'vitest'
import { keys } from '../support/keys.js'
import { makeStatement, now, vouched } from '../support/make-jws.js'
import { approval, decide, decideWith } from '../support/registration.js'

const statement = makeStatement()
const approved = () => approval(decide({ software_statement: statement, 'client_uri#ja': 'https://mail.example/ja' }))
const respond = async (client: RegisteredClient) => JSON.parse(registrationResponse(await approved(), client).body)

describe('the response for a registered client', () => {
  test('has everything that is registered at top level, and the statement byte for byte', async () => {
    const body = await respond({ client_id: 's6BhdRkqt3', client_id_issued_at: now })
    expect(body).toEqual({
      ...vouched,
      'client_uri#ja': 'https://mail.example/ja',
      grant_types: ['authorization_code'],
      response_types: ['code'],
      token_endpoint_auth_method: 'client_secret_basic',
      application_type: 'web',
      client_id: 's6BhdRkqt3',
      client_id_issued_at: now,
      software_statement: statement,
    })
  })

  test('is not cached, and is JSON with status 201', async () => {
    const { status, headers } = registrationResponse(await approved(), { client_id: 'a' })
    expect(status).toBe(201)
    expect(headers).toEqual({ 'Content-Type': 'application/json', 'Cache-Control': 'no-store', Pragma: 'no-cache' })
  })

  test('is the same through Response.json', async () => {
    const response = registrationResponse(await approved(), { client_id: 'a' })
    expect(await Response.json(response, { status: 201 }).json()).toEqual(JSON.parse(response.body))
  })

  test.each<[what: string, client: RegisteredClient, members: Readonly<Record<string, unknown>>]>([
    [
      'a secret without expiry never expires',
      { client_id: 'a', client_secret: 'b' },
      { client_secret: 'b', client_secret_expires_at: 0 },
    ],
    [
      'a secret with expiry',
      { client_id: 'a', client_secret: 'b', client_secret_expires_at: now },
      { client_secret: 'b', client_secret_expires_at: now },
    ],
    ['an expiry without secret says nothing', { client_id: 'a', client_secret_expires_at: now }, {}],
    ['a secret of null is none', { client_id: 'a', client_secret: null as unknown as string, client_secret_expires_at: 0 }, {}],
  ])('%s', async (_, client, members) => {
    const { client_secret, client_secret_expires_at } = await respond(client)
    expect(
      Object.fromEntries(Object.entries({ client_secret, client_secret_expires_at }).filter(([, value]) => value !== undefined)),
    ).toEqual(members)
  })

  test('has no null members', async () => {
    const decision = await approval(decideWith({ hat: null }, { unknownMembers: 'keep' }))
    const body = JSON.parse(registrationResponse(decision, { client_id: 'a', other: undefined, more: null }).body)
    expect(Object.keys(body).filter((name) => body[name] === null)).toEqual([])
    expect(body).not.toHaveProperty('hat')
    expect(body).not.toHaveProperty('more')
  })

  test('what the server has changed is told as changed; the statement is not', async () => {
    const body = await respond({ client_id: 'a', client_name: 'Changed', software_statement: 'forged' })
    expect(body).toMatchObject({ client_name: 'Changed', software_statement: statement })
  })

  test('without a statement there is none in the response', async () => {
    const decision = await approval(decide({ redirect_uris: ['https://mail.example/cb'] }, { statement: 'optional' }))
    for (const client of [{ client_id: 'a' }, { client_id: 'a', software_statement: makeStatement() }]) {
      const response = registrationResponse(decision, client)
      expect(JSON.parse(response.body)).not.toHaveProperty('software_statement')
      expect(response.toJSON()).not.toHaveProperty('software_statement')
    }
  })

  test.each<[what: string, client: RegisteredClient]>([
    ['an expiry that is a text', { client_id: 'a', client_secret: 'b', client_secret_expires_at: '0' as unknown as number }],
    ['an expiry that is no number', { client_id: 'a', client_secret: 'b', client_secret_expires_at: Number.NaN }],
    ['an expiry before 1970', { client_id: 'a', client_secret: 'b', client_secret_expires_at: -1 }],
    ['a fraction of a second', { client_id: 'a', client_id_issued_at: 1.5 }],
  ])('%s is the caller\u2019s fault', async (_, client) => {
    const decision = await approved()
    expect(() => registrationResponse(decision, client)).toThrow(TypeError)
  })

  test('there is no secret for a client that has nothing to prove', async () => {
    const decision = await approval(decideWith({ token_endpoint_auth_method: 'none' }))
    expect(() => registrationResponse(decision, { client_id: 'a', client_secret: 'b' })).toThrow(TypeError)
  })

  test('there is none for a refused registration, or without client_id', async () => {
    const refused = await decide('{}')
    expect(() => registrationResponse(refused, { client_id: 'a' })).toThrow(TypeError)
    const decision = await approved()
    for (const client_id of ['', undefined, null, 7]) {
      expect(() => registrationResponse(decision, { client_id: client_id as string })).toThrow(TypeError)
    }
  })
})

describe('the answer to a refused request', () => {
  test('is the error of RFC 7591 with a description from the catalogue', async () => {
    const decision = await decideWith({}, { claims: { exp: 1, iat: undefined } })
    expect(decision).toMatchObject({ approved: false, status: 400, error: 'invalid_software_statement', code: 'ERR_EXPIRED' })
    if (decision.approved) return
    expect(decision.headers).toEqual({ 'Content-Type': 'application/json', 'Cache-Control': 'no-store', Pragma: 'no-cache' })
    expect(JSON.parse(decision.body)).toEqual({
      error: 'invalid_software_statement',
      error_description: errorCatalogue.ERR_EXPIRED.description,
    })
    expect(decision.cause.code).toBe('ERR_EXPIRED')
    expect(decision.checks.filter(({ outcome }) => outcome === 'fail')).toMatchObject([{ check: 'time', code: 'ERR_EXPIRED' }])
  })

  test('names a known member at fault, and no other', async () => {
    const describe = async (members: Readonly<Record<string, unknown>>) => {
      const decision = await decideWith(members, { unknownMembers: 'refuse' })
      return decision.approved ? '' : decision.error_description
    }
    expect(await describe({ 'logo_uri#de': 'javascript:alert("<b>")' })).toMatch(/ \(logo_uri\)$/)
    expect(await describe({ '<script>alert(1)</script>': 1 })).toBe(errorCatalogue.ERR_METADATA_UNKNOWN.description)
  })

  test('tells nobody which part of a signature was wrong, nor what a key is', async () => {
    const forged = makeStatement({ key: keys.other, header: { kid: keys.ed25519.kid } })
    const decision = await decide({ software_statement: forged })
    const told = JSON.stringify([decision, decision.approved ? '' : decision.cause.message])
    for (const part of forged.split('.')) expect(told).not.toContain(part)
    expect(told).not.toContain(String(keys.ed25519.x))
  })
})
