import { applyMetadataPolicy, InvalidMetadataError, isEqualJson, type JsonObject } from '@software-statement/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { mergeMetadata } from '../../packages/verifier/src/merge/merge-metadata.js'
import { type MergeRules, mergeRules, parseMergeRules } from '../../packages/verifier/src/merge/merge-rules.js'
import { approval, decideWith } from '../support/registration.js'

const token = fc.constantFrom('a', 'b', 'c', 'd')
const set = fc.uniqueArray(token, { maxLength: 4 })
const scope = set.map((tokens) => tokens.join(' '))
const metadata: fc.Arbitrary<JsonObject> = fc.record(
  {
    client_name: token,
    'client_name#ja': token,
    'client_name#JA-x-a': token,
    logo_uri: token,
    jwks_uri: token,
    jwks: fc.constant({ keys: [] }),
    redirect_uris: set,
    grant_types: set,
    scope,
    toString: token,
    valueOf: token,
  },
  { requiredKeys: [], noNullPrototype: true },
)
const rules: fc.Arbitrary<MergeRules> = fc.record(
  {
    client_name: fc.constantFrom('override', 'match', 'statement-only', 'request-only'),
    logo_uri: fc.constantFrom('override', 'match', 'statement-only', 'request-only'),
    redirect_uris: fc.constantFrom(...mergeRules),
    grant_types: fc.constantFrom(...mergeRules),
    scope: fc.constantFrom(...mergeRules),
    jwks: fc.constantFrom('override', 'match', 'statement-only', 'request-only'),
    toString: fc.constantFrom('override', 'match', 'statement-only', 'request-only'),
  },
  { requiredKeys: [], noNullPrototype: true },
)

const baseOf = (member: string) => member.split('#', 1)[0] ?? ''
const unitOf = (member: string) => (member === 'jwks_uri' ? 'jwks' : baseOf(member))

/** What comes of a merge, or nothing where it is refused. */
function merge(vouched: JsonObject, requested: JsonObject, given: MergeRules = {}) {
  try {
    return mergeMetadata(vouched, requested, parseMergeRules(given, 'keep'))
  } catch (error) {
    if (error instanceof InvalidMetadataError) return undefined
    throw error
  }
}

const own = (object: JsonObject, name: string) => (Object.hasOwn(object, name) ? object[name] : undefined)

describe('without rules', () => {
  test('what is vouched for stands, and nothing else of the same unit', () => {
    fc.assert(
      fc.property(metadata, metadata, (vouched, requested) => {
        const merged = merge(vouched, requested)
        const units = new Set(Object.keys(vouched).map(unitOf))
        const free = Object.entries(requested).filter(([name]) => !units.has(unitOf(name)))
        expect(merged?.metadata).toEqual({ ...Object.fromEntries(free), ...vouched })
      }),
    )
  })

  test('the origin of every member is told, and that of every member that was left out', () => {
    fc.assert(
      fc.property(metadata, metadata, rules, (vouched, requested, given) => {
        const merged = merge(vouched, requested, given)
        if (merged === undefined) return
        const left = new Set(merged.ignored.map(({ member }) => member))
        const all = new Set([...Object.keys(vouched), ...Object.keys(requested)])
        expect(Object.keys(merged.provenance).sort()).toEqual(Object.keys(merged.metadata).sort())
        expect([...Object.keys(merged.metadata), ...left].sort()).toEqual([...all].sort())
        for (const [member, { source }] of Object.entries(merged.provenance)) {
          const side = source === 'statement' ? vouched : requested
          expect(Object.hasOwn(side, member)).toBe(true)
          if (source === 'statement') expect(merged.metadata[member]).toEqual(vouched[member])
        }
      }),
      { numRuns: 500 },
    )
  })
})

describe('with rules', () => {
  const items = (value: unknown): readonly unknown[] =>
    Array.isArray(value)
      ? value
      : String(value ?? '')
          .split(' ')
          .filter((item) => item !== '')

  test('no member goes beyond what its rule allows', () => {
    fc.assert(
      fc.property(metadata, metadata, rules, (vouched, requested, given) => {
        const merged = merge(vouched, requested, given)
        if (merged === undefined) return
        for (const [member, value] of Object.entries(merged.metadata)) {
          const rule = own(given, unitOf(member)) ?? 'override'
          const bound = own(vouched, member)
          if (rule === 'override' && bound !== undefined) expect(value).toEqual(bound)
          if (rule === 'match' && bound !== undefined) expect(new Set(items(value))).toEqual(new Set(items(bound)))
          if (rule === 'ceiling' || rule === 'intersect') expect(items(bound)).toEqual(expect.arrayContaining([...items(value)]))
          if (rule === 'floor') expect(items(value)).toEqual(expect.arrayContaining([...items(bound)]))
          if (rule === 'statement-only') expect(value).toEqual(bound)
          if (rule === 'request-only') expect(value).toEqual(own(requested, member))
        }
      }),
      { numRuns: 1000 },
    )
  })

  test('merging what was merged changes nothing', () => {
    fc.assert(
      fc.property(metadata, metadata, rules, (vouched, requested, given) => {
        const once = merge(vouched, requested, given)
        if (once !== undefined) expect(merge(vouched, once.metadata, given)?.metadata).toEqual(once.metadata)
      }),
      { numRuns: 500 },
    )
  })

  test('neither side is changed', () => {
    fc.assert(
      fc.property(metadata, metadata, rules, (vouched, requested, given) => {
        const before = JSON.stringify([vouched, requested])
        merge(vouched, requested, given)
        expect(JSON.stringify([vouched, requested])).toBe(before)
      }),
    )
  })
})

/** Merge rules that policy operators could say as well, were their operands the claims of a statement. */
describe('a rule is what the operators of a metadata policy make of the claim', () => {
  const nonEmpty = fc.uniqueArray(token, { minLength: 1, maxLength: 4 })
  const requestOf = (value: unknown): JsonObject => (value === undefined ? {} : { grant_types: value })
  function resolve(policy: Readonly<Record<string, unknown>>, requested: JsonObject) {
    try {
      return applyMetadataPolicy({ grant_types: policy }, requested).grant_types
    } catch (error) {
      if (error instanceof InvalidMetadataError) return 'refused'
      throw error
    }
  }
  const mergeOne = (rule: 'ceiling' | 'intersect' | 'floor' | 'override', vouched: readonly string[], requested: JsonObject) => {
    const merged = merge({ grant_types: vouched }, requested, { grant_types: rule })
    return merged === undefined ? 'refused' : merged.metadata.grant_types
  }

  test.each([
    ['ceiling', (claim: readonly string[]) => ({ x_within: claim, default: claim })],
    ['floor', (claim: readonly string[]) => ({ superset_of: claim, default: claim })],
    ['override', (claim: readonly string[]) => ({ value: claim })],
  ] as const)('%s', (rule, policy) => {
    fc.assert(
      fc.property(nonEmpty, fc.option(set, { nil: undefined }), (claim, value) => {
        expect(mergeOne(rule, claim, requestOf(value))).toEqual(resolve(policy(claim), requestOf(value)))
      }),
      { numRuns: 300 },
    )
  })

  test('intersect, but that nothing left is refused', () => {
    fc.assert(
      fc.property(nonEmpty, fc.option(nonEmpty, { nil: undefined }), (claim, value) => {
        const resolved = resolve({ subset_of: claim, default: claim }, requestOf(value))
        expect(mergeOne('intersect', claim, requestOf(value))).toEqual(isEqualJson(resolved, []) ? 'refused' : resolved)
      }),
      { numRuns: 300 },
    )
  })
})

describe('a registration', () => {
  const word = fc.stringMatching(/^[a-z]{1,8}$/)
  const page = word.map((path) => `https://mail.example/${path}`)
  const sound: fc.Arbitrary<JsonObject> = fc.record(
    {
      software_version: word,
      client_name: word,
      'client_name#ja': word,
      client_uri: page,
      'tos_uri#de': page,
      redirect_uris: fc.uniqueArray(page, { minLength: 1, maxLength: 3 }),
      scope: fc.uniqueArray(word, { minLength: 1, maxLength: 3 }).map((tokens) => tokens.join(' ')),
      contacts: fc.array(word, { maxLength: 2 }),
      default_max_age: fc.nat(),
      require_auth_time: fc.boolean(),
      subject_type: fc.constantFrom('pairwise', 'public'),
      hat: word,
    },
    { requiredKeys: ['redirect_uris'], noNullPrototype: true },
  )

  test('has every vouched member as it was signed, and of the request what nobody vouches for', async () => {
    await fc.assert(
      fc.asyncProperty(sound, sound, async (vouched, requested) => {
        const claims = { software_version: undefined, client_name: undefined, ...vouched }
        const { metadata } = await approval(decideWith(requested, { claims, unknownMembers: 'keep' }))
        const units = new Set(Object.keys(vouched).map(unitOf))
        const free = Object.entries(requested).filter(([name]) => !units.has(unitOf(name)))
        expect(metadata).toMatchObject({ ...Object.fromEntries(free), ...vouched })
        const others = Object.keys(requested).filter((name) => units.has(unitOf(name)) && !Object.hasOwn(vouched, name))
        expect(others.filter((name) => Object.hasOwn(metadata, name))).toEqual([])
      }),
      { numRuns: 200 },
    )
  })
})
