import { parseStatement } from '@software-statement/core'
import { trustIssuers, verifySoftwareStatement } from '@software-statement/verifier'
import { describe, expect, test } from 'vitest'
import { keys, publicHalf } from '../support/keys.js'
import { issuer, now, vouched } from '../support/make-jws.js'
import { runCli } from './support.js'

const signing = ['--key', 'key.json', '--issuer', issuer]

const approval = {
  approvals: [
    {
      software_id: 'mail',
      approvedBy: 'security@publisher.example',
      approvedUntil: '2027-06-30T00:00:00Z',
      metadata_policy: {
        software_version: {},
        client_name: { one_of: ['Example Mail'] },
        redirect_uris: {},
        scope: { default: 'openid' },
      },
      redirectHosts: ['mail.example'],
      maxLifetime: '90 days',
    },
  ],
}
const files = { 'policy.json': approval, 'oct.json': keys.oct, 'public.json': publicHalf(keys.ed25519) }

describe('sign', () => {
  test('writes a statement that verifies, and nothing else', async () => {
    const { exit, stdout, stderr, written } = await runCli(['sign', 'metadata.json', ...signing])
    expect({ exit, written: written.size }).toEqual({ exit: 0, written: 0 })
    expect(stdout).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\n$/)
    expect(stderr).toBe('')
    const trust = trustIssuers([{ issuer, jwks: { keys: [publicHalf(keys.ed25519)] } }])
    const { claims } = await verifySoftwareStatement(stdout.trim(), trust, { currentDate: new Date(now * 1000) })
    expect(claims).toMatchObject({ iss: issuer, iat: now, exp: now + 90 * 86_400, ...vouched })
  })

  test('reads metadata from standard input', async () => {
    const { exit, stdout } = await runCli(['sign', '-', ...signing], { stdin: { software_id: 'piped' } })
    expect({ exit, id: parseStatement(stdout.trim()).claims.software_id }).toEqual({ exit: 0, id: 'piped' })
  })

  test('writes a file instead of standard output', async () => {
    const { exit, stdout, written } = await runCli(['sign', 'metadata.json', ...signing, '--out', 'new.jwt'])
    expect({ exit, stdout }).toEqual({ exit: 0, stdout: '' })
    const file = written.get('new.jwt')
    expect(parseStatement(file?.text.trim()).claims).toMatchObject(vouched)
    expect(file?.mode).toBe(0o644)
  })

  test('shows with --dry-run what it would sign, and signs nothing', async () => {
    const argv = ['sign', 'metadata.json', ...signing, '--dry-run', '--policy', 'policy.json']
    const { exit, stdout, stderr, written } = await runCli(argv, { files })
    expect({ exit, written: written.size }).toEqual({ exit: 0, written: 0 })
    const shown = JSON.parse(stdout)
    expect(Object.keys(shown)).toEqual(['header', 'claims'])
    expect(shown.claims).toMatchObject({ ...vouched, scope: 'openid' })
    expect(stderr).toContain('filled in: scope = "openid"\n')
  })

  test('says who approved and what the policy filled in', async () => {
    const { exit, stdout, stderr } = await runCli(['sign', 'metadata.json', ...signing, '--policy', 'policy.json'], { files })
    expect({ exit, scope: parseStatement(stdout.trim()).claims.scope }).toEqual({ exit: 0, scope: 'openid' })
    expect(stderr).toBe('approved by security@publisher.example\nfilled in: scope = "openid"\n')
  })

  test('says what is odd on standard error', async () => {
    const { exit, stderr } = await runCli(['sign', '-', ...signing], { stdin: { client_name: 'Example Mail' } })
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: expect.stringMatching(/^warning: metadata\/no-software-id: /m) })
  })

  test.each<[string, object, readonly string[]]>([
    [
      'everything that the policy does not approve',
      {
        ...vouched,
        client_name: 'Example Bank',
        redirect_uris: ['https://elsewhere.example/cb'],
        logo_uri: 'https://mail.example/l',
      },
      ['ERR_APPROVAL_MEMBER', 'ERR_APPROVAL_REDIRECT_HOST', 'ERR_APPROVAL_VALUE'],
    ],
    ['software that is not approved', { ...vouched, software_id: 'other' }, ['ERR_APPROVAL_SOFTWARE_ID']],
    [
      'a software named like a property of every object',
      { ...vouched, software_id: 'constructor' },
      ['ERR_APPROVAL_SOFTWARE_ID'],
    ],
    [
      'everything that is wrong with the metadata',
      { ...vouched, client_uri: 'javascript:x', redirect_uris: ['https://mail.example/cb#x'] },
      ['ERR_APPROVAL_MEMBER', 'ERR_REDIRECT_URI', 'ERR_URI'],
    ],
    ['a member of the wrong type', { ...vouched, software_version: 2 }, ['ERR_METADATA_TYPE']],
    ['a member nobody knows', { ...vouched, org_id: 'x' }, ['ERR_APPROVAL_MEMBER', 'ERR_METADATA_UNKNOWN']],
    ['a claim of the JWT', { ...vouched, exp: 1 }, ['ERR_METADATA_FORBIDDEN']],
  ])('refuses %s, names every reason, and leaves nothing', async (_, metadata, codes) => {
    const argv = ['sign', '-', ...signing, '--policy', 'policy.json', '--out', 'new.jwt']
    const { exit, stdout, stderr, written } = await runCli(argv, { files, stdin: metadata })
    expect({ exit, stdout, written: written.size }).toEqual({ exit: 1, stdout: '', written: 0 })
    const lines = stderr.trimEnd().split('\n')
    expect([...new Set(lines.map((line) => line.split(':', 1)[0]))].sort()).toEqual(codes)
  })

  test.each([
    ['longer than approved', ['--expires-in', '91 days'], now],
    ['beyond the end of the approval', ['--expires-in', '90 days'], Date.parse('2027-06-01T00:00:00Z') / 1000],
  ])('refuses a life %s', async (_, flags, time) => {
    const argv = ['sign', 'metadata.json', ...signing, '--policy', 'policy.json', ...flags]
    const { exit, stdout, stderr } = await runCli(argv, { files, now: time })
    expect({ exit, stdout, stderr }).toEqual({ exit: 1, stdout: '', stderr: expect.stringMatching(/^ERR_APPROVAL_LIFETIME: /) })
  })

  test('warns of an issuer that is no URL, and signs all the same', async () => {
    const argv = ['sign', 'metadata.json', '--key', 'key.json', '--issuer', 'OpenBanking Ltd']
    const { exit, stdout, stderr } = await runCli(argv)
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: expect.stringMatching(/^warning: --issuer is no URL: .+\n$/) })
    expect(parseStatement(stdout.trim()).claims.iss).toBe('OpenBanking Ltd')
  })

  test('signs with a symmetric key only if it is told to', async () => {
    const argv = ['sign', 'metadata.json', '--key', 'oct.json', '--issuer', issuer]
    expect((await runCli([...argv, '--alg', 'HS512'], { files })).exit).toBe(0)
  })

  test('needs the private half of the key', async () => {
    const argv = ['sign', 'metadata.json', '--key', 'public.json', '--issuer', issuer]
    expect(await runCli(argv, { files })).toMatchObject({ exit: 2, stdout: '' })
  })
})
