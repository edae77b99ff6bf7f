import { trustIssuers } from '@software-statement/verifier'
import { describe, expect, test } from 'vitest'
import { digestText } from '../../../packages/registration/src/credentials/credential.js'
import { type Members, makeEndpoint, sendBack } from '../../support/endpoint.js'
import { keys, publicHalf } from '../../support/keys.js'
import { issuer, makeStatement, now, vouched } from '../../support/make-jws.js'
import { trustPublisher } from '../../support/registration.js'

type Options = NonNullable<Parameters<typeof makeEndpoint>[0]>

const statement = makeStatement({ claims: { scope: 'mail' } })

/** A client that a statement was accepted for; its server may be another one later, over the same store. */
async function withClient({
  software_statement = statement,
  request = {},
  ...options
}: Options & Members & { software_statement?: string; request?: Members } = {}) {
  const first = makeEndpoint({ trust: trustPublisher(), mode: 'statement', ...options })
  const told = await first.register({ software_statement, client_uri: 'https://mail.example', ...request })
  const put = async (json: Members, later: Options = {}, at = now) => {
    const server = makeEndpoint({ trust: trustPublisher(), mode: 'statement', ...options, ...later, store: first.store })
    server.clock.at = at
    const { status, body } = await server.send('PUT', told.registration_client_uri, {
      json,
      token: told.registration_access_token,
    })
    return { status, body, code: server.lastCode(), record: server.records.at(-1) }
  }
  return { told, put, back: (changes: Members) => sendBack(told, changes), stored: () => first.store.find(told.client_id) }
}

describe('what a statement has locked', () => {
  const loosened = {
    redirect_uris: ['https://evil.example/cb'],
    client_name: 'Evil',
    'client_name#ja': 'Evil',
    software_id: 'another',
    scope: 'mail admin',
  }

  test.each<[what: string, sent: (told: string) => Members]>([
    ['without a statement', () => ({ software_statement: undefined })],
    ['with null in its place', () => ({ software_statement: null })],
    ['with the same bytes', () => ({ software_statement: statement })],
  ])('stays as it is in an update %s', async (_, sent) => {
    const { put, back, stored } = await withClient()
    const { status, body } = await put(back({ ...loosened, client_uri: 'https://mail.example/new', ...sent(statement) }))
    expect(status).toBe(200)
    expect(body).toMatchObject({
      ...vouched,
      scope: 'mail',
      client_uri: 'https://mail.example/new',
      software_statement: statement,
    })
    expect(body).not.toHaveProperty('client_name#ja')
    expect((await stored())?.statement).toEqual({ compact: statement, issuer, acceptedAt: now })
  })

  test('stays when everything is left out', async () => {
    const { put, told } = await withClient()
    const { status, body } = await put({ client_id: told.client_id })
    expect(status).toBe(200)
    expect(body).toMatchObject({ ...vouched, scope: 'mail' })
    expect(body).not.toHaveProperty('client_uri')
  })

  test.each([
    ['its time is over', now + 4000],
    ['its time has been over for a year', now + 366 * 86_400],
  ])('stays when %s', async (_, at) => {
    const { put, back, stored } = await withClient()
    for (const software_statement of [undefined, statement]) {
      const { status, body, record } = await put(back({ ...loosened, software_statement }), {}, at)
      expect(status).toBe(200)
      expect(body).toMatchObject({ ...vouched, scope: 'mail', software_statement: statement })
      expect(record).toMatchObject({ issuer, statementDigest: await digestText(statement) })
      expect((await stored())?.statement?.acceptedAt).toBe(now)
    }
  })

  test('stays when it has become too old', async () => {
    const { put, back } = await withClient({ maxTokenAge: '10 minutes' })
    const { status, body } = await put(back(loosened), {}, now + 1000)
    expect([status, body.client_name]).toEqual([200, 'Example Mail'])
  })

  const expired = now + 4000
  test.each<[what: string, later: Options, at: number, code: string]>([
    ['its issuer is no longer trusted', { trust: trustIssuers([]) }, now, 'ERR_ISSUER_NOT_TRUSTED'],
    ['its issuer is no longer trusted', { trust: trustIssuers([]) }, expired, 'ERR_ISSUER_NOT_TRUSTED'],
    [
      'its key was withdrawn',
      { trust: trustIssuers([{ issuer, jwks: { keys: [publicHalf(keys.other)] } }]) },
      expired,
      'ERR_KEY_NOT_FOUND',
    ],
    ['its key is distrusted', { trust: trustPublisher({ distrust: [keys.ed25519.kid] }) }, expired, 'ERR_KEY_NOT_FOUND'],
    ['it was revoked', { status: async () => 'revoked' }, now, 'ERR_STATEMENT_REVOKED'],
    ['it was revoked', { status: async () => 'revoked' }, expired, 'ERR_STATEMENT_REVOKED'],
    [
      'its software is no longer wanted',
      { trust: trustPublisher({ mayAssert: { software_id: ['other'] } }) },
      expired,
      'ERR_SOFTWARE_ID_NOT_ALLOWED',
    ],
    ['nobody can find out', { status: async () => Promise.reject(new Error('down')) }, expired, 'ERR_STATUS_UNAVAILABLE'],
  ])('keeps an update from being made when %s', async (_, later, at, code) => {
    const { put, back, stored } = await withClient()
    const before = await stored()
    expect((await put(back({ software_statement: undefined }), later, at)).code).toBe(code)
    expect(await stored()).toEqual(before)
  })

  test('is named as what is refused where the client did not send it', async () => {
    const { put, back } = await withClient()
    const later = { trust: trustIssuers([]) }
    const described = async (changes: Members, options: Options = later) =>
      (await put(back(changes), options)).body.error_description
    const refusal = 'The issuer of the software statement is not trusted'
    expect(await described({ software_statement: undefined })).toBe(
      `${refusal}; it is the one that the client is registered with: send a new one`,
    )
    // What the client did send, and what is no fault of the statement.
    expect(await described({})).toBe(refusal)
    expect(await described({ software_statement: undefined, client_uri: 1 }, {})).not.toContain('send a new one')
  })

  test.each([
    ['in its time', now],
    ['after its time', expired],
  ])('is asked about once in an update %s', async (_, at) => {
    const { put, back } = await withClient()
    let asked = 0
    const status = async () => {
      asked += 1
      return 'revoked' as const
    }
    await put(back({ software_statement: undefined }), { status }, at)
    expect(asked).toBe(1)
  })

  test('cannot be updated by whoever took all trust away, in any mode', async () => {
    const { told, back, stored } = await withClient()
    const store = makeEndpoint().store
    const client = await stored()
    if (client !== undefined) await store.admit(client, { at: now })
    const { send, lastCode } = makeEndpoint({ store, mode: 'open' })
    await send('PUT', told.registration_client_uri, {
      json: back({ software_statement: undefined }),
      token: told.registration_access_token,
    })
    expect(lastCode()).toBe('ERR_ISSUER_NOT_TRUSTED')
  })
})

describe('a new statement', () => {
  const fresh = (claims: Members) => makeStatement({ claims: { jti: 'statement-2', ...claims } })

  test('covers what it vouches for', async () => {
    const { put, back, stored } = await withClient()
    const software_statement = fresh({ client_name: 'Example Post', redirect_uris: ['https://mail.example/new'], scope: 'post' })
    const { status, body, record } = await put(back({ software_statement, client_name: 'Evil' }), {}, now + 10)
    expect(status).toBe(200)
    expect(record).toMatchObject({ operation: 'update', issuer, statementDigest: await digestText(software_statement) })
    expect(body).toMatchObject({ client_name: 'Example Post', redirect_uris: ['https://mail.example/new'], software_statement })
    expect((await stored())?.statement).toEqual({ compact: software_statement, issuer, acceptedAt: now + 10 })
  })

  test('does not free what it says nothing of, nor does the next one', async () => {
    const { put, back, stored } = await withClient()
    const loosened = { redirect_uris: ['https://evil.example/cb'], scope: 'mail admin', 'client_name#ja': 'Evil' }
    const second = fresh({ redirect_uris: undefined, scope: undefined, client_name: undefined })
    const { status, body } = await put(back({ ...loosened, software_statement: second }))
    expect(status).toBe(200)
    expect(body).toMatchObject({ ...vouched, scope: 'mail', software_statement: second })
    expect(body).not.toHaveProperty('client_name#ja')
    expect((await stored())?.provenance.redirect_uris).toMatchObject({ source: 'statement' })

    const third = makeStatement({ claims: { jti: 'statement-3', redirect_uris: undefined, scope: 'post' } })
    for (const software_statement of [third, undefined]) {
      const next = await put(back({ ...loosened, software_statement }))
      expect([next.status, next.body.redirect_uris, next.body.scope]).toEqual([200, vouched.redirect_uris, 'post'])
    }
  })

  test.each<[what: string, software_statement: string, code: string]>([
    ['expired', fresh({ exp: now - 3600, iat: now - 7200 }), 'ERR_EXPIRED'],
    ['of somebody else', fresh({ iss: 'https://other.example' }), 'ERR_ISSUER_NOT_TRUSTED'],
    ['unsigned', `${statement.slice(0, statement.lastIndexOf('.'))}.AAAA`, 'ERR_SIGNATURE_INVALID'],
    ['another spelling of the stored one', `${statement}=`, 'ERR_STATEMENT_BASE64URL'],
  ])('that is %s is refused, and is no way around the stored one', async (_, software_statement, code) => {
    const { put, back } = await withClient()
    expect((await put(back({ software_statement }))).code).toBe(code)
  })

  test('that counts once is used up, the stored one is not', async () => {
    const trust = trustPublisher({ replay: 'once' })
    const { put, back } = await withClient({ trust })
    expect((await put(back({}))).status).toBe(200)
    expect((await put(back({ software_statement: undefined }))).status).toBe(200)
    const software_statement = fresh({})
    expect((await put(back({ software_statement, grant_types: ['authorization_code', 'password'] }))).status).toBe(400)
    expect((await put(back({ software_statement }))).status).toBe(200)
    expect((await put(back({ software_statement }))).status).toBe(200)
    expect((await put(back({ software_statement: statement }))).code).toBe('ERR_REPLAYED')
  })

  test('may be the first that a client has', async () => {
    const { send, register } = makeEndpoint({ trust: trustPublisher() })
    const told = await register({ redirect_uris: ['https://mail.example/cb'], client_name: 'Mine' })
    const { body } = await send('PUT', told.registration_client_uri, {
      json: sendBack(told, { software_statement: statement }),
      token: told.registration_access_token,
    })
    expect(body).toMatchObject({ client_name: 'Example Mail', software_statement: statement })
  })
})

describe('a name that was vouched for by somebody else', () => {
  test('takes no place among the software of the issuer of the new statement', async () => {
    const other = 'https://other.example'
    const trust = trustIssuers([
      { issuer, jwks: { keys: [publicHalf(keys.ed25519)] } },
      { issuer: other, jwks: { keys: [publicHalf(keys.other)] } },
    ])
    const ofOther = (claims: Members) => makeStatement({ key: keys.other, claims: { iss: other, ...claims } })
    const { send, register, store } = makeEndpoint({ trust, uniqueness: 'software_id' })
    const told = await register({ software_statement: statement })
    const json = sendBack(told, { software_statement: ofOther({ software_id: undefined }) })
    const { body } = await send('PUT', told.registration_client_uri, { json, token: told.registration_access_token })
    expect(body.software_id).toBe('mail')
    expect((await store.find(told.client_id))?.uniqueKeys).toEqual([])
    await register({ software_statement: ofOther({}) })
  })
})

describe('a name that another client has', () => {
  test('is no fault of the statement that the client is registered with', async () => {
    const { send, register, lastCode } = makeEndpoint({ trust: trustPublisher(), uniqueness: 'duplicateKey' })
    const software_statement = makeStatement({ claims: { redirect_uris: undefined } })
    const [first, second] = [['https://mail.example/1'], ['https://mail.example/2']]
    await register({ software_statement, redirect_uris: first })
    const told = await register({ software_statement, redirect_uris: second })
    const { body } = await send('PUT', told.registration_client_uri, {
      json: sendBack(told, { software_statement: undefined, redirect_uris: first }),
      token: told.registration_access_token,
    })
    expect(lastCode()).toBe('ERR_ALREADY_REGISTERED')
    expect(body.error_description).toBe('This software is registered already')
  })
})

describe('a client without a statement', () => {
  test.each([
    ['open', 'done'],
    ['token', 'done'],
    ['statement-or-token', 'done'],
    ['statement', 'ERR_STATEMENT_MISSING'],
  ] as const)('is updated without one in the mode %s: %s', async (mode, code) => {
    const open = makeEndpoint()
    const told = await open.register({ redirect_uris: ['https://mail.example/cb'] })
    const { send, lastCode } = makeEndpoint({ store: open.store, trust: trustPublisher(), mode })
    await send('PUT', told.registration_client_uri, { json: sendBack(told), token: told.registration_access_token })
    expect(lastCode()).toBe(code)
  })

  test('cannot become software that may register once and has', async () => {
    const { send, register, lastCode } = makeEndpoint({ trust: trustPublisher(), uniqueness: 'software_id' })
    await register({ software_statement: statement })
    const told = await register({ redirect_uris: ['https://mail.example/cb'] })
    const json = sendBack(told, { software_statement: statement })
    await send('PUT', told.registration_client_uri, { json, token: told.registration_access_token })
    expect(lastCode()).toBe('ERR_ALREADY_REGISTERED')
  })
})
