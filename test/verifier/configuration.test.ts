import type { JsonObject } from '@software-statement/core'
import { describe, expect, test } from 'vitest'
import { parseTrustConfiguration } from '../../packages/verifier/src/configuration.js'
import { createDecider } from '../../packages/verifier/src/decide.js'
import { respond, serve } from '../support/key-server.js'
import { keys, publicHalf } from '../support/keys.js'
import { audience, issuer, makeStatement, now } from '../support/make-jws.js'
import { at, codeOf } from '../support/registration.js'

const jwks = { keys: [publicHalf(keys.ed25519)] }
const entry = { issuer, jwks }
const text = (configuration: JsonObject) => JSON.stringify(configuration)
const files = (given: Readonly<Record<string, string | Uint8Array>>) => ({
  readFile: async (path: string) => {
    const content = new Map(Object.entries(given)).get(path)
    if (content === undefined) throw new Error(`ENOENT ${path}`)
    return typeof content === 'string' ? Buffer.from(content) : content
  },
})

describe('a trust file', () => {
  test('gives trust and the options of a decision', async () => {
    const file = {
      $schema: 'trust.schema.json',
      issuers: [{ ...entry, algorithms: ['EdDSA'], maxLifetime: '90 days', mayAssert: { software_id: ['mail'] } }],
      merge: { redirect_uris: 'ceiling' },
      metadata_policy: { scope: { subset_of: ['openid'] } },
      metadata_policy_crit: ['subset_of'],
      unknownMembers: 'refuse',
      redirectSchemes: ['vscode'],
    }
    const { trust, options } = await parseTrustConfiguration(text(file))
    const { issuers: _, $schema: __, ...others } = file
    expect(options).toEqual(others)
    const decide = createDecider(trust, { ...options, audience })
    const request = { software_statement: makeStatement(), scope: 'openid admin' }
    expect(await decide(request, { currentDate: at(now) })).toMatchObject({ approved: true, metadata: { scope: 'openid' } })
    expect(await codeOf(decide({ ...request, hat: 1 }, { currentDate: at(now) }))).toBe('ERR_METADATA_UNKNOWN')
  })

  test('may be bytes', async () => {
    const { trust } = await parseTrustConfiguration(Buffer.from(text({ issuers: [entry] })))
    expect(await codeOf(createDecider(trust)({ software_statement: makeStatement() }, { currentDate: at(now) }))).toBe('approved')
  })

  test('may name files with keys, which are read by the path as it stands there', async () => {
    const { trust } = await parseTrustConfiguration(
      text({ issuers: [{ issuer, jwksFile: '../keys/publisher.json' }] }),
      files({ '../keys/publisher.json': text(jwks) }),
    )
    expect(await codeOf(createDecider(trust)({ software_statement: makeStatement() }, { currentDate: at(now) }))).toBe('approved')
  })

  test('nothing is fetched while it is read', async () => {
    const { fetch, requests } = serve(() => respond(JSON.stringify(jwks)))
    const { trust } = await parseTrustConfiguration(text({ issuers: [{ issuer, jwksUri: 'https://publisher.example/jwks' }] }), {
      fetch,
    })
    expect(requests).toHaveLength(0)
    expect(await codeOf(createDecider(trust)({ software_statement: makeStatement() }, { currentDate: at(now) }))).toBe('approved')
    expect(requests).toHaveLength(1)
  })

  test('says whether an issuer limits the use of statements', async () => {
    const { trust } = await parseTrustConfiguration(text({ issuers: [{ ...entry, replay: 'once' }] }))
    expect(trust.limitsReplay).toBe(true)
    expect(() => createDecider(trust)).toThrow(TypeError)
  })

  test('may be larger than a request', async () => {
    const issuers = Array.from({ length: 300 }, (_, index) => ({ issuer: `https://publisher-${index}.example`, jwks }))
    await expect(parseTrustConfiguration(text({ issuers }))).resolves.toHaveProperty('trust')
  })
})

describe('what makes no sense is refused, with the place', () => {
  test.each<[what: string, given: string | Uint8Array, place: RegExp]>([
    ['no JSON', 'issuers:', /JSON/],
    ['an array', '[]', /object/],
    ['bytes that are not UTF-8', Uint8Array.of(0x7b, 0xff), /UTF-8/],
    ['duplicate members', `{"issuers":[],"issuers":[${text(entry)}]}`, /duplicate/],
    ['a forbidden name', `{"issuers":[${text(entry)}],"__proto__":{}}`, /__proto__/],
    ['no issuers', '{}', /issuers/],
    ['an empty list of issuers', '{"issuers":[]}', /issuers/],
    ['an unknown member', text({ issuers: [entry], issuer: [] }), /issuer/],
    ['an unknown rule', text({ issuers: [{ ...entry, alg: ['EdDSA'] }] }), /issuers\[0\]|alg/],
    ['an unknown merge rule', text({ issuers: [entry], merge: { scope: 'minimum' } }), /merge/],
    ['a set rule for a single value', text({ issuers: [entry], merge: { client_name: 'ceiling' } }), /client_name/],
    ['an unknown way with unknown members', text({ issuers: [entry], unknownMembers: 'drop' }), /unknownMembers/],
    ['an issuer without keys', text({ issuers: [{ issuer }] }), /jwks/],
    ['an issuer with two sources of keys', text({ issuers: [{ ...entry, jwksFile: 'a.json' }] }), /jwksFile/],
    ['an issuer twice', text({ issuers: [entry, entry] }), /twice/],
    ['a file that cannot be read here', text({ issuers: [{ issuer, jwksFile: 'a.json' }] }), /jwksFile/],
    ['a malformed duration', text({ issuers: [{ ...entry, maxTokenAge: '1 moon' }] }), /maxTokenAge/],
    [
      'a redirect host that is a URL',
      text({ issuers: [{ ...entry, mayAssert: { redirectHosts: ['mail.example', 'https://mail.example'] } }] }),
      /mayAssert.*redirectHosts.*1/,
    ],
    [
      'a redirect host with a wildcard',
      text({ issuers: [{ ...entry, mayAssert: { redirectHosts: ['*.example'] } }] }),
      /redirectHosts/,
    ],
    [
      'a redirect host in capitals',
      text({ issuers: [{ ...entry, mayAssert: { redirectHosts: ['Mail.example'] } }] }),
      /redirectHosts/,
    ],
    ['http for keys', text({ issuers: [{ issuer, jwksUri: 'http://publisher.example/jwks' }] }), /jwksUri/],
    ['a private key', text({ issuers: [{ issuer, jwks: { keys: [keys.ed25519] } }] }), /private/],
  ])('%s', async (_, given, place) => {
    const fault: unknown = await parseTrustConfiguration(given).catch((error) => error)
    expect(fault).toBeInstanceOf(TypeError)
    expect(String(fault)).toMatch(place)
    expect(String(fault)).not.toContain(String(keys.ed25519.d))
  })

  test.each<[what: string, content: string]>([
    ['no JSON', '-----BEGIN PUBLIC KEY-----'],
    ['a key instead of a set', text(publicHalf(keys.ed25519))],
    ['no keys', '{"keys":[]}'],
    ['a private key', text({ keys: [keys.ed25519] })],
    ['duplicate members', '{"keys":[],"keys":[]}'],
  ])('a file of keys with %s', async (_, content) => {
    const given = text({ issuers: [{ issuer, jwksFile: 'a.json' }] })
    await expect(parseTrustConfiguration(given, files({ 'a.json': content }))).rejects.toThrow(TypeError)
  })

  test('a file of keys that is not there is the error of who reads it', async () => {
    const given = text({ issuers: [{ issuer, jwksFile: 'a.json' }] })
    await expect(parseTrustConfiguration(given, files({}))).rejects.toThrow('ENOENT')
  })

  test.each<[code: string, given: JsonObject]>([
    ['ERR_POLICY_OPERAND', { metadata_policy: { scope: { one_of: 'openid' } } }],
    ['ERR_POLICY_COMBINATION', { metadata_policy: { scope: { one_of: ['a'], subset_of: ['a'] } } }],
    ['ERR_POLICY_CRITICAL', { metadata_policy: {}, metadata_policy_crit: ['x_magic'] }],
    ['ERR_POLICY_CRITICAL', { metadata_policy_crit: ['x_magic'] }],
    ['ERR_POLICY_CRITICAL', { metadata_policy: { scope: { subsetof: ['a'] } } }],
    ['ERR_POLICY_CRITICAL', { metadata_policy: { scope: { subset_of: ['a'], toString: 'a' } } }],
  ])('an illegal policy: %s', async (code, given) => {
    await expect(parseTrustConfiguration(text({ issuers: [entry], ...given }))).rejects.toMatchObject({ code })
  })
})
