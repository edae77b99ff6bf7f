import {
  createAddressReader,
  createClientAuthenticator,
  createInitialAccessToken,
  createLimits,
  createRegistrationEndpoint,
  memoryClientStore,
  type RegistrationEndpointOptions,
  rotateClientSecret,
} from '@software-statement/registration'
import { createNodeListener } from '@software-statement/registration/node'
import { describe, expect, test } from 'vitest'
import { makeEndpoint } from '../../support/endpoint.js'
import { makeStatement } from '../../support/make-jws.js'
import { trustPublisher } from '../../support/registration.js'

const store = memoryClientStore()
const sound = { issuer: 'https://as.example', store }

/** Anything may be given where types are not checked. */
const make = (options: object) => createRegistrationEndpoint({ ...sound, ...options } as RegistrationEndpointOptions)

describe('options that make no sense are refused at construction, by their name', () => {
  test.each<[name: string, value: unknown]>([
    ['issuer', undefined],
    ['issuer', 'as.example'],
    ['issuer', 'http://as.example'],
    ['issuer', 'http://127.0.0.1.evil.example'],
    ['issuer', 'https://as.example?tenant=1'],
    ['issuer', 'https://as.example#x'],
    ['issuer', 'https://user@as.example'],
    ['issuer', 'https://AS.example'],
    ['issuer', 'https://as.example:443'],
    ['issuer', 'ftp://as.example'],
    ['store', undefined],
    ['store', 'memory'],
    ['store', { admit: async () => 'admitted' }],
    ['store', { ...store, consume: undefined }],
    ['trust', {}],
    ['mode', 'closed'],
    ['path', 'reg'],
    ['path', '/'],
    ['path', '/reg/'],
    ['path', '/reg?x'],
    ['path', '/.well-known/reg'],
    ['path', '/a/../reg'],
    ['metadata', []],
    ['onUnprocessed', 'ignore'],
    ['uniqueness', 'client_name'],
    ['secretLifetime', true],
    ['secretLifetime', 'soon'],
    ['secretLifetime', -1],
    ['secretLifetime', 0],
    ['tokenRotation', true],
    ['tokenRotation', {}],
    ['tokenRotation', { overlap: 'soon' }],
    ['tokenRotation', { overlap: 1, lifetime: 1 }],
    ['cors', '*'],
    ['cors', ['*']],
    ['cors', ['https://app.example/']],
    ['rateLimits', {}],
    ['addressOf', '192.0.2.1'],
    ['clientAuthentication', 7],
    ['onDecision', 'log'],
    ['onError', 'log'],
    ['now', new Date()],
    ['random', 4],
    ['algorithms', ['none']],
    ['limits', 7],
    ['redirectSchemes', 'vscode'],
    ['merge', { redirect_uris: 'widen' }],
  ])('%s: %j', (name, value) => {
    expect(() => make({ [name]: value })).toThrow(TypeError)
    expect(() => make({ [name]: value })).toThrow(name === 'merge' ? 'merge rule' : name)
  })

  test.each(['modes', 'statement', 'seen', 'checkAll', 'ISSUER', 'constructor', 'currentDate'])('%s is none', (name) => {
    expect(() => make({ [name]: 'x' })).toThrow(`"${name}" is not an option here`)
  })

  test.each(['statement', 'statement-or-token'])('the mode %s needs somebody to trust', (mode) => {
    expect(() => make({ mode })).toThrow(TypeError)
    expect(() => make({ mode, trust: trustPublisher() })).not.toThrow()
  })

  test.each([undefined, null, 7, []])('%j are no options', (options) => {
    expect(() => createRegistrationEndpoint(options as unknown as RegistrationEndpointOptions)).toThrow(TypeError)
  })

  test('an illegal metadata policy is told at once', () => {
    expect(() => make({ metadata_policy: { scope: { sub_set_of: ['a'] } } })).toThrow(
      expect.objectContaining({ code: 'ERR_POLICY_CRITICAL' }),
    )
  })
})

test.each<[string, (options: never) => unknown]>([
  ['createRegistrationEndpoint', createRegistrationEndpoint],
  ['createClientAuthenticator', createClientAuthenticator],
  ['createLimits', createLimits],
  ['createAddressReader', createAddressReader],
  ['createInitialAccessToken', (options) => createInitialAccessToken(store, options)],
  ['rotateClientSecret', (options) => rotateClientSecret(store, 'unknown', options)],
  ['memoryClientStore', memoryClientStore],
  ['createNodeListener', (options) => createNodeListener(async () => new Response(), options)],
])('%s says what is wrong with options that are no object', async (_, make) => {
  for (const options of [null, 7, 'x', []]) {
    await expect(async () => make(options as never)).rejects.toThrow(/^options must be an object$/)
  }
})

test('options that are given as undefined are not given', async () => {
  const names = ['audience', 'mode', 'path', 'metadata', 'limits', 'secretLifetime', 'tokenRotation', 'rateLimits', 'onDecision']
  const options = Object.fromEntries(names.map((name) => [name, undefined]))
  const { register } = makeEndpoint({ ...options, trust: trustPublisher() })
  await register({ software_statement: makeStatement({ claims: { aud: 'https://as.example' } }) })
})
