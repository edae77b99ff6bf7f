import { defaultLimits } from '@software-statement/core'
import {
  createAddressReader,
  createInitialAccessToken,
  createLimits,
  createRegistrationEndpoint,
  type InitialAccessTokenOptions,
  memoryClientStore,
  parseServiceConfiguration,
} from '@software-statement/registration'
import { createNodeServer } from '@software-statement/registration/node'
import { describe, expect, test } from 'vitest'
import { toJsonSchema } from '../../.ci/write-schemas.js'
import { serviceConfigurationSchema } from '../../packages/registration/src/service-configuration.js'
import { now } from '../support/make-jws.js'

interface Shape {
  readonly properties: Readonly<Record<string, Shape & { readonly anyOf?: readonly Shape[] }>>
}

/** What may stand in the file, and below one of its members. */
const schema = toJsonSchema(serviceConfigurationSchema) as Shape // JSON Schema of an object
const namesOf = ({ properties }: Pick<Shape, 'properties'>) => Object.keys(properties ?? {}).sort()

/** Every option is named where one that there is not is refused. */
function optionsOf(misuse: () => unknown): readonly string[] {
  try {
    misuse()
  } catch (error) {
    return String(error)
      .replace(/^.*there are /s, '')
      .split(', ')
      .sort()
  }
  throw new Error('nothing was refused')
}

const frobnicate = { frobnicate: 1 } as object

describe('a service can be configured with', () => {
  test('every option of the endpoint that is data', () => {
    const options = optionsOf(() =>
      createRegistrationEndpoint({ issuer: 'https://as.example', store: memoryClientStore(), ...frobnicate }),
    )
    // Functions, and what clients authenticate with at other endpoints than this one.
    const others = ['addressOf', 'cache', 'clientAuthentication', 'now', 'onDecision', 'onError', 'random', 'status']
    expect(options.length).toBeGreaterThan(25)
    expect(options.filter((name) => !namesOf(schema).includes(name) && !others.includes(name))).toEqual([])
  })

  test.each<[string, () => readonly string[], readonly string[]]>([
    ['rateLimits', () => optionsOf(() => createLimits(frobnicate)), ['createLimiter']],
    ['proxies', () => optionsOf(() => createAddressReader(frobnicate)), []],
    ['limits', () => Object.keys(defaultLimits).sort(), []],
  ])('everything that there is of %s', (member, options, functions) => {
    const { [member]: shape } = schema.properties
    expect(shape && namesOf(shape)).toEqual(options().filter((name) => !functions.includes(name)))
  })

  test('every limit of connections', () => {
    const { server } = schema.properties
    for (const name of server ? namesOf(server) : []) {
      if (name !== 'drainTime')
        expect(() => createNodeServer(async () => new Response(), { [name]: 'nonsense' })).toThrow(/duration|must be/)
    }
    expect(server && namesOf(server)).toContain('requestTimeout')
  })
})

describe('parseServiceConfiguration', () => {
  test('gives what stands there', () => {
    const text =
      '{"$schema":"x","mode":"token","metadata":{"scopes_supported":["mail"]},"tokenRotation":{"overlap":"1 hour"},"cors":true}'
    const said = {
      $schema: 'x',
      mode: 'token',
      metadata: { scopes_supported: ['mail'] },
      tokenRotation: { overlap: '1 hour' },
      cors: true,
    }
    expect(parseServiceConfiguration(text)).toEqual(said)
    expect(parseServiceConfiguration(new TextEncoder().encode(text))).toEqual(said)
  })

  test.each([
    ['', 'JSON'],
    ['[]', 'object'],
    ['{"mode":"token","mode":"open"}', 'duplicate'],
    ['{"modes":"token"}', 'modes'],
    ['{"mode":"closed"}', 'mode'],
    ['{"port":70000}', 'port'],
    ['{"port":"80"}', 'port'],
    ['{"metadata":{"scope":["mail"]}}', 'scope'],
    ['{"metadata":{"token_endpoint":"http://as.example"}}', 'token_endpoint'],
    ['{"rateLimits":{"createLimiter":1}}', 'createLimiter'],
    ['{"rateLimits":{"failures":0}}', 'failures'],
    ['{"merge":{"scope":"never"}}', 'scope'],
    ['{"tokenRotation":true}', 'tokenRotation'],
    ['{"metrics":{"host":"localhost"}}', 'metrics'],
    ['{"__proto__":{}}', 'configuration'],
  ])('of %j is a TypeError that says where', (text, named) => {
    expect(() => parseServiceConfiguration(text)).toThrow(TypeError)
    expect(() => parseServiceConfiguration(text)).toThrow(named)
  })

  test('of something else than text is a TypeError', () => {
    expect(() => parseServiceConfiguration({} as string)).toThrow(TypeError) // what the types refuse
  })
})

describe('an initial access token', () => {
  test('is random, and stored as a digest that gives it not away', async () => {
    const store = memoryClientStore()
    const tokens = await Promise.all(Array.from({ length: 50 }, () => createInitialAccessToken(store)))
    expect(new Set(tokens).size).toBe(50)
    for (const token of tokens) expect(token).toMatch(/^[\w-]{43}$/)
    expect(await store.findInitialAccessToken(tokens[0] ?? '')).toBeUndefined()
  })

  test('has the clock and the randomness that are given', async () => {
    const options = { uses: 3, expiresIn: 1.5, now: () => new Date(now * 1000), random: (bytes: Uint8Array) => bytes.fill(7) }
    const store = memoryClientStore()
    const token = await createInitialAccessToken(store, options)
    expect(token).toBe(Buffer.alloc(32, 7).toString('base64url'))
    const digest = Buffer.from(await crypto.subtle.digest('SHA-256', Buffer.from(token))).toString('base64url')
    expect(await store.findInitialAccessToken(digest)).toEqual({ digest, issuedAt: now, uses: 3, expiresAt: now + 2 })
  })

  test.each<[string, unknown]>([
    ['uses', { uses: 0 }],
    ['uses', { uses: 1.5 }],
    ['uses', { uses: 'many' }],
    ['expiresIn', { expiresIn: 0 }],
    ['duration', { expiresIn: 'soon' }],
    ['count', { count: 2 }],
  ])('misuse of %s is a TypeError that names it: %j', async (name, options) => {
    const made = createInitialAccessToken(memoryClientStore(), options as InitialAccessTokenOptions) // what the types refuse
    await expect(made).rejects.toThrow(new RegExp(name))
    await expect(made).rejects.toThrow(TypeError)
  })
})
