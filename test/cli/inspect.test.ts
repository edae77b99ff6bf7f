import { describe, expect, test } from 'vitest'
import { keys } from '../support/keys.js'
import { issuer, makeClaims, makeJws, makeStatement, now } from '../support/make-jws.js'
import { runCli, trustFile } from './support.js'

const trust = ['--trust', 'trust.json']
const firstLine = (text: string) => text.split('\n', 1)[0]

describe('inspect', () => {
  test('without trust says first that nothing is verified, whatever it is given', async () => {
    const forged = makeStatement({ key: keys.other })
    const response = JSON.stringify({ client_id: 'x', software_statement: forged })
    for (const stdin of [makeStatement(), forged, 'nonsense', response]) {
      const human = await runCli(['inspect', '-'], { stdin })
      const json = await runCli(['inspect', '-', '--json'], { stdin })
      expect(firstLine(human.stdout)).toContain('not verified')
      expect(firstLine(json.stdout)).toBe('{ "verdict": "not verified",')
      expect(JSON.parse(json.stdout)).toMatchObject({ verdict: 'not verified', verified: null })
    }
  })

  test.each<[string, string, object, number, RegExp]>([
    ['approved', makeStatement(), trustFile(), 0, /^approved$/],
    ['refused', makeStatement({ key: keys.other }), trustFile(), 1, /^refused: invalid_software_statement: /],
    ['malformed', 'a.b.c', trustFile(), 1, /^refused: invalid_software_statement: /],
    [
      'not known',
      makeStatement(),
      { issuers: [{ issuer, jwksUri: 'https://publisher.example/jwks' }] },
      3,
      /^not known: temporarily_/,
    ],
  ])('with trust gives the verdict first: %s', async (name, statement, file, exit, line) => {
    const outcome = await runCli(['inspect', statement, ...trust], { files: { 'trust.json': file } })
    expect({ exit: outcome.exit, line: firstLine(outcome.stdout) }).toEqual({ exit, line: expect.stringMatching(line) })
    const json = await runCli(['inspect', statement, ...trust, '--json'], { files: { 'trust.json': file } })
    expect(firstLine(json.stdout)).toBe(`{ "verdict": "${name === 'malformed' ? 'refused' : name}",`)
    expect(JSON.parse(json.stdout).verified).toBe(name === 'approved')
  })

  test('shows header, claims with what each is, times in words, findings', async () => {
    const claims = { org_id: 'x', client_id: 'taken', exp: now + 90 * 86_400 - 60, nbf: now + 120 }
    const { exit, stdout, stderr } = await runCli(['inspect', makeStatement({ claims })])
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' })
    for (const line of [
      /^ {2}alg +"EdDSA"$/m,
      /^ {2}iss +claim of the JWT +"https:\/\/publisher\.example"$/m,
      /^ {2}client_name +vouched metadata +"Example Mail"$/m,
      /^ {2}org_id +vouched, not known client metadata +"x"$/m,
      /^ {2}client_id +no statement may have it +"taken"$/m,
      /^ {2}issued +2026-11-21T11:59:00Z {2}60 seconds ago$/m,
      /^ {2}valid from +2026-11-21T12:02:00Z {2}in 2 minutes$/m,
      /^ {2}expires +2027-02-19T11:59:00Z {2}in 89 days$/m,
      /^ {2}valid for +90 days$/m,
      /^ {2}error +statement\/forbidden-claim +.*client_id/m,
      /^ {2}warning +statement\/not-yet-valid /m,
      /^ {2}info +statement\/unknown-claim +.*org_id/m,
    ]) {
      expect(stdout).toMatch(line)
    }
  })

  test('says of a statement without an end that it never expires', async () => {
    const { stdout } = await runCli(['inspect', makeStatement({ claims: { exp: undefined } })])
    expect(stdout).toMatch(/^ {2}expires +never$/m)
  })

  test('shows times that no calendar has as they are', async () => {
    const { exit, stdout } = await runCli(['inspect', makeStatement({ claims: { exp: 1e15, iat: 'x', nbf: [] } })])
    expect(exit).toBe(0)
    expect(stdout).not.toMatch(/NaN|Invalid/)
  })

  test('shows the thumbprint of the key that verified, and only then', async () => {
    expect((await runCli(['inspect', 'statement.jwt', ...trust])).stdout).toMatch(/^ {2}thumbprint +[\w-]{43}$/m)
    expect((await runCli(['inspect', 'statement.jwt'])).stdout).not.toContain('thumbprint')
  })

  test.each([
    [1, '1 certificate'],
    [3, '3 certificates'],
  ])('shows of %i in x5c their number', async (count, words) => {
    const x5c = Array(count).fill(Buffer.from('certificate').toString('base64'))
    const { stdout } = await runCli(['inspect', makeStatement({ header: { x5c } })])
    expect(stdout).toMatch(new RegExp(`^ {2}x5c +${words}$`, 'm'))
    expect(stdout).not.toContain(x5c[0])
  })

  test.each<[string, string, string]>([
    ['two segments', 'a.b', 'ERR_STATEMENT_SEGMENTS'],
    ['an encrypted token', 'a.b.c.d.e', 'ERR_STATEMENT_ENCRYPTED'],
    ['segments with characters of their own', 'a=.b.c', 'ERR_STATEMENT_BASE64URL'],
    ['a header that is no JSON', makeJws({ header: 'x', payload: {} }), 'ERR_STATEMENT_JSON'],
    ['duplicate claims', makeJws({ header: { alg: 'EdDSA' }, payload: '{"a":1,"a":2}' }), 'ERR_STATEMENT_DUPLICATE_MEMBER'],
    ['no signature', makeJws({ header: { alg: 'none' }, payload: makeClaims(), alg: 'EdDSA' }), 'ERR_ALGORITHM_NONE'],
    ['an empty file', '', 'ERR_STATEMENT_SEGMENTS'],
  ])('of %s says what is wrong, with its code', async (_, text, code) => {
    const { exit, stdout } = await runCli(['inspect', '-'], { stdin: text })
    expect({ exit, stdout }).toEqual({ exit: 1, stdout: expect.stringMatching(new RegExp(`^malformed: ${code}: `, 'm')) })
    expect(stdout).not.toContain('findings')
    const json = await runCli(['inspect', '-', '--json'], { stdin: text })
    expect({ exit: json.exit, code: JSON.parse(json.stdout).code }).toEqual({ exit: 1, code })
  })

  test('has colours on a terminal only, and not where NO_COLOR is set or the terminal has none', async () => {
    const sequence = '\u001b['
    const shown = async (world: object) => (await runCli(['inspect', 'statement.jwt'], world)).stdout.includes(sequence)
    expect(await shown({ isTTY: true })).toBe(true)
    expect(await shown({ isTTY: true, env: { TERM: 'xterm-256color' } })).toBe(true)
    expect(await shown({ isTTY: true, env: { NO_COLOR: '1' } })).toBe(false)
    expect(await shown({ isTTY: true, env: { TERM: 'dumb' } })).toBe(false)
    expect(await shown({})).toBe(false)
  })
})

describe('inspect --json', () => {
  const inspect = async (...argv: string[]) => JSON.parse((await runCli(['inspect', ...argv, '--json'])).stdout)

  test.each<[string, readonly string[], unknown, readonly string[]]>([
    ['nothing verified', ['statement.jwt'], null, ['header', 'claims', 'members', 'times', 'findings']],
    ['approved', ['statement.jwt', ...trust], true, ['header', 'claims', 'members', 'times', 'key', 'findings', 'checks']],
    [
      'refused',
      [makeStatement({ key: keys.other }), ...trust],
      false,
      ['header', 'claims', 'members', 'times', 'findings', 'checks', 'code'],
    ],
    ['malformed', ['a.b.c'], null, ['findings', 'code']],
    ['malformed and refused', ['a.b.c', ...trust], false, ['findings', 'checks', 'code']],
  ])('has these members: %s', async (_, argv, verified, names) => {
    const shown = await inspect(...argv)
    expect(Object.keys(shown)).toEqual(['verdict', 'verified', ...names])
    expect(shown.verified).toBe(verified)
  })

  test('has what each claim is, times, findings and the key', async () => {
    const shown = await inspect(makeStatement({ claims: { org_id: 'x' } }), ...trust)
    expect(shown.members).toContainEqual({ name: 'iss', role: 'jwt' })
    expect(shown.members).toContainEqual({ name: 'client_name', role: 'metadata' })
    expect(shown.members).toContainEqual({ name: 'org_id', role: 'unknown' })
    expect(shown.times).toEqual({ iat: '2026-11-21T11:59:00Z', exp: '2026-11-21T13:00:00Z' })
    expect(shown.findings).toContainEqual(expect.objectContaining({ rule: 'statement/unknown-claim', member: 'org_id' }))
    expect(shown.key).toEqual({ kid: expect.any(String), thumbprint: expect.stringMatching(/^[\w-]{43}$/) })
    expect(shown.claims).toMatchObject({ iss: issuer, org_id: 'x' })
  })
})

describe('inspect of a request or response', () => {
  const response = {
    client_id: 's6BhdRkqt3',
    client_secret: 'cf136dc3c1fc93f31185e5885805d',
    client_secret_expires_at: 0,
    registration_access_token: 'reg-23410913-abewfq.123483',
    registration_client_uri: 'https://as.example/reg/s6BhdRkqt3',
    client_name: 'Example Mail',
    'odd":"name': 1,
    software_statement: makeStatement(),
  }

  test.each(['', '\n  '])('shows what it has, without its credentials', async (before) => {
    const { exit, stdout } = await runCli(['inspect', '-'], { stdin: `${before}${JSON.stringify(response)}` })
    expect(exit).toBe(0)
    expect(stdout).toMatch(/^ {2}client_id +"s6BhdRkqt3"$/m)
    expect(stdout).toMatch(/^ {2}client_secret +"\[redacted\]"$/m)
    expect(stdout).toMatch(/^ {2}registration_access_token +"\[redacted\]"$/m)
    expect(stdout).toMatch(/^ {2}odd":"name +1$/m)
    expect(stdout).not.toContain(response.client_secret)
    expect(stdout).not.toContain(response.registration_access_token)
    expect(stdout).toMatch(/^ {2}software_id +vouched metadata +"mail"$/m)
    expect(stdout).not.toMatch(/forbidden-member/)
  })

  test('as JSON has it as document, without its credentials', async () => {
    const { exit, stdout } = await runCli(['inspect', 'r.json', '--json'], { files: { 'r.json': response } })
    const { software_statement: _, ...others } = response
    expect(exit).toBe(0)
    const { document } = JSON.parse(stdout)
    expect(document).toMatchObject({ ...others, client_secret: '[redacted]', registration_access_token: '[redacted]' })
  })

  test('verifies the statement in it, and finds what is odd around it', async () => {
    const request = { software_statement: makeStatement(), client_uri: 'javascript:alert(1)' }
    const { exit, stdout } = await runCli(['inspect', 'r.json', ...trust], { files: { 'r.json': request } })
    expect({ exit, line: firstLine(stdout) }).toEqual({ exit: 0, line: 'approved' })
    expect(stdout).toMatch(/^ {2}error +metadata\/uri +client_uri/m)
  })

  test('shows no credential that somebody has put into a statement', async () => {
    const claims = { client_secret: 'cf136dc3c1fc', jwks: { keys: [keys.p256] } }
    for (const json of [[], ['--json']]) {
      const { stdout } = await runCli(['inspect', makeStatement({ claims, header: { client_secret: 'in-the-header' } }), ...json])
      expect(stdout).not.toContain('cf136dc3c1fc')
      expect(stdout).not.toContain('in-the-header')
      expect(stdout).not.toContain(keys.p256.d)
      expect(stdout).toContain(keys.p256.x)
    }
  })
})
