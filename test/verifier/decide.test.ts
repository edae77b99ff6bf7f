import { createDecider, type TrustResolver } from '@software-statement/verifier'
import { describe, expect, test } from 'vitest'
import { keys } from '../support/keys.js'
import { audience, issuer, makeStatement, now, vouched } from '../support/make-jws.js'
import { approval, at, codeOf, decide, decideWith, trustPublisher } from '../support/registration.js'

const statement = makeStatement()
const request = (members: Readonly<Record<string, unknown>> = {}) => JSON.stringify({ software_statement: statement, ...members })

describe('an approved registration', () => {
  test('is the merged metadata with the origin of every member', async () => {
    const decision = await approval(
      decide(request({ client_name: 'Other', scope: 'openid', grant_types: ['authorization_code'] })),
    )
    expect(decision.metadata).toEqual({
      ...vouched,
      scope: 'openid',
      grant_types: ['authorization_code'],
      response_types: ['code'],
      token_endpoint_auth_method: 'client_secret_basic',
      application_type: 'web',
    })
    expect(decision.provenance).toEqual({
      software_id: { source: 'statement', rule: 'override' },
      software_version: { source: 'statement', rule: 'override' },
      client_name: { source: 'statement', rule: 'override', lost: 'Other' },
      redirect_uris: { source: 'statement', rule: 'override' },
      scope: { source: 'request', rule: 'override' },
      grant_types: { source: 'request', rule: 'override' },
      response_types: { source: 'default', rule: 'default' },
      token_endpoint_auth_method: { source: 'default', rule: 'default' },
      application_type: { source: 'default', rule: 'default' },
    })
    expect(decision.statement).toMatchObject({ compact: statement, issuer, key: { kid: keys.ed25519.kid } })
    expect(decision).toMatchObject({
      approved: true,
      clientType: 'confidential',
      clientProfile: 'web',
      require_pkce: false,
      ignored: [],
      unknownMembers: [],
    })
  })

  test('has no JWT claim and no statement among its metadata', async () => {
    const foreign = { iss: 'a', exp: 1, jti: 'b', registration_note: 'c', hat_issued_at: 1 }
    const { metadata, ignored, unknownMembers } = await approval(
      decideWith({ ...foreign, hat: 1 }, { unknownMembers: 'keep', claims: { aud: audience, nbf: now } }),
    )
    expect(Object.keys(metadata)).not.toEqual(expect.arrayContaining(['software_statement']))
    for (const member of Object.keys(foreign)) {
      expect(metadata).not.toHaveProperty(member)
      expect(ignored).toContainEqual({ member, source: 'request', reason: 'reserved' })
    }
    expect(metadata).toMatchObject({ hat: 1 })
    expect(unknownMembers).toEqual(['hat'])
  })

  test('says which members every one of its metadata comes from', async () => {
    const { metadata, provenance } = await approval(
      decideWith({ 'client_uri#de': 'https://mail.example/de', hat: 1 }, { unknownMembers: 'keep' }),
    )
    expect(Object.keys(provenance).sort()).toEqual(Object.keys(metadata).sort())
  })

  test('has every check of the pipeline, in its order', async () => {
    const { checks } = await approval(decide(request()))
    expect(checks.map(({ check, outcome }) => `${check} ${outcome}`)).toEqual([
      'json pass',
      'form pass',
      'kind pass',
      'issuer pass',
      'algorithm pass',
      'typ pass',
      'x5c pass',
      'signature pass',
      'claims pass',
      'time pass',
      'audience pass',
      'vouched-metadata pass',
      'forbidden-claims pass',
      'required-claims pass',
      'may-assert pass',
      'status skip',
      'request-metadata pass',
      'unknown-members skip',
      'merge pass',
      'metadata-policy skip',
      'metadata pass',
      'replay skip',
    ])
    for (const { clause } of checks) expect(clause).toMatch(/\d/)
  })

  test('has a key that is equal for the same issuer, software and redirect URIs', async () => {
    const keyOf = async (claims: Readonly<Record<string, unknown>>) => (await approval(decideWith({}, { claims }))).duplicateKey
    const uris = ['https://mail.example/a', 'https://mail.example/b']
    const first = await keyOf({ redirect_uris: uris })
    expect(first).toMatch(/^[\w-]{43}$/)
    expect(await keyOf({ redirect_uris: uris.toReversed(), client_name: 'Other', jti: 'other' })).toBe(first)
    const others = await Promise.all([
      keyOf({ redirect_uris: uris.slice(1) }),
      keyOf({ redirect_uris: uris, software_id: 'other' }),
      keyOf({ redirect_uris: uris, software_version: undefined }),
    ])
    expect(new Set([first, ...others]).size).toBe(4)
  })
})

describe('redirect URIs', () => {
  test.each<[uris: readonly string[], members: Readonly<Record<string, unknown>>, outcome: string]>([
    [['https://mail.example/cb'], {}, 'approved'],
    [['http://localhost/cb'], {}, 'approved'],
    [['https://mail.example/cb', 'http://evil.example/?https'], {}, 'invalid_redirect_uri'],
    [['https://mail.example\\@evil.example/cb'], {}, 'invalid_redirect_uri'],
    [['JAVASCRIPT:alert(1)'], {}, 'invalid_redirect_uri'],
    [['vscode://x/cb'], { application_type: 'native' }, 'invalid_redirect_uri'],
    [['https://mail.example/#a'], { logo_uri: 'javascript:x' }, 'invalid_client_metadata'],
  ])('%j with %j: %s', async (redirect_uris, members, outcome) => {
    const decision = await decideWith(members, { claims: { redirect_uris } })
    expect(decision.approved ? 'approved' : decision.error).toBe(outcome)
  })

  test('a native client with a listed scheme must use PKCE', async () => {
    const decision = decideWith(
      { application_type: 'native', token_endpoint_auth_method: 'none' },
      { claims: { redirect_uris: ['vscode://x/cb'] }, redirectSchemes: ['vscode'] },
    )
    expect(await approval(decision)).toMatchObject({ clientType: 'public', clientProfile: 'native', require_pkce: true })
  })
})

describe('statements', () => {
  test('none is needed where the server says so, and then the checks of one are skipped', async () => {
    const decision = await approval(decide({ redirect_uris: ['https://mail.example/cb'] }, { statement: 'optional' }))
    expect(decision).not.toHaveProperty('statement')
    const passed = decision.checks.filter(({ outcome }) => outcome === 'pass').map(({ check }) => check)
    expect(passed).toEqual(['request-metadata', 'merge', 'metadata'])
  })

  test('one that is sent is verified all the same', async () => {
    for (const software_statement of [null, '', 'a.b.c', makeStatement({ key: keys.other, header: { kid: keys.ed25519.kid } })]) {
      const decision = await decide({ redirect_uris: ['https://mail.example/cb'], software_statement }, { statement: 'optional' })
      expect(decision).toMatchObject({ approved: false, error: 'invalid_software_statement' })
    }
  })

  test('the time of a decision is read once, when it is made', async () => {
    const decide = createDecider(trustPublisher(), { audience })
    expect(await codeOf(decide(request(), { currentDate: at(now) }))).toBe('approved')
    expect(await codeOf(decide(request(), { currentDate: at(now + 7200) }))).toBe('ERR_EXPIRED')
    await expect(decide(request(), { currentDate: new Date(Number.NaN) })).rejects.toThrow(TypeError)
  })

  test('without a time it is now', async () => {
    const decide = createDecider(trustPublisher(), { audience })
    const seconds = Math.floor(Date.now() / 1000)
    const fresh = makeStatement({ claims: { iat: seconds, exp: seconds + 600 } })
    expect(await codeOf(decide({ software_statement: fresh }))).toBe('approved')
    expect(
      await codeOf(decide({ software_statement: makeStatement({ claims: { iat: seconds - 900, exp: seconds - 600 } }) })),
    ).toBe('ERR_EXPIRED')
  })
})

describe('options that make no sense are refused at construction', () => {
  test.each<[object]>([
    [{ statement: 'maybe' }],
    [{ unknownMembers: 'drop' }],
    [{ merge: { scope: 'minimum' } }],
    [{ audience: '' }],
    [{ clockTolerance: 'soon' }],
    [{ limits: { requestBytes: -1 } }],
    [{ seen: 'consumed' }],
    [{ seen: {} }],
  ])('%j', (options) => {
    expect(() => createDecider(trustPublisher(), options)).toThrow(TypeError)
  })

  test('no trust is the fault of the caller', () => {
    expect(() => createDecider(undefined as unknown as TrustResolver)).toThrow(TypeError)
  })
})
