import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { makeCertificates, startServer } from '../support/https-server.js'
import { keys, publicHalf } from '../support/keys.js'
import { makeStatement } from '../support/make-jws.js'
import { root, run, succeed } from '../support/workspace.js'
import { runCli, trustFile } from './support.js'

// The build is started here, and machines may be busy.
vi.setConfig({ testTimeout: 60_000 })

const program = join(root, 'packages/cli/bin/software-statement.js')
const folder = mkdtempSync(join(tmpdir(), 'software-statement-cli-'))
const path = (name: string) => join(folder, name)
const start = (...argv: string[]) => run(process.execPath, [program, ...argv], { cwd: folder })
const shell = (script: string) => run('bash', ['-c', script], { cwd: folder, env: { NODE: process.execPath, PROGRAM: program } })
const modeOf = (name: string) => statSync(path(name)).mode & 0o777

beforeAll(() => {
  writeFileSync(path('metadata.json'), JSON.stringify({ software_id: 'mail', client_name: 'Example Mail' }))
  writeFileSync(path('statement.jwt'), makeStatement())
  writeFileSync(path('trust.json'), JSON.stringify(trustFile()))
  succeed(process.execPath, [program, 'keygen', '--out', 'key.json'], { cwd: folder })
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('files', () => {
  test.runIf(process.platform !== 'win32')('a private key can be read by its owner only, whatever the umask', () => {
    expect(shell('umask 0; "$NODE" "$PROGRAM" keygen --out open.json').status).toBe(0)
    expect([modeOf('key.json'), modeOf('open.json')]).toEqual([0o600, 0o600])
    expect(JSON.parse(readFileSync(path('open.json'), 'utf8'))).toHaveProperty('d')
  })

  test('a statement is written to a file', () => {
    const { status, stdout } = start(
      ...['sign', 'metadata.json', '--key', 'key.json', '--issuer', 'https://publisher.example', '--out', 'signed.jwt'],
    )
    expect({ status, stdout }).toEqual({ status: 0, stdout: '' })
    expect(readFileSync(path('signed.jwt'), 'utf8')).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\n$/)
  })

  test.each([
    ['a file', () => writeFileSync(path('taken'), 'mine')],
    ['an empty file', () => writeFileSync(path('taken'), '')],
    ['a folder', () => mkdirSync(path('taken'))],
    ['a link to nothing', () => symlinkSync('nowhere', path('taken'))],
  ])('%s is never overwritten', (_, make) => {
    make()
    const signing = ['sign', 'metadata.json', '--key', 'key.json', '--issuer', 'https://publisher.example']
    for (const argv of [['keygen'], signing]) {
      const before =
        existsSync(path('taken')) && statSync(path('taken')).isFile() ? readFileSync(path('taken'), 'utf8') : undefined
      const { status, stdout, stderr } = start(...argv, '--out', 'taken')
      expect({ status, stdout, stderr }).toEqual({ status: 2, stdout: '', stderr: expect.stringContaining('never overwritten') })
      if (before !== undefined) expect(readFileSync(path('taken'), 'utf8')).toBe(before)
      expect(existsSync(path('nowhere'))).toBe(false)
    }
    rmSync(path('taken'), { recursive: true })
  })

  test('a folder that is not there is said to be so', () => {
    const { status, stdout, stderr } = start('keygen', '--out', join('nowhere', 'key.json'))
    expect({ status, stdout, lines: stderr.split('\n').length }).toEqual({ status: 2, stdout: '', lines: 2 })
  })

  test.each([
    ['a folder', ['inspect', '.'], 'it is a folder'],
    ['a file that is not there', ['inspect', 'nowhere'], 'there is no such file'],
  ])('%s is not read', (_, argv, reason) => {
    expect(start(...argv)).toMatchObject({ status: 2, stdout: '', stderr: expect.stringContaining(reason) })
  })

  test.runIf(existsSync('/dev/zero'))('what has no end is not read to its end', () => {
    expect(start('inspect', '/dev/zero')).toMatchObject({ status: 2, stdout: '', stderr: expect.stringContaining('too large') })
  })
})

describe('pipes', () => {
  test('a statement goes from one command to the next', () => {
    const script = `set -o pipefail; "$NODE" "$PROGRAM" sign metadata.json --key key.json --issuer https://publisher.example |
      "$NODE" "$PROGRAM" inspect - --json`
    const { status, stdout } = shell(script)
    expect({ status, name: JSON.parse(stdout).claims.client_name }).toEqual({ status: 0, name: 'Example Mail' })
  })

  test.each(['inspect statement.jwt', 'verify statement.jwt --trust trust.json --at 1', '--help'])(
    '%s ends quietly where nobody reads on',
    (argv) => {
      const { stdout, stderr } = shell(`"$NODE" "$PROGRAM" ${argv} | head -1`)
      expect(stdout.split('\n')).toHaveLength(2)
      expect(stderr).not.toMatch(/EPIPE|\n {4}at /)
      const closed = shell(`"$NODE" "$PROGRAM" ${argv} | true; exit "\${PIPESTATUS[0]}"`)
      expect(closed.stderr).not.toMatch(/EPIPE|\n {4}at /)
      expect([0, 1]).toContain(closed.status)
    },
  )

  test.runIf(existsSync('/dev/full'))('output that cannot be written is no success', () => {
    const { status, stderr } = shell('"$NODE" "$PROGRAM" inspect statement.jwt > /dev/full')
    expect({ status, stderr }).toEqual({ status: 2, stderr: 'software-statement: the output cannot be written: ENOSPC\n' })
  })

  test('exit codes are those of the verdict', () => {
    const verify = ['verify', 'statement.jwt', '--trust', 'trust.json']
    writeFileSync(
      path('remote.json'),
      JSON.stringify({ issuers: [{ issuer: 'https://publisher.example', jwksUri: unreachable }] }),
    )
    const statuses = [
      start(...verify, '--at', '2026-11-21T12:00:00Z').status,
      start(...verify, '--at', '2099-01-01T00:00:00Z').status,
      start(...verify, '--frobnicate').status,
      start('verify', 'statement.jwt', '--trust', 'remote.json', '--at', '2026-11-21T12:00:00Z').status,
    ]
    expect(statuses).toEqual([0, 1, 2, 3])
  })
})

describe('the end of the process', () => {
  // What a connection leaves behind that nobody has closed.
  const lingering = '--import=data:text/javascript,setInterval(()=>{},1000)'
  const linger = (...argv: string[]) => run(process.execPath, [lingering, program, ...argv], { cwd: folder, timeout: 30_000 })

  test.each<[string, readonly string[], number]>([
    ['an answer', ['inspect', 'statement.jwt'], 0],
    ['a refusal', ['verify', 'statement.jwt', '--trust', 'trust.json', '--at', '2099-01-01T00:00:00Z'], 1],
    ['a usage fault', ['verify'], 2],
    ['help', ['--help'], 0],
  ])('comes with %s, whatever else is still open', (_, argv, status) => {
    expect(linger(...argv).status).toBe(status)
  })

  test('waits until all that was said is read', () => {
    const members = Object.fromEntries(Array.from({ length: 40 }, (_, at) => [`x${at}`, 'x'.repeat(60_000)]))
    const document = { ...members, software_statement: makeStatement() }
    writeFileSync(path('large.json'), JSON.stringify(document))
    const { status, stdout } = shell('"$NODE" "$PROGRAM" inspect large.json --json | { sleep 1; cat; }; exit $PIPESTATUS')
    expect(status).toBe(0)
    expect(Object.keys(JSON.parse(stdout).document)).toHaveLength(41)
  })
})

describe('remote key sets', () => {
  test('are fetched over TLS; a server on this machine only where the trust file allows its host', async () => {
    const certificates = await makeCertificates()
    const server = await startServer((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ keys: [publicHalf(keys.ed25519)] }))
    }, certificates)
    writeFileSync(path('ca.pem'), certificates.ca)
    const host = `localhost:${server.port}`
    const issuers = [{ issuer: 'https://publisher.example', jwksUri: `https://${host}/jwks` }]
    const files = { closed: { issuers }, open: { issuers, allowHosts: [host] }, portless: { issuers, allowHosts: ['localhost'] } }
    const verify = async (name: keyof typeof files, env: NodeJS.ProcessEnv) => {
      writeFileSync(path(`${name}.json`), JSON.stringify(files[name]))
      const argv = [program, 'verify', 'statement.jwt', '--trust', `${name}.json`, '--at', '2026-11-21T12:00:00Z']
      const child = spawn(process.execPath, argv, { cwd: folder, env: { ...process.env, ...env }, stdio: 'ignore' })
      const [status]: unknown[] = await once(child, 'exit')
      return status
    }
    try {
      const trusted = { NODE_EXTRA_CA_CERTS: path('ca.pem') }
      expect(await verify('closed', trusted)).toBe(3)
      expect(await verify('portless', trusted)).toBe(3)
      expect(server.counts.connections).toBe(0)
      expect(await verify('open', {})).toBe(3)
      expect(server.counts.requests).toBe(0)
      expect(await verify('open', trusted)).toBe(0)
      expect(server.counts.requests).toBe(1)
    } finally {
      await server.close()
    }
  })
})

/** A name that no resolver knows (RFC 6761 6.4). */
const unreachable = 'https://publisher.invalid/jwks'

describe('completion', () => {
  async function complete(...words: string[]): Promise<readonly string[]> {
    writeFileSync(path('completion.sh'), (await runCli(['completion'])).stdout)
    const quoted = words.map((word) => `'${word}'`).join(' ')
    const { stdout, stderr } = shell(
      `. ./completion.sh; COMP_WORDS=(${quoted}); COMP_CWORD=${words.length - 1}; _software_statement; printf '%s\\n' "\${COMPREPLY[@]}"`,
    )
    expect(stderr).toBe('')
    return stdout.split('\n').filter((word) => word !== '')
  }

  test('is a script that bash reads, for both names', async () => {
    writeFileSync(path('completion.sh'), (await runCli(['completion'])).stdout)
    expect(shell('bash -n completion.sh')).toMatchObject({ status: 0, stderr: '' })
    const { stdout } = shell('. ./completion.sh; complete -p software-statement ssa')
    expect(stdout.trim().split('\n')).toEqual([
      'complete -o filenames -F _software_statement software-statement',
      'complete -o filenames -F _software_statement ssa',
    ])
  })

  test.each<[readonly string[], readonly string[]]>([
    [
      ['ssa', ''],
      [
        ...['keygen', 'jwks', 'keys', 'sign', 'verify', 'inspect', 'serve', 'register', 'client', 'token', 'completion'],
        ...['--help', '--version'],
      ],
    ],
    [['ssa', 've'], ['verify']],
    [['ssa', 'keys', ''], ['plan']],
    [
      ['ssa', 'client', ''],
      ['get', 'update', 'delete'],
    ],
    [
      ['ssa', 'keys', 'plan', '--c'],
      ['--current', '--cache-lifetime', '--clock-tolerance'],
    ],
    [['ssa', 'keys', 'plan', 'trust'], ['trust.json']],
    [
      ['software-statement', 'verify', '--'],
      ['--trust', '--request', '--audience', '--at', '--json', '--help'],
    ],
    [
      ['ssa', 'sign', '--ex'],
      ['--expires-in', '--extra-member'],
    ],
    [['ssa', 'verify', 'x', '--trust', 'trust'], ['trust.json']],
    [['ssa', 'frobnicate', '--'], []],
  ])('of %j gives %j', async (words, completions) => {
    expect(await complete(...words)).toEqual(completions)
  })

  test('prints what the build prints, and nothing else', async () => {
    const { status, stdout, stderr } = start('completion')
    expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: (await runCli(['completion'])).stdout, stderr: '' })
  })
})
