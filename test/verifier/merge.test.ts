import type { MergeRule, MergeRules } from '@software-statement/verifier'
import { describe, expect, test } from 'vitest'
import { mergeRules } from '../../packages/verifier/src/merge/merge-rules.js'
import { makeStatement } from '../support/make-jws.js'
import { decide, decideWith } from '../support/registration.js'

type Members = Readonly<Record<string, unknown>>

/** What becomes of one member: its value and source, or `absent`, or the code of the refusal. */
async function merge(
  member: string,
  vouched: unknown,
  requested: unknown,
  merge: MergeRules,
  more: { claims?: Members; request?: Members } = {},
) {
  const statement = makeStatement({ claims: { redirect_uris: undefined, [member]: vouched, ...more.claims } })
  const redirects = member === 'redirect_uris' ? {} : { redirect_uris: ['https://mail.example/cb'] }
  const request = { ...redirects, [member]: requested, ...more.request, software_statement: statement }
  const decision = await decide(request, { merge })
  if (!decision.approved) return decision.code
  if (!Object.hasOwn(decision.metadata, member) || decision.provenance[member]?.source === 'default') return 'absent'
  const { source, lost } = decision.provenance[member] ?? {}
  return [decision.metadata[member], source, ...(lost === undefined ? [] : [lost])]
}

const conflict = 'ERR_MERGE_CONFLICT'

describe('rules for single values', () => {
  const a = 'https://a.example/'
  const b = 'https://b.example/'
  test.each<[rule: MergeRule, vouched: string | undefined, requested: string | undefined, outcome: unknown]>([
    ['override', a, b, [a, 'statement', b]],
    ['override', a, a, [a, 'statement']],
    ['override', a, undefined, [a, 'statement']],
    ['override', undefined, b, [b, 'request']],
    ['match', a, b, conflict],
    ['match', a, a, [a, 'statement']],
    ['match', a, undefined, [a, 'statement']],
    ['match', undefined, b, [b, 'request']],
    ['statement-only', a, b, [a, 'statement', b]],
    ['statement-only', a, undefined, [a, 'statement']],
    ['statement-only', undefined, b, 'absent'],
    ['request-only', a, b, [b, 'request']],
    ['request-only', a, undefined, 'absent'],
    ['request-only', undefined, b, [b, 'request']],
  ])('%s: %s and %s', async (rule, vouched, requested, outcome) => {
    expect(await merge('client_uri', vouched, requested, { client_uri: rule })).toEqual(outcome)
  })

  test('without a rule the statement wins', async () => {
    expect(await merge('client_uri', a, b, {})).toEqual([a, 'statement', b])
  })
})

describe('rules for sets', () => {
  const [a, b, c] = ['https://a.example/cb', 'https://b.example/cb', 'https://c.example/cb']
  test.each<
    [rule: MergeRule, vouched: readonly string[] | undefined, requested: readonly string[] | undefined, outcome: unknown]
  >([
    ['match', [a, b], [b, a, a], [[a, b], 'statement', [b, a, a]]],
    ['match', [a, b], [a], conflict],
    ['ceiling', [a, b], [b], [[b], 'request']],
    ['ceiling', [a, b], [b, a], [[b, a], 'request']],
    ['ceiling', [a, b], undefined, [[a, b], 'statement']],
    ['ceiling', [a, b], [b, c], conflict],
    ['ceiling', [a, b], [`${b}/`], conflict],
    ['ceiling', [a, b], [b.toUpperCase()], conflict],
    ['ceiling', [a, b], [`${b}?x`], conflict],
    ['ceiling', [], [a], conflict],
    ['ceiling', undefined, [a], conflict],
    ['intersect', [a, b], [b, c], [[b], 'request', [b, c]]],
    ['intersect', [a, b], [a, b], [[a, b], 'request']],
    ['intersect', [a, b], [c], conflict],
    ['intersect', [a, b], undefined, [[a, b], 'statement']],
    ['intersect', undefined, [a], conflict],
    ['floor', [a], [a, b], [[a, b], 'request']],
    ['floor', [a, b], [b], conflict],
    ['floor', [a], undefined, [[a], 'statement']],
    ['floor', undefined, [a], [[a], 'request']],
  ])('%s: %j and %j', async (rule, vouched, requested, outcome) => {
    expect(await merge('redirect_uris', vouched, requested, { redirect_uris: rule })).toEqual(outcome)
  })

  test.each<[rule: MergeRule, vouched: string | undefined, requested: string | undefined, outcome: unknown]>([
    ['match', 'openid email', 'email openid', ['openid email', 'statement', 'email openid']],
    ['ceiling', 'openid email', 'email', ['email', 'request']],
    ['ceiling', 'openid email', 'admin', conflict],
    ['ceiling', 'openid email', 'Email', conflict],
    ['ceiling', 'openid email', '', ['', 'request']],
    ['ceiling', undefined, 'email', conflict],
    ['ceiling', undefined, '', ['', 'request']],
    ['ceiling', '', 'email', conflict],
    ['intersect', 'openid email', 'email admin', ['email', 'request', 'email admin']],
    ['intersect', 'openid email', 'admin', conflict],
    ['floor', 'openid', 'openid email', ['openid email', 'request']],
    ['floor', 'openid', 'email', conflict],
  ])('%s: scopes "%s" and "%s"', async (rule, vouched, requested, outcome) => {
    expect(await merge('scope', vouched, requested, { scope: rule })).toEqual(outcome)
  })

  test.each([
    ['http://127.0.0.1/cb', 'http://127.0.0.1:49152/cb', true],
    ['http://127.0.0.1:1/cb', 'http://127.0.0.1:2/cb', true],
    ['http://[::1]/cb', 'http://[::1]:49152/cb', true],
    ['http://127.0.0.1', 'http://127.0.0.1:49152', true],
    ['http://127.0.0.1/cb', 'http://127.0.0.1:49152/other', false],
    ['https://mail.example/?http://127.0.0.1:1/', 'https://mail.example/?http://127.0.0.1:2/', false],
    ['http://127.0.0.1/cb', 'http://127.0.0.1:49152@evil.example/cb', false],
    ['http://127.0.0.1/cb', 'http://127.0.0.1.evil.example:1/cb', false],
    ['http://localhost/cb', 'http://localhost:49152/cb', false],
    ['https://mail.example/cb', 'https://mail.example:8443/cb', false],
    ['http://127.0.0.1/cb', 'https://127.0.0.1:49152/cb', false],
  ])('only the port of a loopback address is free: %s covers %s: %s', async (vouched, requested, covered) => {
    const outcome = await merge('redirect_uris', [vouched], [requested], { redirect_uris: 'ceiling' })
    expect(outcome).toEqual(covered ? [[requested], 'request'] : conflict)
  })

  test('of other members every character counts', async () => {
    const outcome = await merge('contacts', ['http://127.0.0.1:1/'], ['http://127.0.0.1:2/'], { contacts: 'ceiling' })
    expect(outcome).toEqual(conflict)
  })

  test('a conflict about redirect URIs alone is answered as such', async () => {
    const options = { merge: { redirect_uris: 'ceiling', scope: 'ceiling' } } as const
    const evil = { redirect_uris: ['https://evil.example/'] }
    expect(await decideWith(evil, options)).toMatchObject({ status: 400, error: 'invalid_redirect_uri' })
    expect(await decideWith({ ...evil, scope: 'admin' }, options)).toMatchObject({
      status: 400,
      error: 'invalid_client_metadata',
      error_description: expect.stringMatching(/\(redirect_uris, scope\)$/),
    })
  })

  test('every conflict is reported', async () => {
    const options = { merge: { redirect_uris: 'ceiling', scope: 'ceiling', client_name: 'match' } } as const
    const decision = await decideWith({ redirect_uris: ['https://evil.example/'], scope: 'admin', client_name: 'Evil' }, options)
    const issues = decision.approved ? [] : (decision.cause as { issues?: readonly { member?: string }[] }).issues
    expect(issues?.map(({ member }) => member).sort()).toEqual(['client_name', 'redirect_uris', 'scope'])
  })
})

describe('rules that make no sense', () => {
  test.each<[Members]>([
    [{ scope: 'minimum' }],
    [{ scope: 'toString' }],
    [{ scope: null }],
    [{ client_name: 'ceiling' }],
    [{ 'client_name#ja': 'floor' }],
    [{ jwks: 'intersect' }],
    [{ require_auth_time: 'ceiling' }],
    [{ jwks: 'match', jwks_uri: 'override' }],
    [{ jwks_uri: 'statement-only', signed_jwks_uri: 'request-only' }],
    [{ 'client_name#ja': 'match', 'client_name#JA': 'override' }],
  ])('%j', async (rules) => {
    await expect(decideWith({}, { merge: rules as MergeRules })).rejects.toThrow(TypeError)
  })

  test.each<[MergeRules]>([
    [{ jwks: 'match', jwks_uri: 'match', signed_jwks_uri: 'match' }],
    [{ 'client_name#ja': 'match', 'client_name#JA': 'match' }],
    [{ client_name: 'match', 'client_name#ja': 'request-only' }],
  ])('%j does', async (rules) => {
    expect(await decideWith({}, { merge: rules })).toMatchObject({ approved: true })
  })

  test('every rule is known', () => {
    expect(mergeRules).toHaveLength(7)
  })
})
