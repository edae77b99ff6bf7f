import { createPublicKey } from 'node:crypto'
import type { Jwk } from '@software-statement/core'
import { decideRegistration, trustIssuers } from '@software-statement/verifier'
import { CompactSign, exportJWK, generateKeyPair, SignJWT } from 'jose'
import { subjectAltName, uri } from './certificates/extensions.js'
import { issue, issueAuthority, issueRoot, toBase64, toPem } from './certificates/issue.js'

export { readFile } from 'node:fs/promises'
export { createServer } from 'node:http'
export { join } from 'node:path'

// What the examples of doc comments may use without saying where it comes from.

const issuer = 'https://publisher.example'
const audience = 'https://as.example'
const redirect_uris = ['https://mail.example/cb']

export const { privateKey: key, publicKey } = await generateKeyPair('ES256', { extractable: true })
export const jwks = { keys: [{ ...(await exportJWK(publicKey)), kid: '2030-01', alg: 'ES256', use: 'sig' }] }

export const statement = await new SignJWT({ software_id: 'mail', client_name: 'Example Mail', redirect_uris })
  .setProtectedHeader({ alg: 'ES256', kid: '2030-01', typ: 'software-statement+jwt' })
  .setIssuer(issuer)
  .setAudience(audience)
  .setIssuedAt()
  .setExpirationTime('1 hour')
  .setJti('1')
  .sign(key)

export const compact = await new CompactSign(new TextEncoder().encode('any payload'))
  .setProtectedHeader({ alg: 'ES256', kid: '2030-01' })
  .sign(key)

export const trust = trustIssuers([{ issuer, jwks }])
/** A trust file, and the folder it is in. */
export const text = JSON.stringify({ issuers: [{ issuer, jwks }] })
export const directory = '.'

const body = JSON.stringify({ software_statement: statement, redirect_uris })
export const request = { text: async () => body }
export const decision = await decideRegistration(body, trust, { audience })

const named = { extensions: [subjectAltName(uri(issuer))] }
const exampleRoot = issueRoot({ name: 'Example Root CA' })
const exampleAuthority = issueAuthority(exampleRoot, { name: 'Example Issuing CA' })
const exampleLeaf = issue(exampleAuthority, { name: 'Example Publisher', ...named })
export const leafKey: Jwk = { ...createPublicKey(exampleLeaf.keys.privateKey).export({ format: 'jwk' }) }
export const [leafCertificate, intermediateCertificate, anchorCertificate] = [
  toBase64(exampleLeaf),
  toPem(exampleAuthority),
  exampleRoot.der,
] as const
