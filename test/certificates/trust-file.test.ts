import { trustCertificates } from '@software-statement/certificates'
import { StatementError } from '@software-statement/core'
import { openTrust, parseTrustConfiguration, type TrustResolver, verifySoftwareStatement } from '@software-statement/verifier'
import { describe, expect, test } from 'vitest'
import { publisher, signWithChain } from '../support/certificates/chain-statement.js'
import { subjectAltName, uri } from '../support/certificates/extensions.js'
import { at, issue, issueAuthority, issueRoot, toBase64, toPem } from '../support/certificates/issue.js'
import { distributionPoints, issueList } from '../support/certificates/issue-list.js'
import { respond, serve } from '../support/key-server.js'
import { keys, publicHalf } from '../support/keys.js'
import { audience, issuer } from '../support/make-jws.js'

const address = 'https://crl.publisher.example/authority.crl'
const root = issueRoot()
const authority = issueAuthority(root)
const point = distributionPoints({ name: { full: [uri(address)] } })
const leaf = issue(authority, { serialNumber: 4711, extensions: [subjectAltName(uri(publisher)), point] })
const statement = signWithChain([leaf, authority])

const x509 = { anchors: [toBase64(root)], issuerFrom: 'san-uri' }
const keyed = { issuer, jwks: { keys: [publicHalf(keys.ed25519)] } }
const text = (...issuers: readonly object[]) => JSON.stringify({ issuers })
const sources = { trustCertificates }

async function codeOf(trust: TrustResolver): Promise<string> {
  try {
    await verifySoftwareStatement(statement, trust, { audience, currentDate: at })
    return 'verified'
  } catch (error) {
    if (error instanceof StatementError) return error.code
    throw error
  }
}

const outcomeOf = async (...entries: readonly object[]) =>
  codeOf((await parseTrustConfiguration(text(...entries), sources)).trust)

describe('an x509 entry of a trust file', () => {
  test('makes trust in certificates, alone or beside issuers', async () => {
    expect(await outcomeOf({ x509 })).toBe('verified')
    expect(await outcomeOf(keyed, { x509 })).toBe('verified')
    expect(await outcomeOf({ x509: { ...x509, anchors: [toBase64(issueRoot({ name: 'Other' }))] } }, { x509 })).toBe('verified')
    expect(await outcomeOf(keyed)).toBe('ERR_ISSUER_NOT_TRUSTED')
  })

  test('an issuer of that name with keys of its own goes first', async () => {
    expect(await outcomeOf({ ...keyed, issuer: publisher }, { x509 })).toBe('ERR_X5C_NOT_ACCEPTED')
  })

  test('has the rules of an issuer beside it', async () => {
    expect(await outcomeOf({ x509, algorithms: ['ES384'] })).toBe('ERR_ALGORITHM_NOT_ALLOWED')
    expect(await outcomeOf({ x509, mayAssert: { software_id: ['mail'] }, maxLifetime: '5 minutes' })).toBe('verified')
    const { trust } = await parseTrustConfiguration(text({ x509, replay: 'until-exp' }), sources)
    expect(trust.limitsReplay).toBe(true)
  })

  test('has every option of trust in certificates', async () => {
    const full = {
      ...{ ...x509, intermediates: [toPem(authority)], crls: [issueList(root), issueList(authority)].map(toBase64) },
      ...{ revocation: 'require', keyUsage: ['digitalSignature'], maxPathLength: 1, profile: 'strict', maxAge: '1 minute' },
      ...{ policies: { userInitialPolicySet: ['2.5.29.32.0'], initialExplicitPolicy: false } },
    }
    expect(await outcomeOf({ x509: full })).toBe('verified')
    expect(await outcomeOf({ x509: { ...full, maxPathLength: 0 } })).toBe('ERR_X5C_NOT_TRUSTED')
    expect(await outcomeOf({ x509: { ...full, extendedKeyUsage: ['clientAuth'] } })).toBe('verified')
    expect(await outcomeOf({ x509: { ...full, policies: { initialExplicitPolicy: true } } })).toBe('ERR_X5C_NOT_TRUSTED')
    expect(await outcomeOf({ x509: { ...full, crls: [toBase64(issueList(root))] } })).toBe('ERR_X5C_CRL_MISSING')
  })

  test('fetches lists with the fetch of the file', async () => {
    const { fetch, requests } = serve((count) =>
      count === 1 ? respond(issueList(authority).der, { headers: { 'content-type': 'application/pkix-crl' } }) : respond('{}'),
    )
    const entry = { x509: { ...x509, crls: [toBase64(issueList(root))], distributionPoints: [address] } }
    const { trust } = await parseTrustConfiguration(text(entry), { ...sources, fetch, now: () => at })
    expect(await codeOf(trust)).toBe('verified')
    expect(requests.map(([asked]) => asked)).toEqual([address])
  })

  test('is refused where nobody can make trust of it', async () => {
    await expect(parseTrustConfiguration(text({ x509 }))).rejects.toThrow(
      /trustCertificates of @software-statement\/certificates/,
    )
    const withFile = { x509: { ...x509, anchors: [{ file: 'root.pem' }] } }
    await expect(parseTrustConfiguration(text(withFile), sources)).rejects.toThrow(/root\.pem/)
  })

  test.each<[string, object, RegExp]>([
    ['no anchors', { x509: { issuerFrom: 'san-uri' } }, /anchors/],
    ['an empty list of anchors', { x509: { ...x509, anchors: [] } }, /anchors/],
    ['no issuerFrom', { x509: { anchors: x509.anchors } }, /issuerFrom/],
    ['an unknown key usage', { x509: { ...x509, keyUsage: ['signing'] } }, /keyUsage/],
    ['an address without https', { x509: { ...x509, distributionPoints: ['http://crl.example/'] } }, /https/],
    ['an unknown issuerFrom', { x509: { ...x509, issuerFrom: 'san_uri' } }, /neither "san-uri" nor an object.*\n.*\.issuerFrom$/],
    ['an issuerFrom that is null', { x509: { ...x509, issuerFrom: null } }, /neither "san-uri" nor an object.*\n.*\.issuerFrom$/],
    [
      'subjects that are no text',
      { x509: { ...x509, issuerFrom: { a: 5 } } },
      /neither "san-uri" nor an object.*\n.*\.issuerFrom$/,
    ],
    [
      'a misspelled file',
      { x509: { ...x509, anchors: [{ files: 'a' }] } },
      /base64, nor a file as \{ "file": .* \}\n.*\.anchors\[0\]$/,
    ],
    [
      'a number as list',
      { x509: { ...x509, crls: [toBase64(root), 5] } },
      /base64, nor a file as \{ "file": .* \}\n.*\.crls\[1\]$/,
    ],
    ['a maxAge that is null', { x509: { ...x509, maxAge: null } }, /a duration.*\n.*\.maxAge$/],
    ['an unknown member', { x509: { ...x509, chain: [] } }, /chain/],
    ['a rule about x5c', { x509, x5c: 'ignore' }, /x5c/],
    ['a key set', { x509, jwksUri: 'https://publisher.example/jwks' }, /jwksUri/],
  ])('with %s is refused', async (_, entry, says) => {
    const refused = parseTrustConfiguration(text(entry), sources)
    await expect(refused).rejects.toThrow(TypeError)
    await expect(refused).rejects.toThrow(says)
  })
})

describe('a file of an x509 entry', () => {
  const older = issueList(authority, { thisUpdate: new Date('2035-05-01T00:00:00Z') })
  const good = [issueList(root), older].map((list) => toPem(list, 'X509 CRL')).join('\n')
  const newest = toPem(issueList(authority, { revoked: [[4711]] }), 'X509 CRL')

  const outcomeWith = async (file: string) => {
    const readFile = async () => Buffer.from(file)
    const entry = { x509: { ...x509, crls: [{ file: 'crls.pem' }] } }
    return codeOf((await parseTrustConfiguration(text(entry), { ...sources, readFile })).trust)
  }

  test('counts with every block in it', async () => {
    expect(await outcomeWith(good)).toBe('verified')
    expect(await outcomeWith(`Older:\n${good}\nNewest:\n${newest}`)).toBe('ERR_X5C_REVOKED')
  })

  test.each<[string, string]>([
    ['cut off', good + newest.slice(0, -100)],
    ['cut off in its last line', good + newest.slice(0, -5)],
    ['without its first line', good + newest.slice(newest.indexOf('\n'))],
    ['with another label at its end', good + newest.replace('END X509 CRL', 'END CRL')],
  ])('is refused where a block is %s', async (_, file) => {
    await expect(outcomeWith(file)).rejects.toThrow(/"crls.pem" has a PEM block that is damaged or cut off/)
  })
})

describe('what cannot be read in an x509 entry', () => {
  const files: Readonly<Record<string, string>> = {
    'two.pem': toPem(root) + toPem(authority),
    'one.pem': toPem(root),
    'bad.pem': toPem({ der: new Uint8Array([48, 0]) }),
    'second.pem': toPem(root) + toPem({ der: new Uint8Array([48, 0]) }),
    'lists.pem': toPem(issueList(root), 'X509 CRL') + toPem(root),
    'empty.pem': '',
  }
  const readFile = async (path: string) => Buffer.from(files[path] ?? '')
  const file = (path: string) => ({ file: path })

  test.each<[string, object, string]>([
    ['a text', { anchors: [toBase64(root), 'AAAA'] }, 'anchors[1]: the certificate'],
    ['a text behind a file of two', { anchors: [file('two.pem'), 'AAAA'] }, 'anchors[1]: the certificate'],
    ['a file', { anchors: [file('bad.pem')] }, 'anchors[0], the file "bad.pem": the certificate'],
    [
      'a file behind a file of two',
      { anchors: [file('two.pem'), file('bad.pem')] },
      'anchors[1], the file "bad.pem": the certificate',
    ],
    ['an empty file', { anchors: [file('two.pem'), file('empty.pem')] }, 'anchors[1], the file "empty.pem": the certificate'],
    [
      'one of a file',
      { anchors: [file('two.pem'), file('one.pem'), file('second.pem')] },
      'anchors[2], number 2 of the file "second.pem": the certificate',
    ],
    [
      'an intermediate',
      { intermediates: [file('second.pem')] },
      'intermediates[0], number 2 of the file "second.pem": the certificate',
    ],
    ['a list', { crls: [file('lists.pem')] }, 'crls[0], number 2 of the file "lists.pem": the list'],
  ])('is told with its place and file: %s', async (_, more, place) => {
    const entries = text(keyed, { x509: { ...x509, ...more } })
    const told = `the trust configuration: issuers[1]: ${place} cannot be read: `
    for (const read of [
      parseTrustConfiguration(entries, { ...sources, readFile }),
      openTrust(async () => entries, { ...sources, readFile }),
    ]) {
      const error: unknown = await read.catch((it: unknown) => it)
      expect(error).toBeInstanceOf(TypeError)
      expect(error).toMatchObject({ message: expect.stringContaining(told) })
    }
  })
})

describe('an x509 entry of a trust file that is read again', () => {
  test('keeps what it knows while it is the same, and is gone when it is', async () => {
    let file = text({ x509 })
    const { trust } = await openTrust(async () => file, sources)
    const answer = async () => {
      const { parseStatement } = await import('@software-statement/core')
      return trust(parseStatement(statement), { currentDate: at })
    }
    const before = await answer()
    file = text(keyed, { x509 })
    expect(await trust.reload()).toMatchObject({ reloaded: true, added: [issuer], changed: [], removed: [] })
    expect((await answer()) === before).toBe(true)
    file = text(keyed, { x509: { ...x509, profile: 'compatible' } })
    expect(await trust.reload()).toMatchObject({ reloaded: true, changed: ['issuers[1]'] })
    expect((await answer()) === before).toBe(false)
    file = text(keyed)
    expect(await trust.reload()).toMatchObject({ reloaded: true, removed: ['issuers[1]'] })
    expect(await answer()).toBeUndefined()
    file = text({ x509: { ...x509, anchors: ['AAAA'] } })
    expect(await trust.reload()).toMatchObject({ reloaded: false, fault: expect.any(TypeError) })
  })

  test('is told by its position among all, unless it has only moved', async () => {
    const one = { x509: { ...x509, profile: 'compatible' } }
    const [second, third] = [{ x509: { ...x509, profile: 'strict' } }, { x509 }]
    let file = text(one, second)
    const { trust } = await openTrust(async () => file, sources)
    const reloadWith = (...entries: readonly object[]) => {
      file = text(...entries)
      return trust.reload()
    }
    const nothing = { added: [], changed: [], removed: [] }
    expect(await reloadWith(keyed, one, second)).toMatchObject({ ...nothing, added: [issuer] })
    expect(await reloadWith(keyed, second, one)).toMatchObject(nothing)
    expect(await reloadWith(keyed, one)).toMatchObject({ ...nothing, removed: ['issuers[1]'] })
    expect(await reloadWith(keyed, one, third)).toMatchObject({ ...nothing, added: ['issuers[2]'] })
    expect(await reloadWith(keyed, one, second)).toMatchObject({ ...nothing, changed: ['issuers[2]'] })
  })
})
