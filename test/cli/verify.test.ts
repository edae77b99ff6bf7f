import { createGuardedFetch } from '@software-statement/verifier'
import { describe, expect, test } from 'vitest'
import { keys, publicHalf } from '../support/keys.js'
import { audience, issuer, makeStatement, now, vouched } from '../support/make-jws.js'
import { runCli, trustFile, type World } from './support.js'

const trust = ['--trust', 'trust.json']
const remote = { issuers: [{ issuer, jwksUri: 'https://publisher.example/jwks' }] }
const jwks = { keys: [publicHalf(keys.ed25519)] }

async function verify(argv: readonly string[], world: World = {}) {
  const { exit, stdout, stderr } = await runCli(['verify', ...argv, '--json'], world)
  return { exit, stderr, verdict: JSON.parse(stdout) }
}

describe('verify --json', () => {
  test('of an approved statement has these members, and what is vouched for from the statement', async () => {
    const { exit, stderr, verdict } = await verify(['statement.jwt', ...trust])
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' })
    expect(Object.keys(verdict)).toEqual(['approved', 'metadata', 'provenance', 'statement', 'checks'])
    expect(verdict).toMatchObject({ approved: true, metadata: vouched })
    expect(Object.keys(verdict.statement)).toEqual(['header', 'claims'])
    expect(verdict.statement).toMatchObject({ header: { alg: 'EdDSA' }, claims: { iss: issuer, ...vouched } })
    const members = Object.keys(vouched).map((member) => [member, { source: 'statement', rule: 'override' }])
    expect(verdict.provenance).toEqual(Object.fromEntries(members))
    expect(verdict.metadata).toEqual(vouched)
    expect(verdict.checks).toContainEqual({ check: 'signature', outcome: 'pass', clause: 'RFC 7515 5.2' })
  })

  test('of a refused statement has these members, and every check', async () => {
    const { exit, verdict } = await verify([makeStatement({ claims: { exp: now - 3600, iat: now - 7200 } }), ...trust])
    expect(exit).toBe(1)
    expect(Object.keys(verdict)).toEqual(['approved', 'error', 'error_description', 'code', 'checks'])
    expect(verdict).toMatchObject({ approved: false, error: 'invalid_software_statement', code: 'ERR_EXPIRED' })
    const outcomes = new Map(verdict.checks.map(({ check, outcome }: { check: string; outcome: string }) => [check, outcome]))
    expect([outcomes.get('signature'), outcomes.get('time'), outcomes.get('may-assert')]).toEqual(['pass', 'fail', 'pass'])
  })

  test('with a request has what would be registered, and from where', async () => {
    const { exit, verdict } = await verify(['statement.jwt', ...trust, '--request', 'request.json'])
    expect(exit).toBe(0)
    expect(Object.keys(verdict)).toEqual(['approved', 'metadata', 'provenance', 'statement', 'checks'])
    expect(Object.keys(verdict.statement)).toEqual(['header', 'claims'])
    expect(verdict.metadata).toMatchObject({ ...vouched, scope: 'openid', response_types: ['code'] })
    expect(verdict.provenance).toMatchObject({
      client_name: { source: 'statement', rule: 'override', lost: 'Totally Mail' },
      scope: { source: 'request' },
      response_types: { source: 'default' },
    })
    expect(verdict.checks.map(({ check }: { check: string }) => check)).toContain('merge')
  })
})

describe('refusals of verify end with 1, outages with 3', () => {
  const [header, payload] = makeStatement().split('.')

  test.each<[string, string, object, number, string]>([
    ['a changed signature', `${header}.${payload}.${'A'.repeat(86)}`, trustFile(), 1, 'ERR_SIGNATURE_INVALID'],
    [
      'another key',
      makeStatement({ key: keys.other, header: { kid: keys.ed25519.kid } }),
      trustFile(),
      1,
      'ERR_SIGNATURE_INVALID',
    ],
    ['another issuer', makeStatement({ claims: { iss: 'https://elsewhere.example' } }), trustFile(), 1, 'ERR_ISSUER_NOT_TRUSTED'],
    ['no issuer', makeStatement({ claims: { iss: undefined } }), trustFile(), 1, 'ERR_ISSUER_MISSING'],
    ['another kind of token', makeStatement({ header: { typ: 'dpop+jwt' } }), trustFile(), 1, 'ERR_TYP_OTHER'],
    [
      'what the issuer may not say',
      makeStatement(),
      trustFile({ mayAssert: { software_id: ['x'] } }),
      1,
      'ERR_SOFTWARE_ID_NOT_ALLOWED',
    ],
    ['something that is no token', 'a.b.c', trustFile(), 1, 'ERR_STATEMENT_BASE64URL'],
    ['keys that cannot be fetched', makeStatement(), remote, 3, 'ERR_KEYS_UNAVAILABLE'],
  ])('%s', async (_, statement, file, exit, code) => {
    const files = { 'trust.json': file }
    const verified = await verify([statement, ...trust], { files })
    expect({ exit: verified.exit, code: verified.verdict.code }).toEqual({ exit, code })
    const decided = await verify([statement, ...trust, '--request', 'request.json'], { files })
    expect({ exit: decided.exit, code: decided.verdict.code }).toEqual({ exit, code })

    const word = exit === 3 ? 'not known' : 'refused'
    const human = await runCli(['verify', statement, ...trust], { files })
    expect({ exit: human.exit, stdout: human.stdout.split('\n', 2).join('\n') }).toEqual({
      exit,
      stdout: expect.stringMatching(new RegExp(`^${word}: ${verified.verdict.error}: [ -~]+\\n  ${code}: `)),
    })
  })

  test('keys that can be fetched are used, and files beside the trust file read', async () => {
    const fetch = createGuardedFetch({ fetch: async () => Response.json(jwks) })
    expect((await verify(['statement.jwt', ...trust], { files: { 'trust.json': remote }, fetch })).exit).toBe(0)
    const beside = { 'etc/trust.json': { issuers: [{ issuer, jwksFile: 'keys/jwks.json' }] }, 'etc/keys/jwks.json': jwks }
    expect((await verify(['statement.jwt', '--trust', 'etc/trust.json'], { files: beside })).exit).toBe(0)
  })
})

describe('--request', () => {
  const statement = makeStatement()

  test.each<[string, unknown, number, string | undefined]>([
    ['without a statement gets the one given', { scope: 'openid' }, 0, undefined],
    ['that is empty gets the one given', {}, 0, undefined],
    ['that is empty with white space gets it too', ' { } ', 0, undefined],
    ['with the same statement is decided on', { software_statement: statement }, 0, undefined],
    ['with duplicate members', '{"scope":"a","scope":"b"}', 1, 'ERR_REQUEST_DUPLICATE_MEMBER'],
    [
      'with a statement twice',
      `{"software_statement":"${statement}","software_statement":"x"}`,
      1,
      'ERR_REQUEST_DUPLICATE_MEMBER',
    ],
    ['with a name that is no name', '{"__proto__":{}}', 1, 'ERR_REQUEST_FORBIDDEN_NAME'],
    ['that is no JSON', 'scope=openid', 1, 'ERR_REQUEST_JSON'],
    ['that is an array', '[]', 1, 'ERR_REQUEST_JSON'],
    ['that is not UTF-8', Uint8Array.from([0x7b, 0xff, 0x7d]), 1, 'ERR_REQUEST_UTF8'],
    ['that is too deep', `${'{"a":'.repeat(20)}1${'}'.repeat(20)}`, 1, 'ERR_REQUEST_LIMIT'],
    ['that is too large', { client_name: 'x'.repeat(200_000) }, 1, undefined],
    ['with a wrong type', { scope: 7 }, 1, 'ERR_METADATA_TYPE'],
    ['with a URI that is not allowed', { client_uri: 'javascript:alert(1)' }, 1, 'ERR_URI'],
  ])('%s', async (_, request, exit, code) => {
    const outcome = await verify([statement, ...trust, '--request', 'r.json'], { files: { 'r.json': request } })
    expect(outcome.exit).toBe(exit)
    if (code !== undefined) expect(outcome.verdict.code).toBe(code)
  })

  test('is merged by the rules and held to the policy of the trust file', async () => {
    const request = { redirect_uris: ['https://mail.example/other'], scope: 'openid admin' }
    const world = (others: object) => ({ files: { 'trust.json': trustFile({}, others), 'r.json': request } })
    const ceiling = await verify(
      ['statement.jwt', ...trust, '--request', 'r.json'],
      world({ merge: { redirect_uris: 'ceiling' } }),
    )
    expect([ceiling.exit, ceiling.verdict.error, ceiling.verdict.code]).toEqual([1, 'invalid_redirect_uri', 'ERR_MERGE_CONFLICT'])
    const policy = { metadata_policy: { scope: { subset_of: ['openid'] } } }
    const trimmed = await verify(['statement.jwt', ...trust, '--request', 'r.json'], world(policy))
    expect([trimmed.exit, trimmed.verdict.metadata.scope]).toEqual([0, 'openid'])
  })

  test('may use a statement that is for one use, which is not remembered', async () => {
    const argv = ['statement.jwt', ...trust, '--request', 'request.json']
    const once = { files: { 'trust.json': trustFile({ replay: 'once' }) } }
    expect([(await verify(argv, once)).exit, (await verify(argv, once)).exit]).toEqual([0, 0])
  })

  test('is shown with what of it is not registered, from where and why', async () => {
    const statement = makeStatement({ claims: { org_id: 'x', redirect_uris: undefined } })
    const request = {
      x_unknown: 1,
      exp: 1,
      client_id: 'x',
      client_secret_expires_at: 0,
      logo_uri: 'https://elsewhere.example/l',
      contacts: ['a@mail.example'],
      redirect_uris: ['https://mail.example/cb'],
      '\u202ename': 1,
    }
    const rules = { merge: { logo_uri: 'statement-only' }, metadata_policy: { contacts: { value: null } } }
    const world = { files: { 'trust.json': trustFile({}, rules), 'r.json': request } }
    const { exit, stdout } = await runCli(['verify', statement, ...trust, '--request', 'r.json'], world)
    expect(exit).toBe(0)
    const [, shown = ''] = /^not registered\n((?: {2}.*\n)*)\nchecks\n/m.exec(stdout) ?? []
    const rows = shown
      .trimEnd()
      .split('\n')
      .map((line) => line.trim().split(/ {2,}/))
    expect(rows.toSorted()).toEqual(
      [
        ['org_id', 'from statement', 'not known client metadata'],
        ['x_unknown', 'from request', 'not known client metadata'],
        ['\\u202ename', 'from request', 'not known client metadata'],
        ['exp', 'from request', 'a claim or a name that no client has'],
        ['client_id', 'from request', 'only the server gives it'],
        ['client_secret_expires_at', 'from request', 'only the server gives it'],
        ['logo_uri', 'from request', 'the merge rule leaves it out'],
        ['contacts', 'from request', 'the metadata policy takes it away'],
      ].toSorted(),
    )
    const json = JSON.parse((await runCli(['verify', statement, ...trust, '--request', 'r.json', '--json'], world)).stdout)
    expect(Object.keys(json)).toEqual(['approved', 'metadata', 'provenance', 'statement', 'checks'])
  })

  test.each([
    ['ignore', ['org_id', 'from statement', 'not known client metadata'], undefined],
    ['keep', undefined, 'x'],
  ])('without a request, members nobody knows are told of as well: %s', async (unknownMembers, row, value) => {
    const world = { files: { 'trust.json': trustFile({}, { unknownMembers }) } }
    const argv = ['verify', makeStatement({ claims: { org_id: 'x' } }), ...trust]
    const { exit, stdout } = await runCli(argv, world)
    expect(exit).toBe(0)
    const [, shown] = /^not registered\n {2}(.*)\n\nchecks\n/m.exec(stdout) ?? []
    expect(shown?.trim().split(/ {2,}/)).toEqual(row)
    expect(JSON.parse((await runCli([...argv, '--json'], world)).stdout).metadata.org_id).toBe(value)
  })

  test('is shown without that where everything is registered', async () => {
    const { stdout } = await runCli(['verify', 'statement.jwt', ...trust, '--request', 'request.json'])
    expect(stdout).not.toContain('not registered')
  })

  test('is shown with the member, where it is from, and what it replaces', async () => {
    const { exit, stdout } = await runCli(['verify', 'statement.jwt', ...trust, '--request', 'request.json'])
    expect(exit).toBe(0)
    expect(stdout).toMatch(/^approved\n\nmetadata\n/)
    expect(stdout).toMatch(/^ {2}client_name +from statement \(override\) +"Example Mail" over "Totally Mail"$/m)
    expect(stdout).toMatch(/^ {2}response_types +from default +\["code"\]$/m)
    expect(stdout).toMatch(/^checks\n {2}pass {2}json /m)
  })
})

describe('--audience', () => {
  const meant = makeStatement({ claims: { aud: [audience, 'https://other.example'] } })

  test.each<[string, string, object, readonly string[], number, string | undefined]>([
    ['the right one', meant, {}, ['--audience', audience], 0, undefined],
    ['a wrong one', meant, {}, ['--audience', `${audience}/`], 1, 'ERR_AUDIENCE_MISMATCH'],
    ['one that the statement does not have', makeStatement(), {}, ['--audience', audience], 0, undefined],
    [
      'one that it has to have',
      makeStatement(),
      { audiencePolicy: 'required' },
      ['--audience', audience],
      1,
      'ERR_AUDIENCE_MISSING',
    ],
    ['none where the issuer’s are ignored', meant, { audiencePolicy: 'ignore' }, [], 0, undefined],
  ])('%s', async (_, statement, rules, flags, exit, code) => {
    for (const request of [[], ['--request', 'request.json']]) {
      const argv = [statement, ...trust, ...flags, ...request]
      const outcome = await verify(argv, { files: { 'trust.json': trustFile(rules) } })
      expect({ exit: outcome.exit, code: outcome.verdict.code }).toEqual({ exit, code })
    }
  })
})
