import { encodeBase64url } from '@software-statement/core'
import type { Randomness } from './credential.js'

/** 128 bits: a name, not a secret, but nobody shall name the client of somebody else by chance. */
const clientIdBytes = 16

/** What may stand in the path of a client configuration endpoint; other systems have other names for their clients. */
const clientIdSyntax = /^[\w.~-]{1,128}$/

/** Makes a `client_id`: 22 characters of base64url. */
export function createClientId(random: Randomness): string {
  return encodeBase64url(random(new Uint8Array(clientIdBytes)))
}

/** The `client_id` to look for: the one given or, if it cannot be any, one that no client is ever given. */
export function clientIdToFind(text: string): string {
  return clientIdSyntax.test(text) ? text : 'A'.repeat(22)
}
