import { createPublicKey } from 'node:crypto'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseStatement } from '@software-statement/core'
import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { parsePkcs11Uri } from '../../packages/cli/src/keys/pkcs11/uri.js'
import { splitCommand } from '../../packages/cli/src/keys/split-command.js'
import { runProgram } from '../../packages/cli/src/run-program.js'
import { UsageError } from '../../packages/cli/src/usage-error.js'
import { keys, publicHalf } from '../support/keys.js'
import { issuer, signBytes } from '../support/make-jws.js'
import { root, run } from '../support/workspace.js'
import { runCli, type World } from './support.js'

const signing = ['sign', 'metadata.json', '--issuer', issuer, '--key']
const pem = (jwk: object) =>
  createPublicKey({ key: { ...jwk }, format: 'jwk' })
    .export({ type: 'spki', format: 'pem' })
    .toString()

/** The words of a command, or nothing if it is none. */
const outcomeOfSplit = (command: string) => {
  try {
    return splitCommand(command)
  } catch {
    return undefined
  }
}

/** Signs in a program of its own, with keys of ours. */
const folder = mkdtempSync(join(tmpdir(), 'software-statement-exec-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const program = (name: string, code: string) => {
  writeFileSync(join(folder, name), code)
  return `exec:'${process.execPath}' '${join(folder, name)}'`
}
const write = (expression: string, key: object = keys.p256) => `
  const { readFileSync, writeSync } = require('node:fs')
  const { sign } = require('node:crypto')
  const data = readFileSync(0)
  const key = { key: ${JSON.stringify(key)}, format: 'jwk' }
  writeSync(1, ${expression})`
const raw = `sign('sha256', data, { ...key, dsaEncoding: 'ieee-p1363' })`
const der = `sign('sha256', data, key)`

const files = {
  'p256.public.json': publicHalf(keys.p256),
  'p256.public.pem': pem(publicHalf(keys.p256)),
  'rsa.public.json': { ...publicHalf(keys.rsa), alg: undefined },
  'both.json': { keys: [publicHalf(keys.p256), publicHalf(keys.p384)] },
  'broken.pem': '-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n',
  'env:KEY': keys.p384,
  'prod:key.json': keys.p521,
  'key.pem': '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n',
}
const env = { KEY: JSON.stringify(keys.p256), EMPTY: '', PEM: pem(publicHalf(keys.rsa)), TEXT: 'hello' }
const cli = (argv: readonly string[], world: World = {}) => runCli(argv, { files, env, run: runProgram, ...world })
const algOf = (statement: string) => parseStatement(statement.trim()).header.alg

describe('--key', () => {
  test.each([
    ['a file', 'key.json', 'EdDSA'],
    ['file: and a file', 'file:key.json', 'EdDSA'],
    ['file: and a file whose name begins like a scheme', 'file:env:KEY', 'ES384'],
    ['a file whose name has a colon', 'prod:key.json', 'ES512'],
    ['env: and a variable', 'env:KEY', 'ES256'],
    ['FILE: and a file', 'FILE:key.json', 'EdDSA'],
    ['Env: and a variable', 'Env:KEY', 'ES256'],
  ])('takes %s', async (_, key, alg) => {
    const { exit, stdout } = await cli([...signing, key])
    expect({ exit, alg: algOf(stdout) }).toEqual({ exit: 0, alg })
  })

  test.each<[string, readonly string[]]>([
    ['a variable that is not set', ['env:NOWHERE']],
    ['a variable named like a property of every object', ['env:constructor']],
    ['a variable that is empty', ['env:EMPTY']],
    ['a variable that holds no key', ['env:TEXT']],
    ['no variable', ['env:']],
    ['no file', ['file:']],
    ['a key where its name should be', [JSON.stringify(keys.p256)]],
    ['a key behind env:', [`env:${JSON.stringify(keys.p256)}`]],
    ['a PEM key where its name should be', ['-----BEGIN PRIVATE KEY-----secret']],
    ['--public-key with a key file', ['key.json', '--public-key', 'p256.public.json']],
    ['exec: without --public-key', ['exec:true']],
    ['exec: without a command', ['exec: ', '--public-key', 'p256.public.json']],
    ['exec: with an open quote', [`exec:true "secret`, '--public-key', 'p256.public.json']],
    ['exec: with a private key for a public one', ['exec:true', '--public-key', 'key.json']],
    ['exec: with two public keys', ['exec:true', '--public-key', 'both.json']],
    ['exec: with a public key that is not there', ['exec:true', '--public-key', 'nowhere.json']],
    ['exec: with a public key that is broken', ['exec:true', '--public-key', 'broken.pem']],
    ['exec: with a private PEM key for a public one', ['exec:true', '--public-key', 'key.pem']],
    ['exec: with an algorithm that does not fit', ['exec:true', '--public-key', 'p256.public.json', '--alg', 'RS256']],
    ['exec: with a MAC', ['exec:true', '--public-key', 'p256.public.json', '--alg', 'HS256']],
    ['exec: with a program that is not there', ['exec:/nowhere/secret', '--public-key', 'p256.public.json']],
    ['exec: with a file that may not be run', [`exec:${join(folder, 'plain')}`, '--public-key', 'p256.public.json']],
  ])('%s is refused, and nothing of it is repeated', async (_, key) => {
    writeFileSync(join(folder, 'plain'), 'text', { mode: 0o600 })
    const { exit, stdout, stderr } = await cli([...signing, ...key])
    expect({ exit, stdout, stderr }).toEqual({ exit: 2, stdout: '', stderr: expect.stringMatching(/software-statement: .+\n$/) })
    for (const secret of ['secret', 'hello', String(keys.p256.d)]) expect(stderr).not.toContain(secret)
  })
})

describe('an exec: key', () => {
  const publicKey = ['--public-key', 'p256.public.json']

  test.each([
    ['raw', write(raw), publicKey, 'ES256'],
    ['DER', write(der), publicKey, 'ES256'],
    ['base64', write(`${raw}.toString('base64')`), publicKey, 'ES256'],
    ['base64 and a line feed', write(`${raw}.toString('base64') + '\\n'`), publicKey, 'ES256'],
    ['base64 in lines', write(`${der}.toString('base64').replace(/(.{20})/g, '$1\\r\\n')`), publicKey, 'ES256'],
    ['base64url', write(`${raw}.toString('base64url')`), publicKey, 'ES256'],
    ['a public key as PEM', write(raw), ['--public-key', 'p256.public.pem'], 'ES256'],
    ['RSA', write(`sign('sha256', data, key)`, keys.rsa), ['--public-key', 'rsa.public.json'], 'RS256'],
    [
      'RSA with SHA-512',
      write(`sign('sha512', data, key)`, keys.rsa),
      ['--public-key', 'rsa.public.json', '--alg', 'RS512'],
      'RS512',
    ],
  ])('signs: %s', async (name, code, flags, alg) => {
    const { exit, stdout, stderr } = await cli([...signing, program(`${name.replaceAll(/\W/g, '-')}.cjs`, code), ...flags])
    expect({ exit, stderr, alg: algOf(stdout) }).toEqual({ exit: 0, stderr: '', alg })
  })

  test('tells its program the algorithm', async () => {
    const code = write(`process.env.SOFTWARE_STATEMENT_ALG === 'ES256' ? ${raw} : ''`)
    expect(await cli([...signing, program('alg.cjs', code), ...publicKey])).toMatchObject({ exit: 0 })
  })

  test('may have its scheme in capitals', async () => {
    const { exit, stdout } = await cli([...signing, program('capitals.cjs', write(raw)).replace('exec:', 'EXEC:'), ...publicKey])
    expect({ exit, alg: algOf(stdout) }).toEqual({ exit: 0, alg: 'ES256' })
  })

  test('is not run for --dry-run', async () => {
    const refuse: World['run'] = async () => Promise.reject(new Error('it is run'))
    expect(await cli([...signing, 'exec:sign', ...publicKey, '--dry-run'], { run: refuse })).toMatchObject({ exit: 0 })
  })

  test('runs its program without a shell', async () => {
    const calls: unknown[] = []
    const record: World['run'] = async ({ program: name, args, input }) => {
      calls.push([name, args])
      return { end: 'exit 0', stdout: signBytes('ES256', keys.p256, Buffer.from(input).toString()) }
    }
    const outcome = await cli([...signing, `exec:sign "a b" 'c"d' \\$HOME $(id); |x`, ...publicKey], { run: record })
    expect({ exit: outcome.exit, calls }).toEqual({ exit: 0, calls: [['sign', ['a b', 'c"d', '$HOME', '$(id);', '|x']]] })
  })

  test('lets its program speak on standard error, in the program as it is built', () => {
    writeFileSync(join(folder, 'metadata.json'), '{"software_id":"mail","redirect_uris":["https://mail.example/cb"]}')
    writeFileSync(join(folder, 'public.json'), JSON.stringify(publicHalf(keys.p256)))
    const key = program('talk.cjs', `console.error('touch the token'); ${write(raw)}`)
    const binary = join(root, 'packages/cli/bin/software-statement.js')
    const argv = [binary, 'sign', 'metadata.json', '--issuer', issuer, '--key', key, '--public-key', 'public.json']
    const { status, stdout, stderr } = run(process.execPath, argv, { cwd: folder })
    expect({ status, stderr, alg: algOf(stdout) }).toEqual({ status: 0, stderr: 'touch the token\n', alg: 'ES256' })
  })

  test.each([
    ['ends with 1', 'process.exitCode = 1', /exit 1/],
    ['signs and ends with 3', `${write(raw)}; process.exitCode = 3`, /exit 3/],
    ['is ended', `process.kill(process.pid, 'SIGTERM'); setTimeout(() => 0, 5000)`, /signal SIGTERM/],
    ['does not stop', `for (;;) require('node:fs').writeSync(1, 'x'.repeat(1000))`, /more than 65536 bytes/],
  ])('whose program %s is an outage', async (name, code, says) => {
    const { exit, stdout, stderr } = await cli([...signing, program(`${name.replaceAll(' ', '-')}.cjs`, code), ...publicKey])
    expect({ exit, stdout, stderr }).toEqual({ exit: 3, stdout: '', stderr: expect.stringMatching(says) })
    expect(stderr).toMatch(/^ERR_SIGNER_UNAVAILABLE: /m)
  })

  test('has the answer of its program, though what that has started holds the pipe', async () => {
    const idle = `'setInterval(() => 0, 1000)'`
    const code = `
      const { spawn } = require('node:child_process')
      const child = spawn(process.execPath, ['-e', ${idle}], { stdio: ['ignore', 'inherit', 'ignore'], detached: true })
      child.unref()
      process.stdout.write(String(child.pid))`
    const [name, ...args] = splitCommand(program('leaves-a-child.cjs', code).slice('exec:'.length))
    const { end, stdout } = await runProgram({ program: name, args, input: new Uint8Array(), env: {}, timeoutSeconds: 20 })
    process.kill(Number(Buffer.from(stdout).toString()))
    expect(end).toBe('exit 0')
  }, 60_000)

  test('whose program never answers is given up', async () => {
    const code = 'process.stdout.write(String(process.pid)); setInterval(() => 0, 1000)'
    const [name, ...args] = splitCommand(program('endless.cjs', code).slice('exec:'.length))
    const { end, stdout } = await runProgram({ program: name, args, input: new Uint8Array(), env: {}, timeoutSeconds: 2 })
    expect(end).toBe('no answer within 2 seconds')
    const isRunning = () => {
      try {
        return process.kill(Number(Buffer.from(stdout).toString()), 0)
      } catch {
        return false
      }
    }
    await expect.poll(isRunning, { timeout: 5000 }).toBe(false)
  })

  test.each([
    ['nothing', `require('node:fs').readFileSync(0)`],
    ['nothing, and reads nothing', ''],
    ['a signature of other data', write(`sign('sha256', Buffer.from('other'), key)`)],
    ['a signature of another key', write(raw, keys.p384)],
    ['text', write(`'Enter PIN:'`)],
  ])('whose program answers with %s is a fault of the configuration', async (name, code) => {
    const { exit, stdout, stderr } = await cli([...signing, program(`${name.replaceAll(/\W/g, '-')}.cjs`, code), ...publicKey])
    expect({ exit, stdout, stderr }).toEqual({ exit: 2, stdout: '', stderr: expect.stringContaining('remote key') })
  })
})

describe('jwks', () => {
  const curves = (stdout: string) => JSON.parse(stdout).keys.map(({ crv, kty }: Record<string, string>) => crv ?? kty)

  test.each<[string, readonly string[], readonly string[]]>([
    ['retired keys of a set', ['key.json', '--retired', 'both.json'], ['Ed25519', 'P-256', 'P-384']],
    [
      'current, next and retired keys, in this order',
      ['key.json', '--retired', 'env:PEM', '--next', 'p256.public.json'],
      ['Ed25519', 'P-256', 'RSA'],
    ],
    ['several of each', ['--next', 'key.json', '--next', 'env:KEY', '--', 'env:PEM'], ['RSA', 'Ed25519', 'P-256']],
    ['a public key as PEM', ['p256.public.pem'], ['P-256']],
    [
      'exec: keys with their public keys',
      ['exec:a', 'key.json', 'exec:b', '--public-key', 'p256.public.pem', '--public-key', 'rsa.public.json'],
      ['P-256', 'Ed25519', 'RSA'],
    ],
  ])('takes %s', async (_, argv, expected) => {
    const { exit, stdout, stderr } = await cli(['jwks', ...argv])
    expect({ exit, stderr, curves: curves(stdout) }).toEqual({ exit: 0, stderr: '', curves: expected })
    expect(stdout).not.toMatch(/"(d|p|q|dp|dq|qi|k|oth)"/)
  })

  test.each<[string, readonly string[]]>([
    ['a key that is current and next', ['key.json', '--next', 'key.json']],
    [
      'a key that is current and retired in another form',
      ['p256.public.json', '--retired', 'p256.public.pem', '--next', 'env:KEY'],
    ],
    ['a retired symmetric key', ['key.json', '--retired', 'oct.json']],
    ['an exec: key without a public key', ['exec:a']],
    ['more public keys than exec: keys', ['key.json', '--public-key', 'p256.public.json']],
  ])('refuses %s', async (_, argv) => {
    const world = { files: { ...files, 'oct.json': keys.oct } }
    expect(await cli(['jwks', ...argv], world)).toMatchObject({ exit: 2, stdout: '' })
  })
})

describe('a command is split', () => {
  test.each([
    ['a b', ['a', 'b']],
    ['  a\t b\n', ['a', 'b']],
    [`a 'b c' "d e"`, ['a', 'b c', 'd e']],
    [`a b'c d'e`, ['a', 'bc de']],
    [`a ''`, ['a', '']],
    [`a "b\\"c" 'd\\e' f\\ g`, ['a', 'b"c', 'd\\e', 'f g']],
    ['a "it\'s"', ['a', "it's"]],
    ['"C:\\Program Files\\sign.exe" a\\b', ['C:\\Program Files\\sign.exe', 'ab']],
    ['a "\\"\\\\\\$\\`" "\\n\\\'"', ['a', '"\\$`', "\\n\\'"]],
  ])('%j is %j', (command, words) => {
    expect(splitCommand(command)).toEqual(words)
  })

  test.each<[quotes: string, quote: (word: string) => string]>([
    ['single', (word) => `'${word.replaceAll("'", `'"'"'`)}'`],
    ['double', (word) => `"${word.replaceAll(/["\\$`]/g, '\\$&')}"`],
  ])('into what was quoted, whatever that is, in %s quotes', (_, quote) => {
    const words = fc.array(fc.string({ unit: 'binary' }), { minLength: 1 }).filter(([first]) => first !== '')
    fc.assert(
      fc.property(words, (given) => {
        expect(splitCommand(given.map(quote).join(' '))).toEqual(given)
      }),
    )
  })

  test.runIf(existsSync('/bin/sh'))('as a shell does it, where nothing is expanded', () => {
    const piece = fc.constantFrom('a', ' ', '"', "'")
    const escaped = fc.constantFrom('\\$', '\\\\', '\\"', "\\'", '\\`', '\\a', '\\ ')
    const commands = fc.array(fc.string({ unit: fc.oneof(piece, escaped) }), { minLength: 300, maxLength: 300 })
    const [sample = []] = fc.sample(commands, { numRuns: 1, seed: 1 })
    const sound = sample.filter((command) => outcomeOfSplit(command) !== undefined)
    expect(sound.length).toBeGreaterThan(50)
    const script = sound.map((command) => `show ${command}`).join('\n')
    const show = `show() { for word in "$@"; do printf '%s|' "$word"; done; printf '\\n'; }`
    const { stdout } = run('/bin/sh', ['-c', `set -f\n${show}\n${script}`], { cwd: folder })
    const words = sound.map((command) => `${(outcomeOfSplit(command) ?? []).join('|')}|\n`)
    expect(stdout).toBe(words.join(''))
  })

  test.each(['', '  ', `''`, `"a`, `'a`, 'a\\', '"a\\', '"a\\"'])('%j is none', (command) => {
    expect(() => splitCommand(command)).toThrow(UsageError)
  })
})

describe('a PKCS #11 URI', () => {
  const library = 'module-path=/usr/lib/token.so'

  test('is read as RFC 7512 says', () => {
    const uri = parsePkcs11Uri(
      'pkcs11:token=The%20token;manufacturer=M%c3%bcller;serial=0001;model=x;slot-id=7;object=my%3Bkey;id=%00%ff2;type=private' +
        '?module-path=/usr/lib/token.so&pin-source=file:/etc/pin',
    )
    expect({ ...uri, token: Object.fromEntries(uri.token) }).toEqual({
      token: { token: 'The token', manufacturer: 'Müller', serial: '0001', model: 'x' },
      slotId: 7,
      label: 'my;key',
      id: Buffer.from([0, 255, 0x32]),
      modulePath: '/usr/lib/token.so',
      pin: { source: 'file:/etc/pin' },
    })
  })

  test('may be short', () => {
    expect(parsePkcs11Uri(`pkcs11:id=a?${library}`)).toMatchObject({ label: undefined, slotId: undefined, pin: undefined })
    expect(parsePkcs11Uri(`pkcs11:id=a?${library}&pin-value=12%2634`).pin).toEqual({ value: '12&34' })
  })

  test.each([
    ['that names no key', `pkcs11:token=a?${library}`],
    ['that is empty', 'pkcs11:'],
    ['without a library', 'pkcs11:object=a'],
    ['with two PINs', `pkcs11:object=a?${library}&pin-value=secret&pin-source=b`],
    ['with an attribute twice', `pkcs11:object=a;object=secret?${library}`],
    ['with an attribute nobody knows', `pkcs11:object=a;x-secret=1?${library}`],
    ['with an attribute in the wrong half', `pkcs11:object=a;pin-value=secret?${library}`],
    ['with an attribute named like a property of every object', `pkcs11:object=a;constructor=secret?${library}`],
    ['with an attribute without a value', `pkcs11:object?${library}`],
    ['with a % alone', `pkcs11:object=secret%?${library}`],
    ['with a % before other letters', `pkcs11:object=secret%zz?${library}`],
    ['with two question marks', `pkcs11:object=a?${library}?pin-value=secret`],
    ['of a public key', `pkcs11:object=a;type=public?${library}`],
    ['with a slot that is no number', `pkcs11:object=a;slot-id=secret?${library}`],
  ])('%s is refused, and nothing of it is repeated', (_, uri) => {
    expect(() => parsePkcs11Uri(uri)).toThrow(UsageError)
    expect(() => parsePkcs11Uri(uri)).toThrow(expect.not.objectContaining({ message: expect.stringContaining('secret') }))
  })
})
