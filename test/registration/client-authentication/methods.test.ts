import { memoryClientStore } from '@software-statement/registration'
import { afterEach, describe, expect, test, vi } from 'vitest'
import {
  asserted,
  assertionType,
  basic,
  encode,
  makeAssertion,
  nameOf,
  post,
  serveClients,
  serveEveryMethod,
  tokenEndpoint,
} from '../../support/client-server.js'
import { outcomeOfPromise } from '../../support/outcomes.js'

const it = await serveEveryMethod()
const { authenticate, basicSecret, postSecret } = it
const assertion = makeAssertion({ jti: 'never-used' })
const client_assertion_type = assertionType
const inBody = { client_id: 'client_secret_post', client_secret: postSecret }
const withBasic = basic('client_secret_basic', basicSecret)
const grant = { grant_type: 'client_credentials' }

afterEach(() => {
  vi.restoreAllMocks()
})

describe('each method authenticates the clients that have registered it', () => {
  test.each<[string, Request, string]>([
    ['client_secret_basic', post(grant, withBasic), 'client_secret_basic authenticated by client_secret_basic'],
    [
      'client_secret_basic, with the same client in the body',
      post({ ...grant, client_id: 'client_secret_basic' }, withBasic),
      'client_secret_basic authenticated by client_secret_basic',
    ],
    [
      'client_secret_basic, the scheme in capitals',
      post(grant, { authorization: withBasic.authorization.replace('Basic', 'BASIC ') }),
      'client_secret_basic authenticated by client_secret_basic',
    ],
    ['client_secret_post', post({ ...grant, ...inBody }), 'client_secret_post authenticated by client_secret_post'],
    [
      'client_secret_post, of a media type with charset',
      post({ ...grant, ...inBody }, { 'content-type': 'Application/X-WWW-Form-Urlencoded; charset=UTF-8' }),
      'client_secret_post authenticated by client_secret_post',
    ],
    ['private_key_jwt', asserted(makeAssertion()), 'private_key_jwt authenticated by private_key_jwt'],
    [
      'private_key_jwt, with the same client beside it',
      asserted(makeAssertion(), { client_id: 'private_key_jwt' }),
      'private_key_jwt authenticated by private_key_jwt',
    ],
    ['none, which authenticates nobody', post({ ...grant, client_id: 'none' }), 'none identified by none'],
    [
      'none, with a secret that has no value (RFC 6749 3.2)',
      post({ ...grant, client_id: 'none', client_secret: '' }),
      'none identified by none',
    ],
  ])('%s', async (_, request, name) => {
    expect(await nameOf(authenticate(request))).toBe(name)
  })

  test('the form is handed on without what is secret', async () => {
    const resources = [
      ['resource', 'https://a.example'],
      ['resource', 'https://b.example'],
    ] as const
    const { form } = await authenticate(post([...Object.entries(inBody), ['scope', 'a b'], ...resources]))
    expect([...form]).toEqual([['client_id', 'client_secret_post'], ['scope', 'a b'], ...resources])
    expect([...(await authenticate(asserted(makeAssertion()))).form]).toEqual([['grant_type', 'client_credentials']])
  })

  test('a client that says nothing of a method has that of RFC 7591 2', async () => {
    const other = serveClients()
    const secret = await other.admit('plain', {})
    expect(await nameOf(other.authenticate(post({}, basic('plain', secret))))).toBe('plain authenticated by client_secret_basic')
  })
})

describe('a request that presents no client in one way is refused', () => {
  test.each<[string, Request]>([
    ['a header and a secret in the body', post(inBody, withBasic)],
    [
      'a header and a secret of the same client in the body',
      post({ client_id: 'client_secret_basic', client_secret: basicSecret }, withBasic),
    ],
    ['a header and an assertion', post({ client_assertion_type, client_assertion: assertion }, withBasic)],
    ['a header of another scheme and a secret in the body', post(inBody, { authorization: 'Bearer abc' })],
    ['a secret and an assertion', post({ ...inBody, client_assertion_type, client_assertion: assertion })],
    ['a secret and the type of an assertion alone', post({ ...inBody, client_assertion_type })],
    ['another client in the body than in the header', post({ client_id: 'client_secret_post' }, withBasic)],
    ['another client beside an assertion', post({ client_id: 'none', client_assertion_type, client_assertion: assertion })],
    ['a secret without a client', post({ client_secret: postSecret })],
    ['an assertion without its type', post({ client_assertion: assertion })],
    ['the type of an assertion without one', post({ client_assertion_type })],
    ['a client twice', post([['client_id', 'client_secret_post'], ...Object.entries(inBody)])],
    ['a secret twice', post([...Object.entries(inBody), ['client_secret', postSecret]])],
    ['a secret twice, once without a value', post([['client_secret', ''], ...Object.entries(inBody)])],
    ['a name that is spelled in two ways', post(`client_id=none&client%5Fid=none`)],
    ['any other parameter twice', post([...Object.entries(inBody), ['scope', 'a'], ['scope', 'a']])],
    ['a secret in the URI', post({}, {}, `${tokenEndpoint}?${new URLSearchParams(inBody)}`)],
    ['a secret in the URI beside a sound header', post({}, withBasic, `${tokenEndpoint}?client_secret=x`)],
    ['an assertion in the URI', post({}, {}, `${tokenEndpoint}?client_assertion=${assertion}`)],
  ])('%s', async (_, request) => {
    expect(await outcomeOfPromise(authenticate(request))).toBe('ERR_CLIENT_REQUEST')
  })
})

describe('a client that does not prove who it is, in the way it has registered, is refused', () => {
  const unusual = (authorization: string) => post({}, { authorization })
  test.each<[string, Request]>([
    ['nothing at all', post(grant)],
    ['an empty body', post('')],
    ['an unknown client', post({}, basic('nobody', basicSecret))],
    ['a wrong secret in the header', post({}, basic('client_secret_basic', postSecret))],
    ['a wrong secret in the body', post({ ...inBody, client_secret: basicSecret })],
    ['an empty secret in the header', post({}, basic('client_secret_basic', ''))],
    ['a secret with a space behind it', post({ ...inBody, client_secret: `${postSecret} ` })],
    ['the beginning of a secret', post({ ...inBody, client_secret: postSecret.slice(0, -1) })],
    ['a name in other letters', post({ ...inBody, client_id: 'CLIENT_SECRET_POST' })],
    ['the right secret by the other method', post({ client_id: 'client_secret_basic', client_secret: basicSecret })],
    ['the right secret by the other method, in the header', post({}, basic('client_secret_post', postSecret))],
    ['a confidential client without its secret', post({ client_id: 'client_secret_post' })],
    ['a confidential client without its assertion', post({ client_id: 'private_key_jwt' })],
    ['a confidential client whose secret has no value', post({ ...inBody, client_secret: '' })],
    ['a public client with an empty secret in the header', post({}, basic('none', ''))],
    ['a public client with a secret', post({ client_id: 'none', client_secret: 'x' })],
    ['a client without secrets, by an empty one', post({}, basic('private_key_jwt', ''))],
    ['a header of another scheme', unusual('Bearer abc')],
    ['a header that is empty', unusual('')],
    ['two headers', unusual(`${withBasic.authorization}, ${withBasic.authorization}`)],
    ['a header that is no base64', unusual('Basic client:secret')],
    ['a header in base64url', unusual(`Basic ${encode('??>:>>').replaceAll('+', '-').replaceAll('/', '_')}`)],
    ['a header without its padding', unusual(`Basic ${encode('client_secret_basic:xx').replace(/=+$/, '')}`)],
    ['a header with padding in the middle', unusual('Basic YQ==YQ==')],
    ['a header without a colon', unusual(`Basic ${encode('client_secret_basic')}`)],
    ['a header that is not UTF-8', unusual(`Basic ${Buffer.from('client_secret_b\u00e4sic:x', 'latin1').toString('base64')}`)],
    ['a header whose percent-encoding is broken', unusual(`Basic ${encode(`client_secret_basic:${basicSecret}%`)}`)],
    ['a header whose percent-encoding is not UTF-8', unusual(`Basic ${encode('client%ff:x')}`)],
    ['a name that ends in NUL', post({ ...inBody, client_id: 'client_secret_post\0' })],
    ['a name of other characters than client_id may have', post({ ...inBody, client_id: 'client_secret_p\u00f6st' })],
    ['a name that is too long', post({ ...inBody, client_id: 'a'.repeat(257) })],
    [
      'a type of assertion that is not known',
      post({ client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:saml2-bearer', client_assertion: 'x' }),
    ],
    [
      'a type of assertion with more in it',
      post({ client_assertion_type: `${client_assertion_type} `, client_assertion: assertion }),
    ],
    ['an assertion that is none', post({ client_assertion_type, client_assertion: 'a.b.c' })],
  ])('%s', async (_, request) => {
    expect(await outcomeOfPromise(authenticate(request))).toBe('ERR_CLIENT_AUTHENTICATION')
  })

  test('a method that this server does not have is refused, whoever has registered it', async () => {
    const { authenticate: narrow, basicSecret: secret } = await serveEveryMethod({ methods: ['private_key_jwt'] })
    expect(await outcomeOfPromise(narrow(post({}, basic('client_secret_basic', secret))))).toBe('ERR_CLIENT_AUTHENTICATION')
    expect(await outcomeOfPromise(narrow(post({ client_id: 'none' })))).toBe('ERR_CLIENT_AUTHENTICATION')
    expect(await outcomeOfPromise(narrow(asserted(makeAssertion())))).toBe('accepted')
  })

  test('a store that is not exact about names does not make one client of two', async () => {
    const store = memoryClientStore()
    const other = serveClients({ store })
    const secret = await other.admit('app', {})
    const client = await store.find('app')
    vi.spyOn(store, 'find').mockResolvedValue(client)
    expect(await outcomeOfPromise(other.authenticate(post({}, basic('APP', secret))))).toBe('ERR_CLIENT_AUTHENTICATION')
    expect(await outcomeOfPromise(other.authenticate(post({}, basic('app', secret))))).toBe('accepted')
  })

  test('a name that no client can have is not looked up', async () => {
    const store = memoryClientStore()
    const find = vi.spyOn(store, 'find')
    const other = serveClients({ store })
    for (const client_id of ['a\0', '\u00e4', 'a'.repeat(257)]) {
      expect(await outcomeOfPromise(other.authenticate(post({ client_id })))).toBe('ERR_CLIENT_AUTHENTICATION')
    }
    expect(find).not.toHaveBeenCalled()
  })
})

describe('an unknown client cannot be told from a wrong secret', () => {
  test.each<[string, Request]>([
    ['an unknown client', post({}, basic('nobody', 'guess'))],
    ['a wrong secret', post({}, basic('client_secret_basic', 'guess'))],
    ['another method', post({}, basic('client_secret_post', 'guess'))],
    ['a public client', post({}, basic('none', 'guess'))],
  ])('%s: the same error, one question to the store, one digest', async (_, request) => {
    const find = vi.spyOn(it.store, 'find')
    const digest = vi.spyOn(crypto.subtle, 'digest')
    const error = await authenticate(request).catch((refusal) => refusal)
    expect(error).toMatchObject({ code: 'ERR_CLIENT_AUTHENTICATION', message: 'client and secret do not belong together' })
    expect([find.mock.calls.length, digest.mock.calls.length]).toEqual([1, 2])
  })
})

describe('a store that cannot be asked', () => {
  test.each(['find', 'consume'] as const)('is an outage when it fails to %s, and never an answer', async (name) => {
    const { store, authenticate: ask } = await serveEveryMethod()
    vi.spyOn(store, name).mockRejectedValue(new Error('connection refused'))
    expect(await outcomeOfPromise(ask(asserted(makeAssertion())))).toBe('ERR_STORE_UNAVAILABLE')
  })
})
