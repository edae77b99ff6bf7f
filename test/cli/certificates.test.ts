import { describe, expect, test } from 'vitest'
import { publisher, seconds, signWithChain } from '../support/certificates/chain-statement.js'
import { subjectAltName, uri } from '../support/certificates/extensions.js'
import { at, issue, issueAuthority, issueRoot, nameOf, toBase64, toPem } from '../support/certificates/issue.js'
import { issueList } from '../support/certificates/issue-list.js'
import { newEcKeys } from '../support/certificates/keys.js'
import { audience } from '../support/make-jws.js'
import { runCli } from './support.js'

const root = issueRoot({ name: 'Example Root' })
const authority = issueAuthority(root, { name: 'Example Authority' })
const named = { name: 'Example Publisher', extensions: [subjectAltName(uri(publisher))], serialNumber: 4711 }
const leaf = issue(authority, named)
const chain = [leaf, authority]

const x509 = (more: object = {}) => ({ issuers: [{ x509: { anchors: [{ file: 'root.pem' }], issuerFrom: 'san-uri', ...more } }] })
const writeLists = (revoked: readonly [number][]) =>
  [issueList(root), issueList(authority, { revoked })].map((list) => toPem(list, 'X509 CRL')).join('')

const files = {
  'root.pem': toPem(root),
  'root.der': root.der,
  'chain.pem': chain.map((one) => toPem(one)).join(''),
  'key.json': { ...leaf.keys.privateKey.export({ format: 'jwk' }) },
  'trust.json': x509(),
  'statement.jwt': signWithChain(chain),
  'crls.pem': writeLists([]),
  'revoked.pem': writeLists([[4711]]),
  'cut-off.pem': toPem(root).slice(0, 300),
}
const run = (argv: readonly string[], more: object = {}, now = seconds) => runCli(argv, { files: { ...files, ...more }, now })

const verifying = ['verify', 'statement.jwt', '--trust', 'trust.json', '--audience', audience]

describe('verify with trust in certificates', () => {
  test('shows the path from leaf to anchor', async () => {
    const { exit, stdout } = await run(verifying)
    expect(stdout).toMatch(/^approved$/m)
    expect(stdout).toMatch(
      /^certificate path\n +leaf +CN=Example Publisher +2030-01-01T00:00:00Z to 2040-01-01T00:00:00Z +revocation/m,
    )
    expect(stdout).toMatch(/^ +intermediate +CN=Example Authority .* issuer by name, key identifier, signature$/m)
    expect(stdout).toMatch(/^ +anchor +CN=Example Root .* trusted +issuer by name, key identifier, signature$/m)
    expect(exit).toBe(0)
  })

  test.each([
    ['nobody has looked for revoked certificates', {}, ['revocation not checked', 'revocation not checked', 'trusted']],
    ['somebody has', { crls: [{ file: 'crls.pem' }] }, ['not revoked', 'not revoked', 'trusted']],
  ])('tells where %s', async (_, rules, status) => {
    const { stdout } = await run(verifying, { 'trust.json': x509(rules) })
    const path = stdout.split('certificate path\n')[1]?.split('\n').slice(0, 3)
    expect(path?.map((line) => line.trim().split(/ {2,}/)[3])).toEqual(status)
  })

  test('tells programs the path', async () => {
    const { stdout } = await run([...verifying, '--json'])
    expect(JSON.parse(stdout)).toMatchObject({
      approved: true,
      certificatePath: [
        {
          subject: 'CN=Example Publisher',
          issuer: 'CN=Example Authority',
          serialNumber: '1267',
          notAfter: '2040-01-01T00:00:00Z',
          revocationChecked: false,
        },
        { subject: 'CN=Example Authority', reasons: ['issuerName', 'keyIdentifier', 'signature'] },
        { subject: 'CN=Example Root', reasons: ['issuerName', 'keyIdentifier', 'signature', 'trusted'] },
      ],
    })
  })

  const expired = signWithChain(chain, { claims: { exp: Date.UTC(2050, 0) / 1000 } })
  test.each<[string, object, number, number, string]>([
    ['an anchor in DER', { 'trust.json': x509({ anchors: [{ file: 'root.der' }] }) }, seconds, 0, 'approved'],
    ['an anchor in the file', { 'trust.json': x509({ anchors: [toBase64(root)] }) }, seconds, 0, 'approved'],
    ['lists in a file', { 'trust.json': x509({ crls: [{ file: 'crls.pem' }] }) }, seconds, 0, 'approved'],
    ['no list', { 'trust.json': x509({ revocation: 'require' }) }, seconds, 1, 'ERR_X5C_CRL_MISSING: .*RFC 5280 6.3.3'],
    [
      'a revoked certificate',
      { 'trust.json': x509({ crls: [{ file: 'revoked.pem' }] }) },
      seconds,
      1,
      'ERR_X5C_REVOKED: .*it is revoked since',
    ],
    [
      'stale lists',
      { 'trust.json': x509({ crls: [{ file: 'crls.pem' }] }), 'statement.jwt': expired },
      Date.UTC(2036, 0) / 1000,
      3,
      'ERR_X5C_CRL_STALE: .*2035-07-01',
    ],
    ['another anchor', { 'root.pem': toPem(issueRoot({ name: 'Other' })) }, seconds, 1, 'ERR_X5C_NOT_TRUSTED: .*RFC 5280 6.1'],
    [
      'an expired certificate',
      { 'statement.jwt': expired },
      Date.UTC(2041, 0) / 1000,
      1,
      'ERR_X5C_NOT_TRUSTED: anchors\\[0\\], the certificate of "CN=Example Root": it is not valid after 2040-01-01',
    ],
    [
      'an issuer by its subject',
      { 'trust.json': x509({ issuerFrom: { [publisher]: 'CN=Example Publisher' } }) },
      seconds,
      0,
      'approved',
    ],
  ])('%s', async (_, more, now, exit, says) => {
    const outcome = await run(verifying, more, now)
    expect(outcome.stdout).toMatch(new RegExp(says))
    expect(outcome.exit).toBe(exit)
  })

  test('tells programs which certificate is at fault', async () => {
    const { stdout } = await run([...verifying, '--json'], { 'trust.json': x509({ crls: [{ file: 'revoked.pem' }] }) })
    expect(JSON.parse(stdout)).toMatchObject({
      approved: false,
      code: 'ERR_X5C_REVOKED',
      certificateFault: {
        code: 'ERR_CERTIFICATE_REVOKED',
        clause: 'RFC 5280 6.3.3 (j)',
        certificate: { list: 'leaf', index: 0 },
      },
    })
  })

  test.each<[string, object, RegExp]>([
    ['a file that is not there', x509({ anchors: [{ file: 'nowhere.pem' }] }), /nowhere\.pem/],
    ['a file that holds something else', x509({ anchors: [{ file: 'crls.pem' }] }), /issuers\[0\]: anchors\[0\]/],
    ['an anchor that cannot be read', x509({ anchors: ['AAAA'] }), /issuers\[0\]: anchors\[0\]/],
    ['an age that is none', x509({ maxAge: 'long' }), /issuers\[0\]: the option maxAge/],
    ['a file that is cut off', x509({ anchors: [{ file: 'cut-off.pem' }] }), /issuers\[0\]: .*cut-off\.pem/],
    ['an unknown member', x509({ anchor: [] }), /anchor/],
    ['keys beside it', { issuers: [{ ...x509().issuers[0], jwks: { keys: [] } }] }, /issuers\[0\]/],
    ['an issuer beside it', { issuers: [{ ...x509().issuers[0], issuer: 'a' }] }, /issuers\[0\]/],
    ['neither', { issuers: [{}] }, /issuers\[0\] needs either issuer or x509/],
  ])('a trust file with %s is a fault of configuration', async (_, trust, says) => {
    const { exit, stderr } = await run(verifying, { 'trust.json': trust })
    expect(stderr).toMatch(says)
    expect(exit).toBe(2)
  })

  test('an audience is asked for where the statement has one', async () => {
    const { exit, stderr } = await run(['verify', 'statement.jwt', '--trust', 'trust.json'])
    expect(stderr).toContain('--audience')
    expect(exit).toBe(2)
  })
})

describe('inspect', () => {
  test('shows each certificate, and that nothing of it is trusted', async () => {
    const { stdout, exit } = await run(['inspect', 'statement.jwt'])
    expect(stdout).toMatch(/^certificates, which anybody can have made$/m)
    expect(stdout).toMatch(/^ +x5c\[0\] +subject +CN=Example Publisher$/m)
    for (const row of [
      ['issuer', 'CN=Example Authority'],
      ['serial number', '1267'],
      ['valid', '2030-01-01T00:00:00Z to 2040-01-01T00:00:00Z'],
      ['name', `uniformResourceIdentifier: ${publisher}`],
      ['key', 'EC P-256'],
    ]) {
      expect(stdout).toMatch(new RegExp(`^ +${row[0]} +${row[1]}$`, 'm'))
    }
    expect(stdout).not.toMatch(/^ +finding /m)
    expect(exit).toBe(0)
  })

  test('shows the path as well where it is trusted', async () => {
    const { stdout } = await run(['inspect', 'statement.jwt', '--trust', 'trust.json', '--audience', audience])
    expect(stdout).toMatch(/^certificates$/m)
    expect(stdout).toMatch(/^certificate path$/m)
  })

  test.each<[string, object, number, RegExp]>([
    [
      'an expired one',
      {},
      Date.UTC(2041, 0) / 1000,
      /finding +it is not valid after 2040-01-01T00:00:00.000Z \(RFC 5280 6\.1\.3/,
    ],
    ['the anchor', { 'statement.jwt': signWithChain([...chain, root]) }, seconds, /x5c\[2\][\s\S]*finding +it is self-signed/],
    [
      'a wrong order',
      { 'statement.jwt': signWithChain([leaf, root, authority]) },
      seconds,
      /finding +the certificate after it is not one of its issuer/,
    ],
    [
      'one that is none',
      { 'statement.jwt': signWithChain(chain, { header: { x5c: ['AAAA'] } }) },
      seconds,
      /x5c\[0\] +malformed/,
    ],
    [
      'a signature of somebody else',
      { 'statement.jwt': signWithChain([leaf, issueAuthority(root, { name: 'Example Authority' })]) },
      seconds,
      /finding +the key of the issuer does not verify the signature/,
    ],
    [
      'a rule of RFC 5280',
      { 'statement.jwt': signWithChain([issue(authority, { ...named, serialNumber: 0 }), authority]) },
      seconds,
      /finding +its serial number is zero \(RFC 5280 4\.1\.2\.2\)/,
    ],
    [
      'a key that is not for statements',
      { 'statement.jwt': signWithChain([authority]) },
      seconds,
      /finding +its key is not for digital signatures \(RFC 5280 4\.2\.1\.3\)/,
    ],
    [
      'an issuer that is no authority',
      { 'statement.jwt': signWithChain([issue(leaf, { name: 'Below' }), leaf]) },
      seconds,
      /finding +the certificate after it is not of an authority/,
    ],
  ])('finds %s', async (_, more, now, says) => {
    expect((await run(['inspect', 'statement.jwt'], more, now)).stdout).toMatch(says)
  })

  test('tells programs the same', async () => {
    const { stdout } = await run(['inspect', 'statement.jwt', '--json'])
    expect(JSON.parse(stdout).certificates).toEqual([
      {
        ...{ subject: 'CN=Example Publisher', issuer: 'CN=Example Authority', serialNumber: '1267', key: 'EC P-256' },
        ...{ notBefore: '2030-01-01T00:00:00Z', notAfter: '2040-01-01T00:00:00Z', findings: [] },
        subjectAltNames: [`uniformResourceIdentifier: ${publisher}`],
      },
      expect.objectContaining({ subject: 'CN=Example Authority', subjectAltNames: [] }),
    ])
  })

  test('shows nothing that a terminal obeys, and no credentials', async () => {
    const odd = issue(authority, {
      name: nameOf(['CN', 'a\u202eb\u001b[31m']),
      extensions: [subjectAltName(uri('https://user:password@publisher.example/'))],
    })
    const { stdout } = await run(['inspect', signWithChain([odd, authority])])
    for (const text of ['\u202e', '\u001b', 'password']) expect(stdout).not.toContain(text)
  })
})

describe('sign --x5c', () => {
  const signing = [
    'sign',
    'metadata.json',
    '--key',
    'key.json',
    '--issuer',
    publisher,
    '--expires-in',
    '5 minutes',
    '--x5c',
    'chain.pem',
  ]

  test('puts the certificates into the header, and the statement is trusted by them', async () => {
    const { stdout, exit } = await run(signing)
    expect(exit).toBe(0)
    const header = JSON.parse(Buffer.from(stdout.split('.')[0] ?? '', 'base64url').toString('utf8'))
    expect(header.x5c).toEqual(chain.map(toBase64))
    expect((await runCli(['verify', '-', '--trust', 'trust.json'], { files, stdin: stdout, now: seconds })).exit).toBe(0)
  })

  test('takes a file in DER', async () => {
    expect((await run(signing.with(-1, 'leaf.der'), { 'leaf.der': leaf.der })).exit).toBe(0)
  })

  test.each<[string, object, readonly string[], RegExp]>([
    ['another key', { 'key.json': { ...newEcKeys().privateKey.export({ format: 'jwk' }) } }, [], /not for the key that signs/],
    ['another issuer', {}, ['--issuer', 'https://other.example'], /does not name the issuer/],
    ['a longer life than that of the certificate', {}, ['--expires-in', '9 years'], /ends before the statement/],
    ['the anchor', { 'chain.pem': [...chain, root].map((one) => toPem(one)).join('') }, [], /anchor is left out/],
    [
      'the wrong order',
      {
        'chain.pem': chain
          .toReversed()
          .map((one) => toPem(one))
          .join(''),
      },
      [],
      /not for the key that signs/,
    ],
    ['a chain that is cut off', { 'chain.pem': toPem(leaf) + toPem(authority).slice(0, 300) }, [], /cut off/],
    ['no certificate', { 'chain.pem': 'x' }, [], /certificate 1 of the chain/],
  ])('refuses %s', async (_, more, flags, says) => {
    const argv = flags[0] === undefined ? signing : signing.with(signing.indexOf(flags[0]) + 1, flags[1] ?? '')
    const { stderr, stdout, exit } = await run(argv, more)
    expect(stderr).toMatch(says)
    expect(stdout).toBe('')
    expect(exit).toBe(2)
  })
})

test('what is not about certificates does not depend on the time they are looked at', async () => {
  expect((await run(['inspect', 'statement.jwt', '--at', at.toISOString()], {}, 0)).stdout).not.toMatch(/finding /)
})
