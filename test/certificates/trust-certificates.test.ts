import { CertificatePathError, type CertificateTrustOptions, trustCertificates } from '@software-statement/certificates'
import { parseStatement, StatementError } from '@software-statement/core'
import { memoryStatementCache, trustAny, trustIssuers, verifySoftwareStatement } from '@software-statement/verifier'
import { describe, expect, test } from 'vitest'
import { type ChainStatementParts, publisher, signWithChain } from '../support/certificates/chain-statement.js'
import { dns, subjectAltName, uri } from '../support/certificates/extensions.js'
import { at, type Issued, issue, issueAuthority, issueRoot, nameOf, toBase64 } from '../support/certificates/issue.js'
import { issueList } from '../support/certificates/issue-list.js'
import { newEcKeys, newEd25519Keys, newRsaKeys, newRsaPssKeys, readKeys, signings } from '../support/certificates/keys.js'
import { keys, publicHalf } from '../support/keys.js'
import { audience, makeStatement } from '../support/make-jws.js'

const root = issueRoot()
const authority = issueAuthority(root, { serialNumber: 17 })
const named = { extensions: [subjectAltName(dns('publisher.example'), uri(publisher), uri('https://second.example/'))] }
const leaf = issue(authority, { serialNumber: 4711, ...named })
const chain = [leaf, authority]

const options = { anchors: [root.der], issuerFrom: 'san-uri' } as const
const trust = (more: Partial<CertificateTrustOptions> = {}) => trustCertificates({ ...options, ...more })

const verify = (statement: string, resolver = trust(), currentDate = at) =>
  verifySoftwareStatement(statement, resolver, { audience, currentDate })

/** What becomes of a statement: `verified`, or its code and that of the path. */
async function outcomeOf(statement: string, resolver = trust(), currentDate = at): Promise<string> {
  try {
    await verify(statement, resolver, currentDate)
    return 'verified'
  } catch (error) {
    if (!(error instanceof StatementError)) throw error
    return error.cause instanceof CertificatePathError ? `${error.code} ${error.cause.code}` : error.code
  }
}

const outcomeWith = (certificates: readonly Issued[], parts: ChainStatementParts = {}, resolver = trust()) =>
  outcomeOf(signWithChain(certificates, parts), resolver)

test.each<[string, readonly string[], Partial<CertificateTrustOptions>, RegExp]>([
  ['one that is not base64', [toBase64(leaf), 'a b'], {}, /^x5c\[1\]: it is not base64 \(RFC 7515 4\.1\.6\)$/],
  ['a leaf that cannot be read', ['AAAA'], {}, /^x5c\[0\]: the certificate cannot be read: .*\(RFC 5280 4\.1\)$/],
  [
    'one of the statement',
    [toBase64(leaf), toBase64(root), toBase64(authority)],
    { keyUsage: [], extendedKeyUsage: [], maxPathLength: 0 },
    /^x5c\[2\], the certificate of "CN=Authority": .*\(RFC 5280 6\.1\.4 \(l\)\)$/,
  ],
  [
    'one that was given',
    [toBase64(leaf)],
    { intermediates: [root.der, authority.der], maxPathLength: 0 },
    /^intermediates\[1\], the certificate of "CN=Authority": /,
  ],
])('a refusal says which certificate is at fault: %s', async (_, x5c, more, says) => {
  await expect(verify(signWithChain(chain, { header: { x5c } }), trust(more))).rejects.toThrow(says)
})

describe('a statement with certificates', () => {
  test('is verified with the key of the leaf, and the path is told', async () => {
    const verified = await verify(signWithChain(chain))
    expect(verified).toMatchObject({ issuer: publisher, metadata: { software_id: 'mail' } })
    expect(verified.certificatePath?.map(({ subject }) => subject)).toEqual(['CN=Leaf', 'CN=Authority', 'CN=Root'])
    expect(verified.checks.find(({ check }) => check === 'x5c')?.outcome).toBe('pass')
  })

  const other = issueRoot({ name: 'Other' })
  const expired = issueAuthority(root, { notAfter: new Date('2035-05-01') })
  const invalid = 'ERR_X5C_NOT_TRUSTED'
  test.each<[string, readonly Issued[], ChainStatementParts, string]>([
    ['the anchor in the chain', [...chain, root], {}, 'verified'],
    ['another name of the certificate as iss', chain, { claims: { iss: 'https://second.example/' } }, 'verified'],
    ['a kid, which names nothing here', chain, { header: { kid: 'any' } }, 'verified'],
    ['another root', [issue(other, named)], {}, `${invalid} ERR_CERTIFICATE_ISSUER_NOT_FOUND`],
    ['a chain without its intermediate', [leaf], {}, `${invalid} ERR_CERTIFICATE_ISSUER_NOT_FOUND`],
    ['an expired intermediate', [issue(expired, named), expired], {}, `${invalid} ERR_CERTIFICATE_EXPIRED`],
    ['a self-signed leaf', [issueRoot({ name: 'Leaf', ...named })], {}, `${invalid} ERR_CERTIFICATE_ISSUER_NOT_FOUND`],
    [
      'a leaf that is not for signatures',
      [issue(authority, { ...named, keyUsage: ['keyEncipherment'] }), authority],
      {},
      `${invalid} ERR_CERTIFICATE_KEY_USAGE`,
    ],
    ['the intermediate first', [authority, leaf], { signer: leaf }, 'ERR_X5C_ISSUER_MISMATCH'],
    ['an iss that the certificate does not name', chain, { claims: { iss: 'https://other.example' } }, 'ERR_X5C_ISSUER_MISMATCH'],
    ['an iss in another spelling', chain, { claims: { iss: `${publisher}/` } }, 'ERR_X5C_ISSUER_MISMATCH'],
    ['an iss in another case', chain, { claims: { iss: 'https://PUBLISHER.example/udap' } }, 'ERR_X5C_ISSUER_MISMATCH'],
    ['an iss that is a DNS name of the certificate', chain, { claims: { iss: 'publisher.example' } }, 'ERR_X5C_ISSUER_MISMATCH'],
    ['a certificate without names', [issue(authority), authority], {}, 'ERR_X5C_ISSUER_MISMATCH'],
    ['the signature of somebody else', chain, { signer: authority }, 'ERR_SIGNATURE_INVALID'],
    ['an algorithm the key is not for', chain, { header: { alg: 'ES384' } }, 'ERR_KEY_NOT_FOUND'],
    ['certificates that are none', chain, { header: { x5c: ['AAAA'] } }, 'ERR_X5C_MALFORMED ERR_CERTIFICATE_MALFORMED'],
    [
      'an intermediate that is none',
      chain,
      { header: { x5c: [toBase64(leaf), 'AAAA'] } },
      'ERR_X5C_MALFORMED ERR_CERTIFICATE_MALFORMED',
    ],
    [
      'base64 with a space',
      chain,
      { header: { x5c: [` ${toBase64(leaf)}`, toBase64(authority)] } },
      'ERR_X5C_MALFORMED ERR_CERTIFICATE_MALFORMED',
    ],
    [
      'base64url',
      chain,
      { header: { x5c: chain.map(({ der }) => Buffer.from(der).toString('base64url')) } },
      'ERR_X5C_MALFORMED ERR_CERTIFICATE_MALFORMED',
    ],
    ['six certificates', chain, { header: { x5c: Array.from({ length: 6 }, () => toBase64(leaf)) } }, 'ERR_STATEMENT_LIMIT'],
    ['no certificates', chain, { header: { x5c: undefined } }, 'ERR_ISSUER_NOT_TRUSTED'],
  ])('%s: %s', async (_, certificates, parts, expected) => {
    expect(await outcomeWith(certificates, parts)).toBe(expected)
  })

  test.each<[string, () => Issued['keys'], readonly string[], readonly string[]]>([
    ['Ed25519', newEd25519Keys, ['EdDSA'], ['ES256']],
    ['RSA', () => newRsaKeys(2048), ['RS256', 'PS256', 'PS512'], []],
    ['RSA for PSS', () => newRsaPssKeys(), ['PS256', 'PS384', 'PS512'], ['RS256']],
    ['RSA for PSS with SHA-384', () => newRsaPssKeys('sha384'), ['PS384'], ['PS256', 'RS256']],
  ])('a key for %s verifies what it may', async (_, make, fitting, others) => {
    const certificate = issue(authority, { ...named, keys: make(), signing: signings.ecdsaSha256 })
    for (const alg of fitting) expect(await outcomeWith([certificate, authority], { alg: alg }), alg).toBe('verified')
    for (const alg of others) {
      expect(await outcomeWith([certificate, authority], { header: { alg }, alg: fitting[0] ?? '' }), alg).toBe(
        'ERR_KEY_NOT_FOUND',
      )
    }
  })

  test('a weak key verifies nothing', async () => {
    const certificate = issue(authority, { ...named, keys: readKeys('rsa-1024'), signing: signings.ecdsaSha256 })
    expect(await outcomeWith([certificate, authority], { alg: 'RS256' })).toBe('ERR_KEY_UNSUITABLE')
  })

  const subject = 'CN=Example Seal,O=Example'
  const seal = issue(authority, { name: nameOf(['O', 'Example'], ['CN', 'Example Seal']) })
  test.each([
    [{ [publisher]: subject }, 'verified'],
    [{ [publisher]: ['CN=Other', subject] }, 'verified'],
    [{ [publisher]: 'CN=Other' }, 'ERR_X5C_ISSUER_MISMATCH'],
    [{ [publisher]: 'cn=example seal,o=example' }, 'ERR_X5C_ISSUER_MISMATCH'],
    [{ 'https://other.example': subject }, 'ERR_X5C_ISSUER_MISMATCH'],
  ])('an issuer may be known by the subject of its certificate: %j', async (issuerFrom, expected) => {
    expect(await outcomeWith([seal, authority], {}, trust({ issuerFrom }))).toBe(expected)
    expect(await outcomeWith(chain, {}, trust({ issuerFrom }))).toBe('ERR_X5C_ISSUER_MISMATCH')
  })

  test('a name that every object has is no issuer', async () => {
    const statement = signWithChain([seal, authority], { claims: { iss: 'constructor' } })
    expect(await outcomeOf(statement, trust({ issuerFrom: { [publisher]: subject } }))).toBe('ERR_X5C_ISSUER_MISMATCH')
  })

  test('the rules hold as for any other issuer', async () => {
    expect(await outcomeWith(chain, {}, trust({ algorithms: ['ES384'] }))).toBe('ERR_ALGORITHM_NOT_ALLOWED')
    expect(await outcomeWith(chain, {}, trust({ maxLifetime: '1 minute' }))).toBe('ERR_LIFETIME_TOO_LONG')
    expect(await outcomeWith(chain, {}, trust({ mayAssert: { software_id: ['other'] } }))).toBe('ERR_SOFTWARE_ID_NOT_ALLOWED')
    expect(trust({ replay: 'until-exp' }).limitsReplay).toBe(true)
    expect(trust().limitsReplay).toBe(false)
  })

  test('certificates of the configuration complete a chain', async () => {
    expect(await outcomeWith([leaf], {}, trust({ intermediates: [authority.der] }))).toBe('verified')
  })
})

describe('revocation', () => {
  const rootList = issueList(root)
  const lists = (...others: readonly Pick<Issued, 'der'>[]) => trust({ crls: [rootList, ...others].map(({ der }) => der) })

  test.each<[string, Parameters<typeof issueList>[1], string, string]>([
    ['it is on no list', {}, 'verified', 'pass'],
    ['it is on the list', { revoked: [[4711]] }, 'ERR_X5C_REVOKED ERR_CERTIFICATE_REVOKED', 'unapproved_software_statement'],
    [
      'the list is stale',
      { nextUpdate: new Date('2035-06-01T01:00:00Z') },
      'ERR_X5C_CRL_STALE ERR_CERTIFICATE_CRL_STALE',
      'temporarily_unavailable',
    ],
    [
      'the list cannot be relied on',
      { without: ['2.5.29.20'] },
      'ERR_X5C_CRL_UNAVAILABLE ERR_CERTIFICATE_CRL_UNUSABLE',
      'temporarily_unavailable',
    ],
  ])('%s', async (_, parts, expected) => {
    expect(await outcomeWith(chain, {}, lists(issueList(authority, parts)))).toBe(expected)
  })

  test('a certificate without a list is not trusted, and the list of checks tells it', async () => {
    const refused = await verify(signWithChain(chain), lists()).catch((error: unknown) => error)
    expect(refused).toMatchObject({ name: 'UnapprovedStatementError', code: 'ERR_X5C_CRL_MISSING', member: 'x5c' })
    const { checks = [] } = refused as StatementError // as the line above holds
    expect(checks.find(({ outcome }) => outcome === 'fail')).toEqual({
      check: 'x5c',
      outcome: 'fail',
      clause: 'RFC 5280 6.3.3',
      code: 'ERR_X5C_CRL_MISSING',
    })
  })
})

describe('the list of checks tells what is wrong with the certificates in their place', () => {
  const old = issueAuthority(root, { notAfter: new Date('2035-05-01') })
  test.each<[string, string, string, string]>([
    ['no base64', signWithChain(chain, { header: { x5c: ['a b'] } }), 'x5c', 'RFC 7515 4.1.6'],
    ['no certificate', signWithChain(chain, { header: { x5c: ['AAAA'] } }), 'x5c', 'RFC 5280 4.1'],
    ['a path that is not valid', signWithChain([issue(old, named), old]), 'x5c', 'RFC 5280 6.1.3 (a)(2)'],
    [
      'the key of the leaf',
      signWithChain([issue(authority, { ...named, keys: newEcKeys('secp256k1') })], { signer: leaf }),
      'x5c',
      'RFC 7515 4.1.6',
    ],
    ['another issuer', signWithChain(chain, { claims: { iss: `${publisher}/` } }), 'issuer', 'RFC 7591 2.3'],
  ])('%s', async (_, statement, check, clause) => {
    let asked = 0
    const counted: ReturnType<typeof trust> = (...question) => {
      asked += 1
      return trust()(...question)
    }
    for (const checkAll of [false, true]) {
      const verified = verifySoftwareStatement(statement, counted, { audience, currentDate: at, checkAll })
      const { checks = [] } = await verified.catch((error: StatementError) => error)
      expect(checks.filter(({ outcome }) => outcome === 'fail')).toMatchObject([{ check, clause }])
    }
    expect(asked).toBe(2)
  })
})

describe('what is known of a chain', () => {
  const lateList = issueList(authority, { nextUpdate: new Date(at.getTime() + 60_000) })
  const later = (minutes: number) => new Date(at.getTime() + minutes * 60_000)
  const lasting = { claims: { exp: at.getTime() / 1000 + 86_400 } }

  const statement = parseStatement(signWithChain(chain))

  /** What a resolver answers at some times, to compare the answers. */
  async function answers(resolver: ReturnType<typeof trust>, ...dates: readonly Date[]) {
    return Promise.all(dates.map((currentDate) => resolver(statement, { currentDate })))
  }

  test('counts for ten minutes', async () => {
    const resolver = trust()
    const [first] = await answers(resolver, at)
    expect(await answers(resolver, at, later(5), later(10))).toEqual([first, first, first])
    expect((await answers(resolver, later(5))).every((answer) => answer === first)).toBe(true)
    const [again] = await answers(resolver, later(11))
    expect(again === first).toBe(false)
    expect((await answers(trust({ maxAge: '1 hour' }), at, later(59))).length).toBe(2)
  })

  test('does not count before it was found out', async () => {
    const resolver = trust()
    const [first] = await answers(resolver, at)
    const [earlier] = await answers(resolver, later(-1))
    expect(earlier === first).toBe(false)
  })

  test('ends with the certificates', async () => {
    const ending = issue(authority, { ...named, notAfter: later(1) })
    const resolver = trust()
    const statement = signWithChain([ending, authority], lasting)
    expect(await outcomeOf(statement, resolver, at)).toBe('verified')
    expect(await outcomeOf(statement, resolver, later(2))).toBe('ERR_X5C_NOT_TRUSTED ERR_CERTIFICATE_EXPIRED')
  })

  test('ends with the lists', async () => {
    const resolver = trust({ crls: [issueList(root).der, lateList.der] })
    expect(await outcomeOf(signWithChain(chain, lasting), resolver, at)).toBe('verified')
    expect(await outcomeOf(signWithChain(chain, lasting), resolver, later(1))).toBe('verified')
    expect(await outcomeOf(signWithChain(chain, lasting), resolver, later(2))).toBe('ERR_X5C_CRL_STALE ERR_CERTIFICATE_CRL_STALE')
  })

  test('is not that of another chain, nor for another issuer', async () => {
    const resolver = trust()
    expect(await outcomeWith(chain, {}, resolver)).toBe('verified')
    expect(await outcomeWith([leaf], {}, resolver)).toBe('ERR_X5C_NOT_TRUSTED ERR_CERTIFICATE_ISSUER_NOT_FOUND')
    expect(await outcomeWith(chain, { claims: { iss: 'https://other.example' } }, resolver)).toBe('ERR_X5C_ISSUER_MISMATCH')
    expect(await outcomeWith(chain, { claims: { iss: 'https://second.example/' } }, resolver)).toBe('verified')
    expect(await outcomeWith(chain, { signer: authority }, resolver)).toBe('ERR_SIGNATURE_INVALID')
  })

  test('is looked at again in turns where two chains have the same leaf', async () => {
    const resolver = trust({ intermediates: [authority.der] })
    for (const certificates of [chain, [leaf], [leaf, authority, root], chain]) {
      expect(await outcomeWith(certificates, {}, resolver)).toBe('verified')
    }
    expect(await outcomeWith([leaf, issueRoot({ name: 'Other' })], {}, resolver)).toBe('verified')
    expect(await outcomeWith(chain, { header: { x5c: [toBase64(leaf), 'AAAA'] } }, resolver)).toBe(
      'ERR_X5C_MALFORMED ERR_CERTIFICATE_MALFORMED',
    )
  })

  test('lets a repeated statement be known', async () => {
    const cache = memoryStatementCache()
    const resolver = trust()
    const statement = signWithChain(chain)
    const first = await verifySoftwareStatement(statement, resolver, { audience, currentDate: at, cache })
    const second = await verifySoftwareStatement(statement, resolver, { audience, currentDate: at, cache })
    expect(second.claims).toBe(first.claims)
  })
})

describe('beside other trust', () => {
  const keyed = trustIssuers([{ issuer: 'https://publisher.example', jwks: { keys: [publicHalf(keys.ed25519)] } }])
  const other = issueRoot({ name: 'Other' })
  const elsewhere = trustCertificates({ ...options, anchors: [other.der] })

  test('statements without certificates are left to others, and those with to this one', async () => {
    const both = trustAny(keyed, trust())
    const plain = makeStatement({ claims: { iat: at.getTime() / 1000 - 1, exp: at.getTime() / 1000 + 60, aud: audience } })
    expect(await outcomeOf(plain, both)).toBe('verified')
    expect(await outcomeWith(chain, {}, both)).toBe('verified')
  })

  test('of several authorities any may vouch; if none does, the first refusal is told', async () => {
    expect(await outcomeWith(chain, {}, trustAny(elsewhere, trust()))).toBe('verified')
    expect(await outcomeWith(chain, {}, trustAny(trust({ issuerFrom: { a: 'b' } }), elsewhere))).toBe('ERR_X5C_ISSUER_MISMATCH')
  })

  test('an outage of one is not passed over', async () => {
    const unknown = trust({ crls: [issueList(root, { nextUpdate: new Date('2035-06-01T01:00:00Z') }).der] })
    expect(await outcomeWith(chain, {}, trustAny(unknown, trust()))).toBe('ERR_X5C_CRL_STALE ERR_CERTIFICATE_CRL_STALE')
  })
})

describe('options', () => {
  test.each<[string, object, RegExp]>([
    ['no anchors', { anchors: [] }, /anchors/],
    ['an anchor that cannot be read', { anchors: ['AAAA'] }, /anchors\[0\]/],
    ['an anchor of another type', { anchors: [1] }, /anchors\[0\]/],
    ['an intermediate that cannot be read', { intermediates: ['AAAA'] }, /intermediates\[0\]/],
    ['a list that cannot be read', { crls: [root.der] }, /crls\[0\]/],
    ['no issuerFrom', { issuerFrom: undefined }, /issuerFrom/],
    ['an unknown issuerFrom', { issuerFrom: 'san-dns' }, /issuerFrom/],
    ['an empty issuerFrom', { issuerFrom: {} }, /issuerFrom/],
    ['no subjects', { issuerFrom: { a: [] } }, /issuerFrom/],
    ['subjects that are no text', { issuerFrom: { a: [1] } }, /issuerFrom/],
    ['distribution points without fetch', { distributionPoints: ['https://crl.example/'] }, /fetch/],
    [
      'a distribution point without https',
      { distributionPoints: ['http://crl.example/'], fetch: async () => undefined },
      /distributionPoints/,
    ],
    ['a fetch that is none', { fetch: 'https' }, /fetch/],
    ['a maxAge that is none', { maxAge: 'soon' }, /maxAge/],
    ['a now that is none', { now: 5 }, /now/],
    ['algorithms that are no list', { algorithms: 'ES256' }, /algorithms/],
    ['a key to distrust that is no list', { distrust: 'kid' }, /distrust/],
    ['a typ of another kind of JWT', { typ: ['at+jwt'] }, /typ/],
    ['an allowUntyped that is a text', { allowUntyped: 'no' }, /allowUntyped/],
    ['an audiencePolicy that is none', { audiencePolicy: 'require' }, /audiencePolicy/],
    ['a maxLifetime that is none', { maxLifetime: 'five' }, /maxLifetime/],
    ['a maxTokenAge that is none', { maxTokenAge: 'five' }, /maxTokenAge/],
    ['a clockTolerance beyond an hour', { clockTolerance: '9 hours' }, /clockTolerance/],
    ['required claims that are no list', { requiredClaims: 'aud' }, /requiredClaims/],
    ['a replay that is none', { replay: 'oncee' }, /replay/],
    ['a misspelled member of mayAssert', { mayAssert: { softwareid: ['mail'] } }, /softwareid/],
    ['a text in mayAssert', { mayAssert: { scope: 'openid' } }, /mayAssert\.scope/],
    ['a time', { at }, /"at"/],
    ['a misspelled rule', { algorithm: ['ES256'] }, /algorithm/],
    ['x5c, which is what this is about', { x5c: 'ignore' }, /x5c/],
    ['a profile that is none', { profile: 'lenient' }, /profile/],
  ])('%s is refused by its name', (_, wrong, name) => {
    const given = { ...options, ...wrong } as CertificateTrustOptions // as callers without types do
    expect(() => trustCertificates(given)).toThrow(TypeError)
    expect(() => trustCertificates(given)).toThrow(name)
  })

  const url = 'https://crl.example/authority.crl'
  const messageOf = (make: () => unknown) => {
    try {
      return String(make())
    } catch (error) {
      return String(error)
    }
  }
  const names = Object.keys({
    ...{ anchors: 1, intermediates: 1, crls: 1, revocation: 1, keyUsage: 1, extendedKeyUsage: 1, maxPathLength: 1, profile: 1 },
    ...{ policies: 1, issuerFrom: 1, distributionPoints: 1, fetch: 1, maxAge: 1, now: 1, algorithms: 1, distrust: 1, typ: 1 },
    ...{ allowUntyped: 1, audiencePolicy: 1, maxLifetime: 1, maxTokenAge: 1, clockTolerance: 1, requiredClaims: 1 },
    ...{ replay: 1, mayAssert: 1 },
  } satisfies Record<keyof CertificateTrustOptions, 1>)
  const situations: readonly (readonly [string, readonly Issued[], Partial<CertificateTrustOptions>, string])[] = [
    ['a leaf for signatures', chain, {}, 'verified'],
    [
      'a leaf that is not for signatures',
      [issue(authority, { ...named, keyUsage: ['keyEncipherment'] }), authority],
      {},
      'ERR_X5C_NOT_TRUSTED ERR_CERTIFICATE_KEY_USAGE',
    ],
    ['given lists', chain, { crls: [] }, 'ERR_X5C_CRL_MISSING ERR_CERTIFICATE_CRL_MISSING'],
    [
      'distribution points',
      chain,
      { distributionPoints: [url], fetch: () => Promise.reject(new Error('down')) },
      'ERR_X5C_CRL_MISSING ERR_CERTIFICATE_CRL_MISSING',
    ],
  ]
  test.each(names.flatMap((name) => situations.map((situation) => [name, ...situation] as const)))(
    '%s that is undefined is left out, with %s',
    async (name, _, certificates, given, expected) => {
      const { [name]: own, ...others } = { ...options, ...given } as Readonly<Record<string, unknown>>
      const become = async (more: object) => {
        try {
          const resolver = trustCertificates({ ...others, ...more } as unknown as CertificateTrustOptions) // as callers without types do
          return await outcomeWith(certificates, {}, resolver)
        } catch (error) {
          return String(error)
        }
      }
      const leftOut = await become({})
      expect(await become({ [name]: undefined })).toBe(leftOut)
      if (own === undefined) expect(leftOut).toBe(expected)
    },
  )

  test.each(['anchor', 'x5c', 'constructor'])('%s is no option, and what there are is told', (name) => {
    const given = { ...options, [name]: undefined } as CertificateTrustOptions // as callers without types do
    const message = messageOf(() => trustCertificates(given))
    expect(message).toContain(`TypeError: "${name}" is not an option here`)
    expect(/there are (.*)/.exec(message)?.[1]?.split(', ').sort()).toEqual(names.toSorted())
  })

  test('no options are refused', () => {
    expect(() => trustCertificates(undefined as unknown as CertificateTrustOptions)).toThrow(TypeError) // as callers without types do
  })

  test('rules that are changed afterwards hold as they were', async () => {
    const mayAssert = { software_id: ['other'] }
    const resolver = trust({ mayAssert })
    mayAssert.software_id.push('mail')
    expect(await outcomeWith(chain, {}, resolver)).toBe('ERR_SOFTWARE_ID_NOT_ALLOWED')
  })
})
