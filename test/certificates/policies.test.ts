import { CertificatePathError, type PolicyInputs, pathLimits, validateCertificatePath } from '@software-statement/certificates'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Budget } from '../../packages/certificates/src/path/budget.js'
import { PolicyGraph } from '../../packages/certificates/src/policies/policy-graph.js'
import {
  certificatePolicies,
  type ExtensionPart,
  inhibitAnyPolicy,
  policyConstraints,
  policyMappings,
} from '../support/certificates/extensions.js'
import { at, type Issued, issue, issueAuthority, issueRoot } from '../support/certificates/issue.js'
import { PolicyTree } from '../support/certificates/policy-tree.js'

const any = '2.5.29.32.0'
const [one, two, three, four, five] = ['1.2.3.1', '1.2.3.2', '1.2.3.3', '1.2.3.4', '1.2.3.5']

/** What one certificate says of policies; `self` makes it one with the name of the one before. */
interface Said {
  readonly is?: readonly string[]
  readonly maps?: readonly (readonly [string, string])[]
  readonly requires?: number
  readonly stopsMapping?: number
  readonly stopsAny?: number
  readonly self?: true
}

function write({ is, maps, requires, stopsMapping, stopsAny }: Said): readonly ExtensionPart[] {
  const constraints = {
    ...(requires === undefined ? {} : { requireExplicitPolicy: requires }),
    ...(stopsMapping === undefined ? {} : { inhibitPolicyMapping: stopsMapping }),
  }
  return [
    ...(is === undefined ? [] : [certificatePolicies(...is)]),
    ...(maps === undefined ? [] : [policyMappings(...maps)]),
    ...(Object.keys(constraints).length === 0 ? [] : [policyConstraints(constraints)]),
    ...(stopsAny === undefined ? [] : [inhibitAnyPolicy(stopsAny)]),
  ]
}

/** The policies a path is valid for, or the code of its fault; given is what its certificates say, that below the anchor first. */
async function validate(said: readonly Said[], policies: PolicyInputs = {}, anchorSays: Said = {}) {
  const anchor = issueRoot({ extensions: write(anchorSays) })
  let issuer: Issued = anchor
  const issued = said.map((says, index) => {
    const parts = { extensions: write(says), name: says.self ? issuer.name : `Certificate ${index}` }
    issuer = index === said.length - 1 ? issue(issuer, parts) : issueAuthority(issuer, parts)
    return issuer
  })
  const leaf = issued.pop() ?? anchor
  const options = { intermediates: issued.map(({ der }) => der), anchors: [anchor.der], at, policies }
  try {
    return [...(await validateCertificatePath(leaf.der, options)).policies].sort()
  } catch (error) {
    if (!(error instanceof CertificatePathError)) throw error
    return error.code.replace('ERR_CERTIFICATE_', '')
  }
}

const explicit = { initialExplicitPolicy: true }
const only = (...policies: readonly string[]) => ({ userInitialPolicySet: policies })

describe('certificate policies', () => {
  test.each<[string, readonly Said[], PolicyInputs, readonly string[] | string]>([
    ['the same in all', [{ is: [one] }, { is: [one] }], explicit, [one]],
    ['the same in all, and acceptable', [{ is: [one] }, { is: [one] }], { ...explicit, ...only(one) }, [one]],
    ['the same in all, and not acceptable', [{ is: [one] }, { is: [one] }], { ...explicit, ...only(two) }, 'POLICY'],
    ['not acceptable, and not required', [{ is: [one] }, { is: [one] }], only(two), []],
    ['none, and not required', [{}, {}], {}, []],
    ['none', [{}, {}], explicit, 'POLICY'],
    ['none in the leaf', [{ is: [one] }, {}], explicit, 'POLICY'],
    ['none in an intermediate', [{}, { is: [one] }], explicit, 'POLICY'],
    ['others in all', [{ is: [one] }, { is: [two] }], {}, []],
    ['others in all, and required', [{ is: [one] }, { is: [two] }], explicit, 'POLICY'],
    ['some in common', [{ is: [one, two, three] }, { is: [one, two] }, { is: [two, four] }], explicit, [two]],
    [
      'some in common, of which others are acceptable',
      [{ is: [one, two] }, { is: [one, two] }],
      { ...explicit, ...only(one, three) },
      [one],
    ],
    ['anyPolicy in all', [{ is: [any] }, { is: [any] }], explicit, [any]],
    ['anyPolicy in all, one acceptable', [{ is: [any] }, { is: [any] }], { ...explicit, ...only(one) }, [one]],
    ['anyPolicy above one', [{ is: [any] }, { is: [one] }], { ...explicit, ...only(one) }, [one]],
    ['anyPolicy above one that is not acceptable', [{ is: [any] }, { is: [one] }], { ...explicit, ...only(two) }, 'POLICY'],
    ['one above anyPolicy', [{ is: [one] }, { is: [any] }], { ...explicit, ...only(one) }, [one]],
    ['one above anyPolicy that is not acceptable', [{ is: [one] }, { is: [any] }], { ...explicit, ...only(two) }, 'POLICY'],
    ['anyPolicy beside one', [{ is: [one, any] }, { is: [one, two] }], explicit, [one, two]],
    ['acceptable ones with anyPolicy among them', [{ is: [one] }, { is: [one] }], { ...explicit, ...only(two, any) }, [one]],
  ])('%s', async (_, said, inputs, expected) => {
    expect(await validate(said, inputs)).toEqual(expected)
  })

  test('policies of the anchor are no limit', async () => {
    expect(await validate([{ is: [one] }, { is: [one] }], explicit, { is: [two] })).toEqual([one])
  })
})

describe('requireExplicitPolicy (RFC 5280 4.2.1.11)', () => {
  const none: Said = {}
  test.each<[number, readonly Said[], string]>([
    [10, [none, none, none, none], 'valid'],
    [5, [none, none, none, none], 'valid'],
    [4, [none, none, none, none], 'POLICY'],
    [2, [none], 'valid'],
    [1, [none], 'POLICY'],
    [0, [none], 'POLICY'],
    [0, [{ is: [one] }], 'valid'],
    [2, [{ self: true }, none], 'valid'],
    [2, [{ self: true }, none, none], 'POLICY'],
    [2, [{ self: true }, none, { self: true }, none], 'POLICY'],
  ])('%i in an authority, below it %j: %s', async (requires, below, expected) => {
    // The authority has a policy, which those below keep or lose.
    const outcome = await validate([{ is: [one], requires }, ...below])
    expect(outcome === 'POLICY' ? outcome : 'valid').toBe(expected)
  })

  test('in the leaf, 0 requires a policy, and more does not', async () => {
    expect(await validate([{ is: [one] }, { requires: 0 }])).toBe('POLICY')
    expect(await validate([{ is: [one] }, { is: [one], requires: 0 }])).toEqual([one])
    expect(await validate([{ is: [one] }, { requires: 1 }])).toEqual([])
  })

  test('the least of all holds, that of the anchor included', async () => {
    expect(await validate([{ is: [one], requires: 7 }, { requires: 0, is: [one] }, {}])).toBe('POLICY')
    expect(await validate([{ is: [one], requires: 0 }, { requires: 9, is: [one] }, {}])).toBe('POLICY')
    expect(await validate([{}, {}], {}, { requires: 0 })).toBe('POLICY')
    expect(await validate([{}, {}], {}, { requires: 2 })).toBe('POLICY')
    expect(await validate([{}, {}], {}, { requires: 3 })).toEqual([])
  })
})

describe('policy mappings (RFC 5280 4.2.1.5)', () => {
  const map = (...maps: readonly (readonly [string, string])[]) => ({ maps })
  test.each<[string, readonly Said[], PolicyInputs, readonly string[] | string]>([
    ['the mapped policy is that of the leaf', [{ is: [one], ...map([one, two]) }, { is: [two] }], explicit, [one]],
    [
      'it is acceptable by its first name',
      [{ is: [one], ...map([one, two]) }, { is: [two] }],
      { ...explicit, ...only(one) },
      [one],
    ],
    [
      'it is not acceptable by its second name',
      [{ is: [one], ...map([one, two]) }, { is: [two] }],
      { ...explicit, ...only(two) },
      'POLICY',
    ],
    ['what is mapped is gone', [{ is: [one], ...map([one, two]) }, { is: [one] }], explicit, 'POLICY'],
    ['one is mapped to two', [{ is: [one], ...map([one, two], [one, three]) }, { is: [three] }], explicit, [one]],
    ['two are mapped to one', [{ is: [one, two], ...map([one, three], [two, three]) }, { is: [three] }], explicit, [one, two]],
    ['a policy that is not there is mapped', [{ is: [one], ...map([two, three]) }, { is: [three] }], explicit, 'POLICY'],
    [
      'under anyPolicy every policy may be mapped',
      [{ is: [any], ...map([one, two]) }, { is: [two] }],
      { ...explicit, ...only(one) },
      [one],
    ],
    ['in turn', [{ is: [one], ...map([one, two]) }, { is: [two], ...map([two, three]) }, { is: [three] }], explicit, [one]],
    ['crosswise', [{ is: [one, two], ...map([one, two], [two, one]) }, { is: [one] }], explicit, [two]],
    ['to anyPolicy', [{ is: [one], ...map([one, any]) }, { is: [one] }], {}, 'POLICY_MAPPING'],
    ['from anyPolicy', [{ is: [any], ...map([any, one]) }, { is: [one] }], {}, 'POLICY_MAPPING'],
    [
      'inhibited by the caller',
      [{ is: [one], ...map([one, two]) }, { is: [two] }],
      { ...explicit, initialPolicyMappingInhibit: true },
      'POLICY',
    ],
    [
      'inhibited by the caller, another policy stays',
      [{ is: [one, two], ...map([one, two]) }, { is: [two] }],
      { ...explicit, initialPolicyMappingInhibit: true },
      [two],
    ],
    ['inhibited above', [{ is: [one], stopsMapping: 0 }, { is: [one], ...map([one, two]) }, { is: [two] }], explicit, 'POLICY'],
    [
      'inhibited one step later',
      [{ is: [one], stopsMapping: 1 }, { is: [one], ...map([one, two]) }, { is: [two] }],
      explicit,
      [one],
    ],
    [
      'inhibited one step too early',
      [{ is: [one], stopsMapping: 1 }, { is: [one] }, { is: [one], ...map([one, two]) }, { is: [two] }],
      explicit,
      'POLICY',
    ],
    [
      'self-issued ones are no step',
      [{ is: [one], stopsMapping: 1 }, { is: [one], self: true }, { is: [one], ...map([one, two]) }, { is: [two] }],
      explicit,
      [one],
    ],
    ['in the leaf they are nothing', [{ is: [one] }, { is: [one], ...map([one, two]) }], explicit, [one]],
  ])('%s', async (_, said, inputs, expected) => {
    expect(await validate(said, inputs)).toEqual(expected)
  })
})

describe('inhibitAnyPolicy (RFC 5280 4.2.1.14)', () => {
  test.each<[string, readonly Said[], PolicyInputs, readonly string[] | string]>([
    ['at once', [{ is: [one], stopsAny: 0 }, { is: [any] }], explicit, 'POLICY'],
    ['at once, beside another one', [{ is: [one], stopsAny: 0 }, { is: [any, one] }], explicit, [one]],
    ['one step later', [{ is: [one], stopsAny: 1 }, { is: [any] }, { is: [one] }], explicit, [one]],
    ['one step later, in the leaf', [{ is: [one], stopsAny: 1 }, { is: [any] }, { is: [any] }], explicit, 'POLICY'],
    ['the least of all', [{ is: [one], stopsAny: 5 }, { is: [one], stopsAny: 0 }, { is: [any] }], explicit, 'POLICY'],
    [
      'in self-issued intermediates it counts still',
      [{ is: [one], stopsAny: 0 }, { is: [any], self: true }, { is: [one] }],
      explicit,
      [one],
    ],
    [
      'in a self-issued leaf it does not',
      [
        { is: [one], stopsAny: 0 },
        { is: [any], self: true },
      ],
      explicit,
      'POLICY',
    ],
    ['by the caller', [{ is: [any] }, { is: [one] }], { ...explicit, initialAnyPolicyInhibit: true }, 'POLICY'],
    [
      'by the caller, without effect on others',
      [{ is: [one] }, { is: [one] }],
      { ...explicit, initialAnyPolicyInhibit: true },
      [one],
    ],
  ])('%s', async (_, said, inputs, expected) => {
    expect(await validate(said, inputs)).toEqual(expected)
  })

  test('by the anchor', async () => {
    expect(await validate([{ is: [any] }, { is: [one] }], explicit, { stopsAny: 0 })).toBe('POLICY')
  })
})

describe('the graph of policies', () => {
  const names = [one, two, three, any]
  const policy = fc.constantFrom(one, two, three)
  const step = fc.record({
    policies: fc.option(fc.uniqueArray(fc.constantFrom(...names), { minLength: 1 }), { nil: undefined, freq: 8 }),
    mappings: fc.array(fc.record({ issuerDomainPolicy: policy, subjectDomainPolicy: policy }), { maxLength: 4 }),
    isAnyPolicyAllowed: fc.boolean(),
    isMappingAllowed: fc.boolean(),
  })

  test('says what the tree of RFC 5280 says', () => {
    const acceptable = fc.uniqueArray(fc.constantFrom(...names), { minLength: 1 })
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 6 }), acceptable, (steps, accepted) => {
        const graph = new PolicyGraph(new Budget())
        const tree = new PolicyTree()
        for (const [index, { policies, mappings, isAnyPolicyAllowed, isMappingAllowed }] of steps.entries()) {
          for (const policiesOf of [graph, tree]) policiesOf.addPolicies(policies, isAnyPolicyAllowed)
          expect(graph.isEmpty).toBe(tree.isEmpty)
          if (index === steps.length - 1) break
          for (const policiesOf of [graph, tree]) policiesOf.prepareNext(mappings, isMappingAllowed)
        }
        expect([...graph.acceptedPolicies(new Set(accepted))].sort()).toEqual(
          [...tree.acceptedPolicies(new Set(accepted))].sort(),
        )
      }),
      { numRuns: 2_000 },
    )
  })

  test('grows with the certificates, not with the ways through them', () => {
    const policies = [one, two, three, four, five]
    const mappings = policies.flatMap((issuerDomainPolicy) =>
      policies.map((subjectDomainPolicy) => ({ issuerDomainPolicy, subjectDomainPolicy })),
    )
    const graph = new PolicyGraph(new Budget())
    for (let depth = 0; depth < 60; depth++) {
      graph.addPolicies(policies, true)
      graph.prepareNext(mappings, true)
    }
    graph.addPolicies(policies, true)
    expect([...graph.acceptedPolicies(new Set([any]))].sort()).toEqual(policies)
  })

  test('ends at the limit', () => {
    const graph = new PolicyGraph(new Budget())
    const policies = Array.from({ length: pathLimits.policies + 1 }, (_, at) => `1.2.${at}`)
    expect(() => graph.addPolicies(policies, true)).toThrow(expect.objectContaining({ code: 'ERR_CERTIFICATE_LIMIT' }))
  })
})
