import type { RegisteredMetadata } from '@software-statement/verifier'
import { describe, expect, test } from 'vitest'
import { makeStatement, vouched } from '../support/make-jws.js'
import { approval, codeOf, type DecideOptions, decide } from '../support/registration.js'

const first = makeStatement({ claims: { scope: 'mail contacts', jwks_uri: 'https://mail.example/jwks' } })
const second = (claims: Readonly<Record<string, unknown>>) => makeStatement({ claims: { jti: '2', ...without, ...claims } })
const without = { software_version: undefined, client_name: undefined, redirect_uris: undefined }

/** What a client is registered with by the first statement. */
async function register(members: object, options: DecideOptions): Promise<RegisteredMetadata> {
  const { metadata, provenance } = await approval(decide(JSON.stringify({ software_statement: first, ...members }), options))
  return { metadata, provenance }
}

async function update(request: object, { before = {}, ...options }: DecideOptions & { readonly before?: object } = {}) {
  const registered = await register(before, options)
  return decide(JSON.stringify(request), { ...options, registered, storedStatement: first })
}

const evil = { redirect_uris: ['https://evil.example/cb'] }

describe('what a statement vouched for, in an update with another one', () => {
  test.each<[what: string, request: object, told: object]>([
    ['a member', evil, { redirect_uris: vouched.redirect_uris }],
    ['a member that is left out', {}, { redirect_uris: vouched.redirect_uris, client_name: 'Example Mail' }],
    ['a language-tagged form', { 'client_name#ja': 'Evil' }, { 'client_name#ja': undefined }],
    ['another member that says the same', { jwks: { keys: [] } }, { jwks: undefined, jwks_uri: 'https://mail.example/jwks' }],
    ['what nobody vouched for', { client_uri: 'https://mail.example' }, { client_uri: 'https://mail.example' }],
  ])('%s stays', async (_, request, told) => {
    const { metadata, provenance } = await approval(update({ software_statement: second({}), ...request }))
    for (const [member, value] of Object.entries(told)) expect(metadata[member], member).toEqual(value)
    expect(provenance.redirect_uris?.source).toBe('statement')
  })

  test('gives way to what the other one vouches for', async () => {
    const software_statement = second({ redirect_uris: ['https://mail.example/new'], client_name: 'Post' })
    const { metadata } = await approval(update({ software_statement, ...evil }))
    expect(metadata).toMatchObject({ redirect_uris: ['https://mail.example/new'], client_name: 'Post', scope: 'mail contacts' })
  })

  test('stays where no statement comes and none is required', async () => {
    const { metadata } = await approval(update(evil, { statement: 'optional' }))
    expect(metadata).toMatchObject(vouched)
  })

  test('is no lock where the statement does not count for the member', async () => {
    const merge = { redirect_uris: 'request-only' } as const
    const { metadata } = await approval(update({ software_statement: second({}), ...evil }, { merge, before: evil }))
    expect(metadata).toMatchObject(evil)
  })

  test.each<[rule: 'match' | 'ceiling', scope: string, code: string]>([
    ['match', 'mail contacts', 'approved'],
    ['match', 'mail', 'ERR_MERGE_CONFLICT'],
    ['ceiling', 'contacts', 'approved'],
    ['ceiling', 'contacts admin', 'ERR_MERGE_CONFLICT'],
  ])('bounds what is requested under the rule %s: %s is %s', async (rule, scope, code) => {
    const decision = update(
      { software_statement: second({}), scope },
      { merge: { scope: rule }, before: { scope: 'mail contacts' } },
    )
    expect(await codeOf(decision)).toBe(code)
  })

  test('stays where a policy had the last word on it', async () => {
    const metadata_policy = { scope: { subset_of: ['mail', 'admin'] } }
    const { metadata } = await approval(update({ software_statement: second({}), scope: 'admin' }, { metadata_policy }))
    expect(metadata.scope).toBe('mail')
  })

  test('stays as registered where the first statement can no longer be read', async () => {
    const registered = await register({}, {})
    const request = JSON.stringify({ software_statement: second({}), ...evil })
    const { metadata } = await approval(decide(request, { registered, storedStatement: 'no statement' }))
    expect(metadata).toMatchObject(vouched)
  })

  test('that nobody knows is not brought back where such members are ignored', async () => {
    const claims = { x_tier: 'gold', ...without, redirect_uris: vouched.redirect_uris }
    const kept = await approval(
      decide(JSON.stringify({ software_statement: makeStatement({ claims }) }), { unknownMembers: 'keep' }),
    )
    const request = JSON.stringify({ software_statement: makeStatement({ claims: { jti: '2' } }), x_tier: 'none' })
    const again = (unknownMembers: 'keep' | 'ignore') => approval(decide(request, { unknownMembers, registered: kept }))
    expect((await again('keep')).metadata.x_tier).toBe('gold')
    expect((await again('ignore')).metadata).not.toHaveProperty('x_tier')
  })
})

test('without the option, an update is decided like a registration', async () => {
  const request = JSON.stringify({ software_statement: second({}), ...evil })
  expect((await approval(decide(request, { storedStatement: first }))).metadata).toMatchObject(evil)
})
