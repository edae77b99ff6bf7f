import { AccessError, InvalidMetadataError, TrustUnavailableError } from '@software-statement/core'
import {
  type ClientAuthenticationOptions,
  clientErrorResponse,
  createClientAuthenticator,
  createLimits,
  memoryClientStore,
} from '@software-statement/registration'
import { describe, expect, test } from 'vitest'
import { basic, post, serveEveryMethod, server } from '../../support/client-server.js'

async function read(error: unknown) {
  const response = clientErrorResponse(error, server)
  const names = ['www-authenticate', 'retry-after', 'allow', 'cache-control', 'pragma', 'content-type']
  const headers = names.map((name) => response.headers.get(name)).filter((value) => value !== null)
  const { error: name } = (await response.json()) as { error: string } // as every answer has it
  return [response.status, name, ...headers]
}

const always = ['no-store', 'no-cache', 'application/json']
const challenge = 'Basic realm="https://as.example", charset="UTF-8"'

describe('the answers of RFC 6749 5.2', () => {
  test.each<[Error, readonly unknown[]]>([
    [new AccessError('ERR_CLIENT_AUTHENTICATION', 'x'), [401, 'invalid_client', challenge, ...always]],
    [new AccessError('ERR_CLIENT_REQUEST', 'x'), [400, 'invalid_request', ...always]],
    [new AccessError('ERR_METHOD_NOT_ALLOWED', 'x'), [405, 'invalid_request', 'POST', ...always]],
    [new AccessError('ERR_RATE_LIMITED', 'x', { retryAfter: 7 }), [429, 'too_many_requests', '7', ...always]],
    [
      new TrustUnavailableError('ERR_CLIENT_KEYS_UNAVAILABLE', 'x', { retryAfter: 30 }),
      [503, 'temporarily_unavailable', '30', ...always],
    ],
    [new TrustUnavailableError('ERR_STORE_UNAVAILABLE', 'x'), [503, 'temporarily_unavailable', '30', ...always]],
    [new InvalidMetadataError([{ code: 'ERR_REQUEST_JSON', message: 'x' }]), [400, 'invalid_client_metadata', ...always]],
  ])('%o', async (error, answer) => {
    expect(await read(error)).toEqual(answer)
  })

  test('what is no refusal is thrown on', () => {
    const bug = new RangeError('bug')
    expect(() => clientErrorResponse(bug, server)).toThrow(bug)
    expect(() => clientErrorResponse('text', server)).toThrow()
  })

  test('they tell nothing of what was sent, and nothing of which client there is', async () => {
    const { authenticate } = await serveEveryMethod()
    const answers = await Promise.all(
      ['nobody', 'client_secret_basic', 'none'].map(async (clientId) => {
        const error = await authenticate(post({}, basic(clientId, 'guessed-secret'))).catch((refusal) => refusal)
        return clientErrorResponse(error, server).text()
      }),
    )
    expect(new Set(answers)).toEqual(new Set(['{"error":"invalid_client","error_description":"Client authentication failed"}']))
  })
})

describe('options that make no sense are mistakes of the program', () => {
  const sound = { store: memoryClientStore(), issuer: server, limits: createLimits() }

  test.each<[string, object]>([
    ['clockTolerence', { clockTolerence: 5 }],
    ['issuer', { issuer: 'as.example' }],
    ['issuer', { issuer: undefined }],
    ['store', { store: {} }],
    ['store', { store: undefined }],
    ['store', { store: { find: async () => undefined } }],
    ['addressOf', { addressOf: '192.0.2.1' }],
    ['now', { now: new Date() }],
    ['limits', { limits: undefined }],
    ['limits', { limits: { failures: 10 } }],
    ['methods', { methods: [] }],
    ['methods', { methods: ['client_secret_jwt'] }],
    ['methods', { methods: 'none' }],
    ['algorithms', { algorithms: [] }],
    ['algorithms', { algorithms: ['HS256'] }],
    ['algorithms', { algorithms: ['none'] }],
    ['duration', { keyCache: { maxAge: 'long' } }],
    ['maxBytes', { maxBytes: 0 }],
    ['maxBytes', { maxBytes: Number.NaN }],
    ['clockTolerance', { clockTolerance: 3601 }],
    ['maxAssertionLifetime', { maxAssertionLifetime: '2 days' }],
    ['duration', { maxAssertionLifetime: 'long' }],
  ])('%s: %o', (name, options) => {
    const all = { ...sound, ...options } as ClientAuthenticationOptions // what JavaScript lets pass
    expect(() => createClientAuthenticator(all)).toThrow(TypeError)
    expect(() => createClientAuthenticator(all)).toThrow(name)
  })

  test('the sound ones are none', () => {
    expect(() => createClientAuthenticator(sound)).not.toThrow()
  })
})
