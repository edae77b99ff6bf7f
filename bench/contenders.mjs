// Who is compared: each a function that verifies once, and throws unless it accepts.
import { constants, createPublicKey, verify } from 'node:crypto'
import { createDecider, memoryStatementCache, trustIssuers } from '@software-statement/verifier'
import { importJWK, jwtVerify } from 'jose'
import { audience, issuer, serverOptions } from './statements.mjs'

export const raw = 'node:crypto verify'
export const ours = 'decision, from text'

/** Those that can verify with the algorithm, by name. `trustedList` is where @oada/certs finds the key. */
export async function makeContenders({ alg, jwk, statement, request, withKey }, trustedList) {
  const text = JSON.stringify(request)
  const trust = trustIssuers([{ issuer, jwks: { keys: [jwk] } }])
  const decide = createDecider(trust, serverOptions)
  const again = createDecider(trust, { ...serverOptions, cache: memoryStatementCache() })
  const imported = await importJWK(jwk, alg)
  const pem = createPublicKey({ key: jwk, format: 'jwk' }).export({ type: 'spki', format: 'pem' })

  const contenders = new Map([
    [raw, makeRaw(alg, jwk, statement)],
    [ours, async () => accept((await decide(text)).approved)],
    ['decision, seen before, from text', async () => accept((await again(text)).approved)],
    ['decision, seen before, parsed', async () => accept((await again(request)).approved)],
    ['jose jwtVerify', () => jwtVerify(statement, imported, { issuer, audience })],
    ['fast-jwt', await makeFastJwt(alg, pem, statement)],
  ])
  // These two know no EdDSA.
  if (alg !== 'EdDSA') {
    const { default: jsonwebtoken } = await import('jsonwebtoken')
    contenders.set('jsonwebtoken', () => jsonwebtoken.verify(statement, pem, { algorithms: [alg], issuer, audience }))
    const { validate: oada } = await import('@oada/certs')
    const options = { additionalTrustedListURIs: [trustedList], disableDefaultTrustedListURI: true, trustedListCacheTime: 3600 }
    contenders.set('@oada/certs validate', async () => accept((await oada.validate(withKey, options)).trusted))
  }
  for (const contender of contenders.values()) await contender()
  return contenders
}

function makeRaw(alg, jwk, statement) {
  const [header, payload, signature] = statement.split('.')
  const data = Buffer.from(`${header}.${payload}`)
  const bytes = Buffer.from(signature, 'base64url')
  const key = createPublicKey({ key: jwk, format: 'jwk' })
  const settings = {
    ES256: { key, dsaEncoding: 'ieee-p1363' },
    PS256: { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 },
  }[alg]
  const digest = alg === 'EdDSA' ? null : 'sha256'
  return () => accept(verify(digest, data, settings ?? key, bytes))
}

async function makeFastJwt(alg, key, statement) {
  const { createVerifier } = await import('fast-jwt')
  const verifyToken = createVerifier({ key, algorithms: [alg], allowedIss: issuer, allowedAud: audience, cache: false })
  return () => verifyToken(statement)
}

function accept(accepted) {
  if (accepted !== true) throw new Error('what is sound was refused')
}
