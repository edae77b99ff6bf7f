import { createPrivateKey } from 'node:crypto'
import { type ClientStore, memoryClientStore } from '@software-statement/registration'
import type { GuardedSend } from '@software-statement/verifier'
import { describe, expect, test } from 'vitest'
import type { Definition } from '../../packages/cli/src/definition.js'
import { definitions } from '../../packages/cli/src/definitions.js'
import { subjectAltName, uri } from '../support/certificates/extensions.js'
import { issue, issueRoot, toPem } from '../support/certificates/issue.js'
import { readKeys, signings } from '../support/certificates/keys.js'
import { keys, publicHalf } from '../support/keys.js'
import { audience, issuer, makeStatement, now, vouched } from '../support/make-jws.js'
import { defaultFiles, type Outcome, runCli, trustFile } from './support.js'

/** A flag and what it does: without it, the same command line comes out otherwise. */
interface Row {
  readonly command: string
  readonly flag: string
  readonly value?: string
  readonly others: readonly string[]
  readonly exit: number
  readonly shows: (outcome: Outcome) => string
  readonly says: RegExp
}

const signing = ['sign', 'metadata.json', '--key', 'key.json', '--issuer', issuer]
const registering = ['register', audience, '--metadata', 'request.json']
const planning = ['keys', 'plan', '--current', 'key.json']
const stdout = (outcome: Outcome) => outcome.stdout
const stderr = (outcome: Outcome) => outcome.stderr
const files = (outcome: Outcome) => [...outcome.written.keys()].join()
const claims = ({ stdout: text }: Outcome) => decode(text.split('.')[1])
const header = ({ stdout: text }: Outcome) => decode(text.split('.')[0])
const decode = (segment = '') => Buffer.from(segment, 'base64url').toString('utf8')

const pem = createPrivateKey({ key: { ...keys.p256 }, format: 'jwk' }).export({
  type: 'pkcs8',
  format: 'pem',
  cipher: 'aes-256-cbc',
  passphrase: 'correct horse',
})

/** A server that echoes what is sent. */
const send: GuardedSend = async (url, { method, headers = {}, body = '{}' }) => {
  const answer = (status: number, members: object) => ({
    status,
    headers: new Headers(),
    body: Buffer.from(JSON.stringify(members)),
  })
  if (method === 'GET') return answer(200, { issuer: audience, registration_endpoint: `${audience}/reg` })
  const members = { ...JSON.parse(body), client_id: 'x', registration_client_uri: `${url}/x`, registration_access_token: 'y' }
  return answer(method === 'POST' ? 201 : 200, { ...members, ...(headers.authorization ? { seen: headers.authorization } : {}) })
}

/** A store that takes no token that is good for one use and for ever, so that flags make a difference. */
const openStore = async (): Promise<ClientStore> => ({
  ...memoryClientStore(),
  addInitialAccessToken: async ({ uses, expiresAt }) => {
    if (uses === 1 && expiresAt === undefined) throw new TypeError('nothing is said of the token')
  },
})

const named = { extensions: [subjectAltName(uri(issuer))], notBefore: new Date('2026-01-01') }

const world = {
  send,
  openStore,
  files: {
    'serve.json': { mode: 'token' },
    'taken.json': {},
    'clients.db': '',
    'client.json': { client_id: 'x', registration_client_uri: `${audience}/reg/x`, registration_access_token: 'y' },
    'key.pem': pem,
    'passphrase.txt': 'correct horse\n',
    'rsa.json': publicHalf(keys.rsa),
    'unknown.json': { ...vouched, org_id: 'x' },
    'meant.jwt': makeStatement({ claims: { aud: audience } }),
    'approval.json': {
      approvals: [{ software_id: 'mail', approvedBy: 'security', approvedUntil: '2099-01-01T00:00:00Z', metadata_policy: {} }],
    },
    'chain.pem': toPem(issue(issueRoot(), { keys: readKeys('ed25519'), ...named, signing: signings.ecdsaSha256 })),
    'ceiling.json': trustFile({}, { merge: { client_name: 'match' } }),
  },
}

const row = (
  argv: readonly string[],
  [flag, value]: readonly [string, string?],
  exit: number,
  shows: Row['shows'],
  says: RegExp,
): Row => {
  const [command = '', ...others] = argv
  return { command, flag, others, exit, shows, says, ...(value === undefined ? {} : { value }) }
}

const soon = String(now + 30)
const later = String(now + 7200)

const rows: readonly Row[] = [
  row(['keygen', '--out', 'new.json'], ['alg', 'ES384'], 0, stdout, /"crv": "P-384"[\s\S]*"alg": "ES384"/),
  row(['keygen'], ['out', 'new.json'], 0, files, /^new\.json$/),
  row(['jwks', 'key.json'], ['next', 'rsa.json'], 0, stdout, /"OKP"[\s\S]*"RSA"/),
  row(['jwks', 'key.json'], ['retired', 'rsa.json'], 0, stdout, /"OKP"[\s\S]*"RSA"/),
  row(['jwks', 'exec:sign'], ['public-key', 'rsa.json'], 0, stdout, /"RSA"/),
  row(['jwks', 'key.pem'], ['passphrase-file', 'passphrase.txt'], 0, stdout, /"crv": "P-256"/),
  row(['keys', 'plan'], ['current', 'key.json'], 0, stdout, /^keys\n {2}current/),
  row(planning, ['next', 'rsa.json'], 0, stdout, /next .* may sign from/),
  row(planning, ['retired', 'rsa.json'], 0, stdout, /withdraw +retired/),
  row(['keys', 'plan', '--current', 'exec:sign'], ['public-key', 'rsa.json'], 0, stdout, /current/),
  row(['keys', 'plan', '--current', 'key.pem'], ['passphrase-file', 'passphrase.txt'], 0, stdout, /current/),
  row([...planning, '--next', 'rsa.json'], ['cache-lifetime', '2 days'], 0, stdout, /may sign from 2026-11-23T12:00:00Z/),
  row([...planning, 'statement.jwt'], ['clock-tolerance', '2 hours'], 0, stdout, /at least until 2026-11-21T15:00:00Z/),
  row(planning, ['at', later], 0, stdout, /2026-11-21T14:00:00Z \(now\)/),
  row(planning, ['json'], 0, stdout, /^\{\n {2}"at": /),
  row(['sign', 'metadata.json', '--issuer', issuer], ['key', 'key.json'], 0, header, /"alg":"EdDSA"/),
  row(
    ['sign', 'metadata.json', '--key', 'exec:sign', '--issuer', issuer, '--dry-run'],
    ['public-key', 'rsa.json'],
    0,
    stdout,
    /"alg": "RS256"/,
  ),
  row(['sign', 'metadata.json', '--key', 'key.json'], ['issuer', issuer], 0, claims, /"iss":"https:\/\/publisher\.example"/),
  row(signing, ['policy', 'approval.json'], 1, stderr, /^ERR_APPROVAL_MEMBER: /m),
  row(signing, ['audience', audience], 0, claims, /"aud":"https:\/\/as\.example"/),
  row(signing, ['expires-in', '2 hours'], 0, claims, new RegExp(`"exp":${now + 7200}[,}]`)),
  row(signing, ['alg', 'Ed25519'], 0, header, /"alg":"Ed25519"/),
  row(signing, ['kid', 'the-key'], 0, header, /"kid":"the-key"/),
  row(signing, ['x5c', 'chain.pem'], 0, header, /"x5c":\["M/),
  row(signing, ['typ', 'ssa+jwt'], 0, header, /"typ":"ssa\+jwt"/),
  row(['sign', 'unknown.json', '--key', 'key.json', '--issuer', issuer], ['extra-member', 'org_id'], 0, claims, /"org_id":"x"/),
  row(
    ['sign', 'metadata.json', '--key', 'key.pem', '--issuer', issuer],
    ['passphrase-file', 'passphrase.txt'],
    0,
    header,
    /"alg":"ES256"/,
  ),
  row(signing, ['dry-run'], 0, stdout, /^\{\n {2}"header": \{[\s\S]*"claims": \{/),
  row(signing, ['out', 'new.jwt'], 0, files, /^new\.jwt$/),
  row(['verify', 'statement.jwt'], ['trust', 'trust.json'], 0, stdout, /^approved\n/),
  row(['verify', 'statement.jwt', '--trust', 'trust.json'], ['request', 'request.json'], 0, stdout, /over "Totally Mail"/),
  row(['verify', 'meant.jwt', '--trust', 'trust.json'], ['audience', audience], 0, stdout, /pass {2}audience/),
  row(['verify', 'statement.jwt', '--trust', 'trust.json'], ['at', later], 1, stdout, /ERR_EXPIRED/),
  row(['verify', 'statement.jwt', '--trust', 'trust.json'], ['json'], 0, stdout, /^\{\n {2}"approved": true/),
  row(['inspect', 'statement.jwt'], ['trust', 'trust.json'], 0, stdout, /^approved\n/),
  row(['inspect', 'meant.jwt', '--trust', 'trust.json'], ['audience', audience], 0, stdout, /^approved\n/),
  row(['inspect', 'statement.jwt'], ['at', soon], 0, stdout, /issued .* 90 seconds ago/),
  row(['inspect', 'statement.jwt'], ['json'], 0, stdout, /^\{ "verdict": "not verified",\n {2}"verified": null/),
  row(['serve', '--port', '0', '--store', 'memory'], ['config', 'serve.json'], 0, stderr, /"mode":"token"/),
  row(['serve', '--port', '0', '--store', 'memory'], ['host', 'localhost'], 0, stderr, /^http:\/\/localhost:49152\/reg\n/),
  row(['serve', '--store', 'memory'], ['port', '8000'], 0, stderr, /^http:\/\/127\.0\.0\.1:8000\/reg\n/),
  row(['serve', '--store', 'memory'], ['issuer', audience], 0, stderr, /"issuer":"https:\/\/as\.example"/),
  row(['serve', '--port', '0'], ['store', 'memory'], 0, stderr, /"store":"memory"/),
  row(['serve', '--port', '0'], ['mode', 'token'], 0, stderr, /"mode":"token"/),
  row(['serve', '--port', '0'], ['trust', 'trust.json'], 0, stderr, /"trust":true/),
  row(['register', audience], ['metadata', 'request.json'], 0, stdout, /"client_name": "Totally Mail"/),
  row(registering, ['statement', 'statement.jwt'], 0, stdout, /"software_statement": "ey/),
  row(registering, ['token', 'abc'], 0, stdout, /"seen": "Bearer abc"/),
  row(registering, ['out', 'new.json'], 0, files, /^new\.json$/),
  row([...registering, '--out', 'taken.json'], ['force'], 0, files, /^taken\.json$/),
  row(['client', 'update', 'client.json'], ['metadata', 'request.json'], 0, stdout, /"client_name": "Totally Mail"/),
  row(
    ['client', 'update', 'client.json', '--metadata', 'request.json'],
    ['statement', 'statement.jwt'],
    0,
    stdout,
    /"software_statement": "ey/,
  ),
  row(['token', 'create', '--count', '2'], ['store', 'clients.db'], 0, stdout, /^[\w-]{43}\n$/),
  row(['token', 'create', '--store', 'clients.db'], ['count', '2'], 0, stdout, /^[\w-]{43}\n$/),
  row(['token', 'create', '--store', 'clients.db'], ['expires-in', '1 hour'], 0, stdout, /^[\w-]{43}\n$/),
]

describe('every flag', () => {
  const all = Object.entries(definitions).flatMap(([command, { options }]) =>
    Object.keys(options).map((flag) => `${command} --${flag}`),
  )

  test('has a row in this table, and every row has a flag', () => {
    expect([...new Set(rows.map(({ command, flag }) => `${command} --${flag}`))].sort()).toEqual([...all].sort())
  })

  test.each(rows)('$command --$flag does what it says, and nothing else does', async (given) => {
    const { command, flag, value, others, exit, shows, says } = given
    const argv = [command, ...others, `--${flag}`, ...(value === undefined ? [] : [value])]
    const outcome = await runCli(argv, world)
    expect({ exit: outcome.exit, text: shows(outcome) }).toEqual({ exit, text: expect.stringMatching(says) })

    const without = await runCli([command, ...others], world)
    expect(without.exit === exit && says.test(shows(without))).toBe(false)
  })

  test.each(rows.filter(({ value }) => value !== undefined))(
    '$command --$flag takes its value behind = as well',
    async (given) => {
      const { command, flag, value, others, exit, shows, says } = given
      const outcome = await runCli([command, `--${flag}=${value}`, ...others], world)
      expect({ exit: outcome.exit, text: shows(outcome) }).toEqual({ exit, text: expect.stringMatching(says) })
    },
  )

  const lists = Object.entries<Definition>(definitions).flatMap(([command, { options }]) =>
    Object.entries(options).flatMap(([flag, { array }]) => (array === true ? [`${command} --${flag}`] : [])),
  )
  const isSingle = ({ command, flag, value }: Row) => value !== undefined && !lists.includes(`${command} --${flag}`)

  test.each(rows.filter(isSingle))('$command --$flag given twice is refused', async ({ command, flag, value = '', others }) => {
    const twice = [`--${flag}`, value, `--${flag}`, value]
    const { exit, stdout: out, stderr: talk, written } = await runCli([command, ...others, ...twice], world)
    expect({ exit, out, talk, written: written.size }).toEqual({
      exit: 2,
      out: '',
      talk: `software-statement: --${flag} is given more than once\n`,
      written: 0,
    })
  })

  test.each(rows.filter(({ value }) => value !== undefined))('$command --$flag without a value is refused', async (given) => {
    for (const bare of [[`--${given.flag}`], [`--${given.flag}=`]]) {
      const { exit, stdout: out } = await runCli([given.command, ...given.others, ...bare], world)
      expect({ exit, out }).toEqual({ exit: 2, out: '' })
    }
  })

  test('sign --extra-member is repeatable', async () => {
    const two = { ...vouched, org_id: 'x', org_name: 'y' }
    const argv = [...signing, '--extra-member', 'org_id', '--extra-member', 'org_name']
    const outcome = await runCli(argv, { files: { ...defaultFiles, 'metadata.json': two } })
    expect(JSON.parse(claims(outcome))).toMatchObject({ org_id: 'x', org_name: 'y' })
  })
})
