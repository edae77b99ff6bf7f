import {
  clientMetadataSchema,
  defaultLimits,
  type JsonObject,
  knownMembers,
  type MemberKind,
  sortMetadata,
} from '@software-statement/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

const samples: Readonly<Record<MemberKind, { readonly right: readonly unknown[]; readonly wrong: readonly unknown[] }>> = {
  string: { right: ['', 'a'], wrong: [null, 7, true, ['a'], { a: 'a' }] },
  'string[]': { right: [[], ['a', 'b']], wrong: [null, 'a', 7, true, [7], ['a', null], { 0: 'a' }] },
  boolean: { right: [true, false], wrong: [null, 'true', 0, 1, [], {}] },
  integer: { right: [0, 60, Number.MAX_SAFE_INTEGER], wrong: [null, -1, 1.5, '60', true, [60], 2 ** 53] },
  object: { right: [{}, { keys: [] }], wrong: [null, [], 'a', 7, true] },
}

const taken = [...knownMembers].filter(([, { responseOnly }]) => responseOnly !== true)

describe('JSON types of members', () => {
  test.each(taken)('%s', (name, { kind }) => {
    for (const mode of ['lenient', 'strict'] as const) {
      for (const value of samples[kind].right)
        expect(sortMetadata({ [name]: value }, mode)).toMatchObject({ known: { [name]: value }, issues: [] })
      const lenient = mode === 'lenient' && name === 'software_version'
      for (const value of samples[kind].wrong.filter((wrong) => !lenient || typeof wrong !== 'number')) {
        const { issues } = sortMetadata({ [name]: value }, mode)
        expect(issues.map(({ code, member }) => [code, member])).toEqual([['ERR_METADATA_TYPE', name]])
      }
    }
  })

  test('an item of the wrong type is found by its position', () => {
    expect(sortMetadata({ redirect_uris: ['https://a.example', 7] }).issues).toMatchObject([
      { member: 'redirect_uris', path: [1] },
    ])
  })

  test('every member with a wrong type is reported, the tagged ones as well', () => {
    const { issues } = sortMetadata({ client_name: 7, 'client_name#ja': 7, scope: [], keywords: 'a', 'keywords#de': [1] })
    expect(issues.map(({ member }) => member).sort()).toEqual([
      'client_name',
      'client_name#ja',
      'keywords',
      'keywords#de',
      'scope',
    ])
  })

  test('only the lenient way takes a software_version that is a number, and makes it a text', () => {
    expect(sortMetadata({ software_version: 2.1 }, 'lenient').known).toEqual({ software_version: '2.1' })
    expect(sortMetadata({ software_version: 2.1 }, 'strict').issues).toMatchObject([{ member: 'software_version' }])
  })

  test('issues hold nothing of the values', () => {
    const { issues } = sortMetadata({ client_name: { secret: 'xyzzy' }, redirect_uris: [{ xyzzy: 1 }], scope: 77_777 })
    expect(issues).toHaveLength(3)
    expect(JSON.stringify(issues)).not.toMatch(/xyzzy|77777/)
  })
})

describe('kinds of members', () => {
  test('members are known, unknown or the server\u2019s', () => {
    const metadata = {
      client_name: 'a',
      toString: 'b',
      Client_Name: 'c',
      client_id: 'd',
      client_secret_expires_at: 0,
      'scope#de': 'e',
    }
    expect(sortMetadata(metadata)).toEqual({
      known: { client_name: 'a' },
      unknown: { toString: 'b', Client_Name: 'c', 'scope#de': 'e' },
      responseOnly: ['client_id', 'client_secret_expires_at'],
      issues: [],
    })
  })

  test('exactly the human-readable members may have language tags', () => {
    const tagged = [...knownMembers].filter(([, { tagged }]) => tagged).map(([name]) => name)
    expect(tagged.sort()).toEqual([
      'client_name',
      'client_uri',
      'description',
      'information_uri',
      'keywords',
      'logo_uri',
      'organization_name',
      'organization_uri',
      'policy_uri',
      'tos_uri',
    ])
  })

  test('nothing is lost and nothing added', () => {
    const name = fc.oneof(
      fc.constantFrom(...knownMembers.keys()),
      fc.constantFrom('client_name#ja', 'valueOf', 'a#b', '#'),
      fc.string(),
    )
    const value = fc.oneof(fc.string(), fc.array(fc.string()), fc.boolean(), fc.nat(), fc.constant({}))
    fc.assert(
      fc.property(fc.dictionary(name, value, { noNullPrototype: true }), (metadata) => {
        const { known, unknown, responseOnly } = sortMetadata(metadata, 'strict')
        expect([...Object.keys(known), ...Object.keys(unknown), ...responseOnly].sort()).toEqual(Object.keys(metadata).sort())
        for (const [member, given] of Object.entries({ ...known, ...unknown })) expect(given).toEqual(metadata[member])
      }),
    )
  })
})

describe('language tags', () => {
  test.each(['', ' ', 'not a tag', 'e', 'en_GB', 'en-', '-en', 'x'.repeat(9), 'en-GB#de'])('client_name#%s is refused', (tag) => {
    expect(sortMetadata({ [`client_name#${tag}`]: 'a' }).issues).toMatchObject([{ code: 'ERR_LANGUAGE_TAG' }])
  })

  test.each<[metadata: JsonObject]>([
    [{ 'client_name#en': 'a', 'client_name#EN': 'b' }],
    [{ 'client_name#zh-Hant': 'a', 'client_name#zh-hant': 'a' }],
  ])('%j: one member spelled twice is refused', (metadata) => {
    expect(sortMetadata(metadata).issues).toMatchObject([{ code: 'ERR_LANGUAGE_TAG' }])
  })

  test('one tag may stand at different members', () => {
    expect(sortMetadata({ 'client_name#en': 'a', 'tos_uri#EN': 'https://a.example' }).issues).toEqual([])
  })

  test('the number of forms of one member is limited', () => {
    const forms = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, index) => [`client_name#en-x-${index}`, 'a']))
    expect(sortMetadata(forms(defaultLimits.languageTags)).issues).toEqual([])
    expect(sortMetadata(forms(defaultLimits.languageTags + 1)).issues).toMatchObject([{ code: 'ERR_LANGUAGE_TAG' }])
  })
})

describe('the schema', () => {
  test('what it parses is returned as it was, unknown and tagged members with it', () => {
    const metadata = { redirect_uris: ['https://a.example/cb'], 'client_name#ja': 'a', org_id: { deep: [1] } }
    expect(clientMetadataSchema.parse(metadata)).toEqual(metadata)
  })

  test('an own __proto__ does not become the prototype of the result', () => {
    const parsed = clientMetadataSchema.parse(JSON.parse('{"__proto__":{"scope":"admin"},"client_name":"a"}'))
    expect(parsed.scope).toBeUndefined()
    expect(Object.getPrototypeOf(parsed)).toBe(Object.prototype)
  })
})
