import type { ClientMetadata, MergeRule, MergeRules } from '@software-statement/verifier'
import { describe, expect, test } from 'vitest'
import { makeStatement } from '../support/make-jws.js'
import { approval, codeOf, decide, decideWith } from '../support/registration.js'

type Members = Readonly<Record<string, unknown>>

const conflict = 'ERR_MERGE_CONFLICT'

describe('members in several forms are one', () => {
  test.each<[what: string, claims: Members, request: Members, registered: Members]>([
    ['a vouched name locks its translations', { client_name: 'Mail' }, { 'client_name#en': 'Evil' }, { client_name: 'Mail' }],
    ['a vouched translation locks the name', { 'client_name#ja': 'M' }, { client_name: 'Evil' }, { 'client_name#ja': 'M' }],
    ['tags are compared without case', { 'client_name#en': 'Mail' }, { 'client_name#EN': 'Evil' }, { 'client_name#en': 'Mail' }],
    [
      'a vouched logo locks its translations',
      { logo_uri: 'https://mail.example/l' },
      { 'logo_uri#de': 'https://evil.example/l' },
      { logo_uri: 'https://mail.example/l' },
    ],
    [
      'what is not vouched for is free',
      {},
      { 'client_name#en': 'Mail', client_name: 'M' },
      { 'client_name#en': 'Mail', client_name: 'M' },
    ],
    [
      'a vouched jwks_uri locks jwks',
      { jwks_uri: 'https://mail.example/j' },
      { jwks: { keys: [] } },
      { jwks_uri: 'https://mail.example/j' },
    ],
    ['a vouched jwks locks jwks_uri', { jwks: { keys: [] } }, { jwks_uri: 'https://evil.example/j' }, { jwks: { keys: [] } }],
    [
      'a vouched jwks_uri locks signed_jwks_uri',
      { jwks_uri: 'https://mail.example/j' },
      { signed_jwks_uri: 'https://evil.example/j' },
      { jwks_uri: 'https://mail.example/j' },
    ],
  ])('%s', async (_, claims, request, registered) => {
    const names = [
      'client_name',
      'client_name#en',
      'client_name#EN',
      'client_name#ja',
      'logo_uri',
      'logo_uri#de',
      'jwks',
      'jwks_uri',
      'signed_jwks_uri',
    ]
    const decision = await approval(decideWith(request, { claims: { client_name: undefined, ...claims } }))
    expect(Object.fromEntries(Object.entries(decision.metadata).filter(([name]) => names.includes(name)))).toEqual(registered)
  })

  test('what was locked out is written down', async () => {
    const { ignored } = await approval(decideWith({ 'client_name#en': 'Evil' }))
    expect(ignored).toEqual([{ member: 'client_name#en', source: 'request', reason: 'merge-rule' }])
  })

  test.each<[rule: MergeRule, member: string]>([
    ['statement-only', 'client_name#EN'],
    ['statement-only', 'client_name#en'],
    ['match', 'client_name#eN'],
  ])('a rule %s for a tagged form holds in every spelling: %s', async (rule, member) => {
    const decision = decide(
      {
        software_statement: makeStatement({
          claims: { client_name: undefined, 'client_name#en': rule === 'match' ? 'Mail' : undefined },
        }),
        [member]: 'Evil',
      },
      { merge: { 'client_name#en': rule } },
    )
    if (rule === 'match') expect(await codeOf(decision)).toBe(conflict)
    else expect(Object.keys((await approval(decision)).metadata)).not.toContain(member)
  })

  test('a rule for a member is for its tagged forms, unless one has its own', async () => {
    const merge = { client_name: 'request-only', 'client_name#ja': 'match' } as const
    const claims = { client_name: 'Mail', 'client_name#ja': 'M' }
    const { metadata } = await approval(decideWith({ client_name: 'Other', 'client_name#de': 'Post' }, { claims, merge }))
    expect(metadata).toMatchObject({ client_name: 'Other', 'client_name#de': 'Post', 'client_name#ja': 'M' })
    expect(await codeOf(decideWith({ 'client_name#ja': 'Evil' }, { claims, merge }))).toBe(conflict)
  })

  const uri = 'https://mail.example/j'
  const jwks = { keys: [] }
  test.each<[rule: MergeRule, claims: Members, request: Members, outcome: Members | string]>([
    ['statement-only', {}, { jwks }, {}],
    ['statement-only', {}, { jwks_uri: uri }, {}],
    ['statement-only', {}, { signed_jwks_uri: uri }, {}],
    ['statement-only', { jwks_uri: uri }, { jwks }, { jwks_uri: uri }],
    ['match', {}, { jwks }, { jwks }],
    ['match', { jwks_uri: uri }, { jwks_uri: uri }, { jwks_uri: uri }],
    ['match', { jwks_uri: uri }, {}, { jwks_uri: uri }],
    ['match', { jwks_uri: uri }, { jwks }, conflict],
    ['match', { jwks }, { jwks_uri: uri }, conflict],
    ['match', { jwks }, { signed_jwks_uri: uri }, conflict],
    ['request-only', { jwks_uri: uri }, { jwks }, { jwks }],
    ['request-only', { jwks }, { jwks_uri: uri }, { jwks_uri: uri }],
    ['request-only', { jwks_uri: uri }, {}, {}],
    ['override', { jwks_uri: uri }, { jwks }, { jwks_uri: uri }],
  ])('one rule for the keys, whichever member has it: %s, %j and %j', async (rule, claims, request, outcome) => {
    for (const member of ['jwks', 'jwks_uri', 'signed_jwks_uri']) {
      const decision = decideWith(request, { claims, merge: { [member]: rule } })
      if (typeof outcome === 'string') {
        expect(await codeOf(decision)).toBe(outcome)
        continue
      }
      const { metadata } = await approval(decision)
      const registered = Object.entries(metadata).filter(([name]) => ['jwks', 'jwks_uri', 'signed_jwks_uri'].includes(name))
      expect(Object.fromEntries(registered)).toEqual(outcome)
    }
  })

  test('jwks and jwks_uri in one request are refused', async () => {
    const both = { jwks: { keys: [] }, jwks_uri: 'https://mail.example/j' }
    expect(await codeOf(decideWith(both))).toBe('ERR_JWKS_CONFLICT')
    expect(await codeOf(decideWith(both, { claims: { jwks_uri: 'https://mail.example/j' } }))).toBe('ERR_JWKS_CONFLICT')
  })
})

describe('names that objects inherit', () => {
  test.each(['toString', 'hasOwnProperty', 'valueOf', 'isPrototypeOf', '__defineGetter__'])(
    '%s is a member like any other',
    async (name) => {
      const decision = await approval(
        decideWith({ [name]: 'b' }, { claims: { [name]: 'a' }, unknownMembers: 'keep', merge: { [name]: 'request-only' } }),
      )
      expect(Object.hasOwn(decision.metadata, name)).toBe(true)
      expect(decision.metadata[name]).toBe('b')
      expect(decision.provenance[name]).toEqual({ source: 'request', rule: 'request-only' })
      const { metadata } = await approval(decideWith({}, { claims: { [name]: 'a' } }))
      expect(Object.hasOwn(metadata, name)).toBe(false)
    },
  )
})

describe('without a statement, where none is required', () => {
  const request: Members = {
    redirect_uris: ['https://mail.example/cb'],
    scope: 'openid',
    client_name: 'Mail',
    client_uri: 'https://mail.example',
  }
  const without = async (merge: MergeRules): Promise<ClientMetadata> =>
    (await approval(decide(request, { statement: 'optional', merge }))).metadata

  test('the request is not bounded by what nobody vouched for', async () => {
    const merge = { redirect_uris: 'ceiling', scope: 'intersect', client_name: 'match', client_uri: 'match' } as const
    expect(await without(merge)).toMatchObject(request)
  })

  test('what only a statement may say is left out', async () => {
    const metadata = await without({ client_name: 'statement-only', scope: 'statement-only' })
    expect(Object.keys(metadata)).toEqual(expect.arrayContaining(['redirect_uris', 'client_uri']))
    expect(Object.keys(metadata).filter((name) => ['client_name', 'scope'].includes(name))).toEqual([])
  })
})
