import { describe, expect, test } from 'vitest'
import { keys, publicHalf } from '../support/keys.js'
import { makeStatement, now } from '../support/make-jws.js'
import { runCli, type World } from './support.js'

const day = 86_400
const ends = (seconds: number, claims: object = {}) => makeStatement({ claims: { exp: now + seconds, ...claims } })
const files = {
  'next.json': keys.p256,
  'retired.json': publicHalf(keys.ed25519),
  'current.json': keys.p384,
  'issued.txt': `${ends(day)}\n\n${ends(9 * day)}\r\n`,
  'expired.jwt': ends(-day, { iat: now - 2 * day }),
  'forever.jwt': makeStatement({ claims: { exp: undefined } }),
  'broken.txt': `${ends(day)}\nhello\n`,
}
const rotating = ['--current', 'current.json', '--next', 'next.json', '--retired', 'retired.json']
const cli = (argv: readonly string[], world: World = {}) => runCli(['keys', 'plan', ...argv], { files, ...world })
const json = async (argv: readonly string[], world: World = {}) => {
  const { exit, stdout, stderr } = await cli([...argv, '--json'], world)
  return { exit, stderr, plan: JSON.parse(stdout) }
}

describe('keys plan', () => {
  test('says what to publish when', async () => {
    const { exit, stdout, stderr } = await cli([...rotating, 'issued.txt'])
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' })
    const lines = stdout.split('\n').map((line) =>
      line
        .trim()
        .replaceAll(/ {2,}/g, ' ')
        .replaceAll(/[\w-]{43}/g, 'KID'),
    )
    expect(lines).toEqual([
      'keys',
      expect.stringMatching(/^current \S+ 0 statements, 0 valid needed as long as it signs$/),
      expect.stringMatching(
        /^next \S+ 0 statements, 0 valid may sign from 2026-11-22T12:00:00Z \(in 24 hours\) if published now$/,
      ),
      expect.stringMatching(/^retired \S+ 2 statements, 2 valid needed until 2026-11-30T12:01:00Z \(in 9 days\)$/),
      'steps',
      expect.stringMatching(/^2026-11-21T12:00:00Z \(now\) publish current \S+$/),
      expect.stringMatching(/^2026-11-21T12:00:00Z \(now\) publish next \S+$/),
      expect.stringMatching(/^2026-11-21T12:00:00Z \(now\) publish retired \S+$/),
      expect.stringMatching(/^2026-11-22T12:00:00Z \(in 24 hours\) sign next \S+$/),
      expect.stringMatching(/^2026-11-30T12:01:00Z \(in 9 days\) withdraw retired \S+$/),
      '',
    ])
  })

  test('says the same to programs, with the key set to publish now', async () => {
    const { exit, plan } = await json([...rotating, 'issued.txt'])
    const { stdout: published } = await runCli(['jwks', 'current.json', '--next', 'next.json', '--retired', 'retired.json'], {
      files,
    })
    expect({ exit, jwks: plan.jwks }).toEqual({ exit: 0, jwks: JSON.parse(published) })
    const [current, next, retired] = plan.jwks.keys.map(({ kid }: { kid: string }) => kid)
    expect(plan).toMatchObject({
      at: '2026-11-21T12:00:00Z',
      keys: [
        { role: 'current', kid: current, statements: 0, valid: 0, publish: true },
        { role: 'next', kid: next, signsFrom: '2026-11-22T12:00:00Z' },
        { role: 'retired', kid: retired, statements: 2, valid: 2, publish: true, neededUntil: '2026-11-30T12:01:00Z' },
      ],
      steps: [
        { at: '2026-11-21T12:00:00Z', action: 'publish', role: 'current', kid: current },
        { at: '2026-11-21T12:00:00Z', action: 'publish', role: 'next', kid: next },
        { at: '2026-11-21T12:00:00Z', action: 'publish', role: 'retired', kid: retired },
        { at: '2026-11-22T12:00:00Z', action: 'sign', role: 'next', kid: next },
        { at: '2026-11-30T12:01:00Z', action: 'withdraw', role: 'retired', kid: retired },
      ],
      problems: [],
    })
  })

  test('lets a key go whose statements have expired', async () => {
    const { exit, plan } = await json([...rotating, 'expired.jwt'])
    expect({ exit, published: plan.jwks.keys.length, last: plan.steps.at(-2) }).toMatchObject({
      exit: 0,
      published: 2,
      last: { action: 'withdraw', role: 'retired' },
    })
  })

  test('says of a statement without an end that its key stays forever', async () => {
    const { exit, plan } = await json([...rotating, 'forever.jwt'])
    expect({ exit, plan }).toMatchObject({
      exit: 0,
      plan: { keys: [{}, {}, { neededUntil: 'forever' }], problems: [{ problem: 'never-expires', source: 'forever.jwt:1' }] },
    })
    expect((await cli([...rotating, 'forever.jwt'])).stdout).toMatch(
      /needed until forever[\s\S]*warning +never-expires +forever\.jwt:1/,
    )
  })

  test.each([
    ['of a key that is not named', ['--current', 'current.json', 'issued.txt'], ['issued.txt:1', 'issued.txt:3'], 'unknown-key'],
    ['as operand', ['--current', 'current.json', ends(day)], ['operand 1'], 'unknown-key'],
    ['that is none', [...rotating, 'issued.txt', 'broken.txt'], ['broken.txt:2'], 'unreadable'],
    ['on standard input', [...rotating, '-'], ['standard input:1'], 'unreadable'],
  ])('refuses for a statement %s', async (_, argv, sources, problem) => {
    const { exit, plan } = await json(argv, { stdin: 'x' })
    expect({ exit, problems: plan.problems }).toMatchObject({ exit: 1, problems: sources.map((source) => ({ source, problem })) })
  })

  test('takes keys from everywhere', async () => {
    const env = { CURRENT: JSON.stringify(keys.ed25519) }
    const argv = ['--current', 'env:CURRENT', '--current', 'exec:a', '--retired', 'EXEC:b']
    const files2 = ['--public-key', 'next.json', '--public-key', 'current.json']
    const { exit, plan } = await json([...argv, ...files2, 'issued.txt'], { env })
    const roles = plan.keys.map(({ role, valid }: { role: string; valid: number }) => [role, valid])
    expect({ exit, roles }).toEqual({
      exit: 0,
      roles: [
        ['current', 2],
        ['current', 0],
        ['retired', 0],
      ],
    })
  })

  test.each<[string, readonly string[]]>([
    ['no action', ['keys', '--current', 'current.json']],
    ['another action', ['keys', 'rotate', '--current', 'current.json']],
    ['no current key', ['keys', 'plan', 'issued.txt']],
    ['a statement file that is not there', ['keys', 'plan', '--current', 'current.json', 'nowhere.jwt']],
    ['one key in two roles', ['keys', 'plan', '--current', 'current.json', '--retired', 'current.json']],
    ['a public key too many', ['keys', 'plan', '--current', 'exec:a', '--public-key', 'next.json', '--public-key', 'next.json']],
    ['a public key too few', ['keys', 'plan', '--current', 'exec:a', '--next', 'exec:b', '--public-key', 'next.json']],
  ])('with %s is a usage fault', async (_, argv) => {
    expect(await runCli(argv, { files })).toMatchObject({
      exit: 2,
      stdout: '',
      stderr: expect.stringMatching(/^software-statement: .+\n$/),
    })
  })
})
