import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { definitions } from '../../packages/cli/src/definitions.js'
import { processIo } from '../../packages/cli/src/process-io.js'
import { reportFault } from '../../packages/cli/src/report-fault.js'
import { audience, issuer, makeStatement, now } from '../support/make-jws.js'
import { root } from '../support/workspace.js'
import { runCli, trustFile } from './support.js'

const commands = Object.keys(definitions)
const signing = ['--key', 'key.json', '--issuer', issuer]
const trust = ['--trust', 'trust.json']

const files = {
  'empty.json': '',
  'array.json': '[]',
  'duplicate.json': '{"software_id":"a","software_id":"b"}',
  'latin1.json': Uint8Array.from([0x7b, 0x22, 0xe9, 0x22, 0x3a, 0x31, 0x7d]),
  'keys.json': { keys: [{ kty: 'OKP' }, { kty: 'OKP' }] },
  'wrong-trust.json': { issuers: [], surprise: true },
  'wrong-policy-trust.json': trustFile({}, { metadata_policy: { scope: { one_of: 'openid' } } }),
  'misspelled-trust.json': trustFile({}, { metadata_policy: { scope: { subsetof: ['openid'] } } }),
  'wrong-approval.json': { approvals: [{ software_id: 'mail' }] },
  'meant.jwt': makeStatement({ claims: { aud: audience } }),
  'other-statement.json': { software_statement: makeStatement({ claims: { jti: 'other' } }) },
  'number-statement.json': { software_statement: 7 },
  'required.json': trustFile({ audiencePolicy: 'required' }),
  'private-trust.json': { issuers: [{ issuer, jwksFile: 'nowhere.json' }] },
}

describe('usage and configuration faults end with 2, one line and no output', () => {
  test.each<[string, readonly string[]]>([
    ['no command', []],
    ['an unknown command', ['frobnicate']],
    ['a command named like a property of every object', ['constructor']],
    ['an unknown command after an option', ['--json', 'inspect']],
    ['an unknown flag', ['inspect', 'statement.jwt', '--force']],
    ['a flag named like a property of every object', ['inspect', 'statement.jwt', '--constructor', 'x']],
    ['a flag of another command', ['inspect', 'statement.jwt', '--request', 'request.json']],
    ['a flag in camel case', ['sign', 'metadata.json', ...signing, '--expiresIn', '1 day']],
    ['the opposite of a flag', ['inspect', 'statement.jwt', '--no-json']],
    ['no operand', ['inspect']],
    ['an empty operand', ['inspect', '']],
    ['two operands', ['inspect', 'statement.jwt', 'statement.jwt']],
    ['an operand where there is none', ['completion', 'bash']],
    ['keygen without a file', ['keygen']],
    ['keygen for HS256', ['keygen', '--alg', 'HS256', '--out', 'new.json']],
    ['keygen over a file that is there', ['keygen', '--out', 'key.json']],
    ['jwks without a key', ['jwks']],
    ['a key file that is not there', ['jwks', 'nowhere.json']],
    ['a key file that is empty', ['jwks', 'empty.json']],
    ['sign without a key', ['sign', 'metadata.json', '--issuer', issuer]],
    ['sign without an issuer', ['sign', 'metadata.json', '--key', 'key.json']],
    ['an issuer that is blank', ['sign', 'metadata.json', '--key', 'key.json', '--issuer', ' ']],
    ['an issuer with a blank behind it', ['sign', 'metadata.json', '--key', 'key.json', '--issuer', `${issuer} `]],
    ['an audience with a line feed', ['sign', 'metadata.json', ...signing, '--audience', `${audience}\n`]],
    ['sign with several keys', ['sign', 'metadata.json', '--key', 'keys.json', '--issuer', issuer]],
    ['sign with an algorithm the key is not made for', ['sign', 'metadata.json', ...signing, '--alg', 'ES256']],
    ['sign with an algorithm nobody knows', ['sign', 'metadata.json', ...signing, '--alg', 'none']],
    ['a lifetime that is none', ['sign', 'metadata.json', ...signing, '--expires-in', 'forever']],
    ['an approval policy that is malformed', ['sign', 'metadata.json', ...signing, '--policy', 'wrong-approval.json']],
    ['an approval policy that is no JSON', ['sign', 'metadata.json', ...signing, '--policy', 'empty.json']],
    ['an empty passphrase', ['sign', 'metadata.json', ...signing, '--passphrase-file', 'empty.json']],
    ['metadata that is no JSON object', ['sign', 'array.json', ...signing]],
    ['metadata with duplicate members', ['sign', 'duplicate.json', ...signing]],
    ['metadata that is not UTF-8', ['sign', 'latin1.json', ...signing]],
    ['sign over a file that is there', ['sign', 'metadata.json', ...signing, '--out', 'key.json']],
    ['a file for what a dry run does not sign', ['sign', 'metadata.json', ...signing, '--dry-run', '--out', 'new.jwt']],
    ['a private key for standard output', ['keygen', '--out', '-']],
    ['a statement for a file named -', ['sign', 'metadata.json', ...signing, '--out', '-']],
    ['an audience where nothing is verified', ['inspect', 'statement.jwt', '--audience', audience]],
    ['verify without trust', ['verify', 'statement.jwt']],
    ['a trust file that is not there', ['verify', 'statement.jwt', '--trust', 'nowhere.json']],
    ['a trust file that is malformed', ['verify', 'statement.jwt', '--trust', 'wrong-trust.json']],
    ['a trust file with an illegal policy', ['verify', 'statement.jwt', '--trust', 'wrong-policy-trust.json']],
    ['a trust file with a misspelled operator', ['verify', 'statement.jwt', '--trust', 'misspelled-trust.json']],
    ['a key file of the trust file that is not there', ['verify', 'statement.jwt', '--trust', 'private-trust.json']],
    ['a statement that is not there', ['verify', 'nowhere.jwt', ...trust]],
    ['a request that is not there', ['verify', 'statement.jwt', ...trust, '--request', 'nowhere.json']],
    ['a request with another statement', ['verify', 'statement.jwt', ...trust, '--request', 'other-statement.json']],
    ['a request whose statement is no text', ['verify', 'statement.jwt', ...trust, '--request', 'number-statement.json']],
    ['standard input for two things', ['verify', '-', ...trust, '--request', '-']],
    ['a statement with an audience, and none given', ['verify', 'meant.jwt', ...trust]],
    ['the same with a request', ['verify', 'meant.jwt', ...trust, '--request', 'request.json']],
    ['the same for inspect', ['inspect', 'meant.jwt', ...trust]],
    ['an issuer that requires an audience, and none given', ['verify', 'statement.jwt', '--trust', 'required.json']],
    ['the same for inspect with trust', ['inspect', 'statement.jwt', '--trust', 'required.json']],
    ['a time that is none', ['verify', 'statement.jwt', ...trust, '--at', 'yesterday']],
    ['a day that no calendar has', ['inspect', 'statement.jwt', '--at', '2026-02-30T00:00:00Z']],
    ['a time without a time zone', ['inspect', 'statement.jwt', '--at', '2026-11-21T12:00:00']],
    ['JSON without a statement', ['inspect', 'request.json']],
  ])('%s', async (_, argv) => {
    const { exit, stdout, stderr, written } = await runCli(argv, { files, stdin: makeStatement() })
    expect({ exit, stdout, stderr, written: written.size }).toEqual({
      exit: 2,
      stdout: '',
      stderr: expect.stringMatching(/^[^\p{C}]+\n$/u),
      written: 0,
    })
  })

  test('a token that is taken for a file is not repeated', async () => {
    const { exit, stderr } = await runCli(['inspect', `${makeStatement()}.x.y`])
    expect({ exit, stderr }).toEqual({ exit: 2, stderr: expect.not.stringContaining('eyJ') })
  })

  test('the stack of a fault is shown on demand only', async () => {
    const debug = await runCli(['inspect', 'nowhere.jwt'], { env: { SOFTWARE_STATEMENT_DEBUG: '1' } })
    expect(debug.stderr).toMatch(/\n {4}at /)
  })

  test('a fault that nobody expects is named and no more', () => {
    const said: string[] = []
    const io = { ...processIo(), env: {}, stderr: (text: string) => void said.push(text) }
    expect(reportFault(new RangeError('what nobody knows'), io)).toBe(2)
    expect(said).toEqual(['software-statement: unexpected RangeError\n'])
  })
})

describe('flags', () => {
  const dryRun = ['sign', 'metadata.json', ...signing]
  const unsound = ['yes', 'no', '1', '0', 'TRUE', 'True', 'on', 'maybe', '', 'true ', 'true=true']

  test.each(unsound)('a flag that takes no value is refused with %j', async (value) => {
    for (const [argv, flag] of [
      [dryRun, 'dry-run'],
      [['verify', 'statement.jwt', ...trust], 'json'],
      [['inspect', 'statement.jwt'], 'json'],
      [['keys', 'plan', '--current', 'key.json'], 'json'],
    ] as const) {
      for (const dashes of ['--', '-']) {
        const { exit, stdout, stderr } = await runCli([...argv, `${dashes}${flag}=${value}`])
        expect({ exit, stdout, stderr }).toEqual({
          exit: 2,
          stdout: '',
          stderr: `software-statement: --${flag} takes no value\n`,
        })
      }
    }
  })

  test.each<[string, readonly string[], boolean]>([
    ['alone', ['--dry-run'], true],
    ['with true', ['--dry-run=true'], true],
    ['with false', ['--dry-run=false'], false],
    ['not at all', [], false],
  ])('a flag that takes no value counts %s', async (_, flags, isDry) => {
    const { exit, stdout } = await runCli([...dryRun, ...flags])
    expect({ exit, isDry: stdout.startsWith('{') }).toEqual({ exit: 0, isDry })
  })

  test('a flag that takes no value is not given twice', async () => {
    for (const others of [['--dry-run'], ['--dry-run=false'], ['--dry-run=true', '--kid', 'k']]) {
      const { exit, stdout, stderr } = await runCli([...dryRun, '--dry-run', ...others])
      expect({ exit, stdout, stderr }).toEqual({
        exit: 2,
        stdout: '',
        stderr: 'software-statement: --dry-run is given more than once\n',
      })
    }
  })

  test.each([
    [['verify', 'statement.jwt', '--tru', 'trust.json'], 'verify has no flag --tru: see verify --help'],
    [['verify', 'statement.jwt', '--tru=trust.json'], 'verify has no flag --tru: see verify --help'],
    [['sign', 'metadata.json', '--isuer', issuer], 'sign has no flag --isuer: see sign --help'],
    [['--frobnicate', 'verify'], 'software-statement has no flag --frobnicate: see software-statement --help'],
    [['inspect', '-----BEGIN PRIVATE KEY-----'], 'inspect is given a flag that it does not have: see inspect --help'],
  ])('%j names the flag that is unknown before those that are missing', async (argv, message) => {
    expect(await runCli(argv)).toMatchObject({ exit: 2, stdout: '', stderr: `software-statement: ${message}\n` })
  })

  test('a value that is none of the choices is not repeated', async () => {
    const { exit, stderr } = await runCli(['keygen', '--alg', '{"secret":1}', '--out', 'new.json'])
    expect({ exit, stderr }).toEqual({ exit: 2, stderr: expect.stringMatching(/--alg must be one of "ES256", "ES384"/) })
    expect(stderr).not.toContain('secret')
  })

  test('an unknown flag beside --help, and behind --, is none', async () => {
    expect(await runCli(['verify', '--tru', '--help'])).toMatchObject({ exit: 0, stderr: '' })
    const { exit } = await runCli(['inspect', '--', '--tru'], { files: { '--tru': makeStatement() } })
    expect(exit).toBe(0)
  })

  test('a time before 1970 is a value', async () => {
    expect((await runCli(['inspect', 'statement.jwt', '--at', '-5'])).stderr).toContain('seconds')
  })
})

describe('operands', () => {
  const token = makeStatement()
  const first = (text: string) => text.split('\n', 1)[0]

  test.each(['verify', 'inspect'])('%s takes a token, a file with one, and standard input', async (command) => {
    const outcomes = [
      await runCli([command, token, ...trust]),
      await runCli([command, 'statement.jwt', ...trust]),
      await runCli([command, '-', ...trust], { stdin: `\n ${token}\r\n` }),
      await runCli([command, '--trust=trust.json', '--', token]),
    ]
    expect(outcomes.map(({ exit, stdout }) => [exit, first(stdout)])).toEqual(Array(4).fill([0, 'approved']))
  })

  test.each(['verify', 'inspect', 'keys'])('%s says of a file whose name looks like a token how to name it', async (command) => {
    const files = { 'my.st.jwt': token, './my.st.jwt': token }
    const argv = command === 'keys' ? ['keys', 'plan', '--current', 'key.json'] : [command, ...trust]
    const asToken = await runCli([...argv, 'my.st.jwt'], { files })
    expect(asToken).toMatchObject({
      exit: 1,
      stderr: 'note: my.st.jwt is taken for a token; for the file of that name write ./my.st.jwt\n',
    })
    expect(await runCli([...argv, './my.st.jwt'], { files })).toMatchObject({ exit: 0, stderr: '' })
    expect(await runCli([...argv, token], { files })).toMatchObject({ exit: 0, stderr: '' })
  })

  const byteOrderMark = '\ufeff'

  test.each([byteOrderMark, '\u00a0', '\u2003', '\u2028', '\u3000', '\u000b', '\u0085'])(
    'no more than ASCII white space may be around a token: %j',
    async (space) => {
      for (const text of [`${space}${token}`, `${token}${space}`, `\n${space}${token}\n`]) {
        const { exit, stdout } = await runCli(['verify', '-', ...trust, '--json'], { stdin: text })
        expect({ exit, code: JSON.parse(stdout).code }).toEqual({ exit: 1, code: 'ERR_STATEMENT_BASE64URL' })
        expect((await runCli(['inspect', '-'], { stdin: text })).exit).toBe(1)
        expect((await runCli(['keys', 'plan', '--current', 'key.json', '-'], { stdin: text })).exit).toBe(1)
      }
    },
  )

  test.each([
    ['a.b.c', 'refused'],
    ['..', 'refused'],
    ['e-_9.e-_9.', 'refused'],
    ['./a.b.c', 'approved'],
    ['a.b.c.d', 'approved'],
    ['a.b c.d', 'approved'],
    ['1234', 'approved'],
    ['0x10', 'approved'],
  ])('%s is a token only if it is base64url but for two dots', async (operand, verdict) => {
    const { stdout } = await runCli(['verify', operand, ...trust], { files: { [operand]: token } })
    expect(stdout.split(/[:\n]/, 1)[0]).toBe(verdict)
  })

  test('a trust file, a request, a key or a policy may come from standard input too', async () => {
    const request = await runCli(['verify', 'statement.jwt', ...trust, '--request', '-'], { stdin: { scope: 'openid' } })
    const trusting = await runCli(['verify', 'statement.jwt', '--trust', '-'], { stdin: trustFile() })
    expect([request.exit, trusting.exit]).toEqual([0, 0])
  })
})

describe('--at', () => {
  test.each([
    ['RFC 3339', new Date((now + 7200) * 1000).toISOString()],
    ['RFC 3339 with a time zone', '2026-11-21T16:00:00+02:00'],
    ['seconds since 1970', String(now + 7200)],
  ])('%s is taken, and said on standard error', async (_, time) => {
    const { exit, stdout, stderr } = await runCli(['verify', 'statement.jwt', ...trust, '--at', time, '--json'])
    expect({ exit, code: JSON.parse(stdout).code, stderr }).toEqual({
      exit: 1,
      code: 'ERR_EXPIRED',
      stderr: expect.stringMatching(/^note: --at .*key sets are taken as they are now\n$/),
    })
  })
})

describe('help', () => {
  test('names every command, and every command its flags, examples and exit codes', async () => {
    const { exit, stdout, stderr } = await runCli(['--help'])
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' })
    for (const command of commands) expect(stdout).toContain(`software-statement ${command} `)
    expect(stdout).toContain('Exit code: 0 accepted, 1 refused, 2 usage or configuration, 3 could not find out')
    for (const variable of ['NO_COLOR', 'SOFTWARE_STATEMENT_DEBUG']) expect(stdout).toContain(`${variable}=1 `)
  })

  test.each(Object.entries(definitions))('%s --help names its flags and shows an example', async (command, { options }) => {
    const { exit, stdout, stderr } = await runCli([command, '--help'])
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' })
    for (const flag of Object.keys(options)) expect(stdout).toContain(`--${flag} `)
    expect(stdout).toContain('Examples:')
    expect((await runCli([command, '-h'])).stdout).toBe(stdout)
  })

  test.each(['verify', 'inspect'])('%s --help lists what is checked', async (command) => {
    const { stdout } = await runCli([command, '--help'])
    const checked = ['form of the token', 'duplicate members', 'kind of JWT', 'issuer', 'algorithm', 'typ', 'x5c', 'signature']
    for (const what of [...checked, 'claims', 'times', 'audience', 'may vouch for']) expect(stdout).toContain(what)
  })

  test('sign --help lists what is checked before and after signing', async () => {
    const { stdout } = await runCli(['sign', '--help'])
    for (const what of ['JSON types', 'URIs', 'only servers', 'approval', 'verified with the\npublic half']) {
      expect(stdout).toContain(what)
    }
  })

  test('no line of it is wider than a wide terminal', async () => {
    for (const command of [[], ...commands.map((name) => [name])]) {
      const { stdout } = await runCli([...command, '--help'])
      expect(stdout.split('\n').filter((line) => line.length > 122)).toEqual([])
    }
  })

  test('--version prints the version of the package', async () => {
    const { version } = JSON.parse(readFileSync(join(root, 'packages/cli/package.json'), 'utf8'))
    expect(await runCli(['--version'])).toMatchObject({ exit: 0, stdout: `${version}\n`, stderr: '' })
    expect(await runCli(['sign', '--version'])).toMatchObject({ exit: 0, stdout: `${version}\n` })
  })
})
