import { encodeBase64url } from '@software-statement/core'

/** SHA-256 of a text, base64url: what stands in the tables for a name that may be long. */
export async function digestOf(text: string): Promise<string> {
  return encodeBase64url(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))))
}
