import { certificateChain, trustCertificates } from '@software-statement/certificates'
import { signSoftwareStatement } from '@software-statement/signer'
import { createDecider, memorySeenStatements, registrationResponse } from '@software-statement/verifier'
import { describe, expect, test } from 'vitest'
import { subjectAltName, uri } from '../support/certificates/extensions.js'
import { at, type Issued, issue, issueAuthority, issueRoot, type Parts, toPem } from '../support/certificates/issue.js'
import { issueList } from '../support/certificates/issue-list.js'

const client = 'https://client.example/udap'
const registrationEndpoint = 'https://as.example/register'

// A community: a root, an authority below it with a list of revoked certificates, and a client whose certificate names it by a URI.
const root = issueRoot({ name: 'Community Root' })
const authority = issueAuthority(root, { name: 'Community Authority', pathLength: 0 })
const lists = [issueList(root), issueList(authority, { revoked: [[13]] })].map((list) => toPem(list, 'X509 CRL'))
const makeClient = (issuer: Issued, parts: Parts = {}) =>
  issue(issuer, { name: 'Example Client', serialNumber: 12, extensions: [subjectAltName(uri(client))], ...parts })

const metadata = {
  client_name: 'Example Client',
  redirect_uris: ['https://client.example/callback'],
  contacts: ['mailto:operations@client.example'],
  grant_types: ['authorization_code'],
  response_types: ['code'],
  token_endpoint_auth_method: 'private_key_jwt',
  jwks_uri: 'https://client.example/jwks',
  scope: 'openid fhirUser',
}

/** The statement of a client with the certificates it sends, as UDAP has it: of five minutes, about itself. */
async function makeStatement(chain: readonly [Issued, ...Issued[]], issuer = client): Promise<string> {
  const options = { issuer, subject: issuer, audience: registrationEndpoint, expiresIn: '5 minutes', currentDate: at }
  const key = { ...chain[0].keys.privateKey.export({ format: 'jwk' }) }
  return signSoftwareStatement(metadata, {
    ...options,
    key,
    typ: 'JWT',
    x5c: certificateChain(chain.map((one) => toPem(one)).join('')),
  })
}

/** The server of the community. */
function openServer() {
  const trust = trustCertificates({
    ...{ anchors: [toPem(root)], crls: lists, issuerFrom: 'san-uri' },
    ...{ maxLifetime: '5 minutes', replay: 'until-exp', requiredClaims: ['sub', 'aud', 'jti'] },
  })
  return createDecider(trust, { audience: registrationEndpoint, seen: memorySeenStatements() })
}

const register = async (decide: ReturnType<typeof openServer>, statement: string) =>
  decide(JSON.stringify({ software_statement: statement, udap: '1' }), { currentDate: at })

const chain = [makeClient(authority), authority] as const

describe('a client with a certificate of the community', () => {
  test('registers with its statement once', async () => {
    const decide = openServer()
    const statement = await makeStatement(chain)
    const decision = await register(decide, statement)
    if (!decision.approved) throw decision.cause
    expect(decision.metadata).toMatchObject(metadata)
    expect(decision.statement?.certificatePath?.map(({ subject }) => subject)).toEqual([
      'CN=Example Client',
      'CN=Community Authority',
      'CN=Community Root',
    ])
    expect(registrationResponse(decision, { client_id: 'client-1' }).body).toContain('"client_id":"client-1"')
    expect(await register(decide, statement)).toMatchObject({ approved: false, code: 'ERR_REPLAYED' })
    expect(await register(decide, await makeStatement(chain))).toMatchObject({ approved: true })
  })

  const expired = issueAuthority(root, { name: 'Expired Authority', notAfter: new Date(at.getTime() + 300_000) })
  const foreign = issueRoot({ name: 'Foreign Root' })

  test.each<[string, () => Promise<string>, object]>([
    [
      'that is revoked',
      () => makeStatement([makeClient(authority, { serialNumber: 13 }), authority]),
      { status: 400, error: 'unapproved_software_statement', code: 'ERR_X5C_REVOKED' },
    ],
    [
      'of another community',
      () => makeStatement([makeClient(foreign)]),
      { status: 400, error: 'unapproved_software_statement', code: 'ERR_X5C_NOT_TRUSTED' },
    ],
    [
      'without the certificate of the authority',
      () => makeStatement([chain[0]]),
      { status: 400, error: 'unapproved_software_statement', code: 'ERR_X5C_NOT_TRUSTED' },
    ],
    [
      'of an authority that nobody tells the status of',
      () => makeStatement([makeClient(expired), expired]),
      { status: 400, error: 'unapproved_software_statement', code: 'ERR_X5C_CRL_MISSING' },
    ],
  ])('is refused with a certificate %s', async (_, make, expected) => {
    expect(await register(openServer(), await make())).toMatchObject({ approved: false, ...expected })
  })

  test('is refused when the certificate of the authority has expired', async () => {
    const statement = await makeStatement([makeClient(expired), expired])
    const trust = trustCertificates({ anchors: [toPem(root)], issuerFrom: 'san-uri' })
    const decide = createDecider(trust, { audience: registrationEndpoint })
    const currentDate = new Date(at.getTime() + 301_000)
    expect(await decide({ software_statement: statement }, { currentDate: at })).toMatchObject({ approved: true })
    expect(await decide({ software_statement: statement }, { currentDate })).toMatchObject({
      ...{ approved: false, status: 400, error: 'unapproved_software_statement', code: 'ERR_X5C_NOT_TRUSTED' },
      cause: { cause: { code: 'ERR_CERTIFICATE_EXPIRED', certificate: { list: 'intermediates', index: 0 } } },
    })
  })

  test('is refused in the name of another client', async () => {
    const other = 'https://other.example/udap'
    const both = makeClient(authority, { extensions: [subjectAltName(uri(other))] })
    const asOther = await makeStatement([both, authority], other)
    const [header = '', claims = '', signature = ''] = asOther.split('.')
    const text = JSON.parse(Buffer.from(header, 'base64url').toString('utf8'))
    const swapped = { ...text, x5c: [Buffer.from(chain[0].der).toString('base64'), text.x5c[1]] }
    const forged = [Buffer.from(JSON.stringify(swapped)).toString('base64url'), claims, signature].join('.')
    expect(await register(openServer(), asOther)).toMatchObject({ approved: true })
    expect(await register(openServer(), forged)).toMatchObject({
      ...{ approved: false, status: 400, error: 'invalid_software_statement', code: 'ERR_X5C_ISSUER_MISMATCH' },
    })
  })
})
