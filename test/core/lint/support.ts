import { encodeBase64url, type JsonObject, type ParsedStatement, parseStatement } from '@software-statement/core'

const segment = (value: unknown) => encodeBase64url(new TextEncoder().encode(JSON.stringify(value)))

/** The time at which the tests take place. */
export const now = new Date('2026-11-21T12:00:00Z')

export const nowInSeconds = now.getTime() / 1000

/** A header about which there is nothing to say. */
export const soundHeader: JsonObject = { alg: 'ES256', typ: 'software-statement+jwt', kid: 'key-1' }

/** Client metadata about which there is nothing to say. */
export const soundMetadata: JsonObject = {
  software_id: 'mail',
  software_version: '2.1.0',
  client_name: 'Example Mail',
  client_uri: 'https://mail.example/',
  redirect_uris: ['https://mail.example/cb'],
}

/** Claims about which there is nothing to say. */
export const soundClaims: JsonObject = {
  iss: 'https://publisher.example',
  aud: 'https://as.example',
  iat: nowInSeconds - 3600,
  exp: nowInSeconds + 86_400,
  jti: 'a1',
  ...soundMetadata,
}

/** A statement as `parseStatement` makes it; lint rules do not look at the signature. */
export function makeStatement(header: JsonObject, claims: JsonObject): ParsedStatement {
  return parseStatement(`${segment(header)}.${segment(claims)}.${encodeBase64url(new Uint8Array(64))}`)
}

/** An object without some of its members. */
export function omit(object: JsonObject, ...names: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([name]) => !names.includes(name)))
}
