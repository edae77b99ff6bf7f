import { AccessError, decodeUtf8, JsonFault } from '@software-statement/core'

/** Parameters that requests of other specifications repeat: all others come once (RFC 6749 3.2; RFC 8707 2, RFC 8693 2.1). */
const repeatable: ReadonlySet<string> = new Set(['resource', 'audience'])

/**
 * Reads a body of media type `application/x-www-form-urlencoded` (RFC 6749 Appendix B): strict UTF-8, strict percent-encoding, no
 * parameter twice. Parameters without a value count as left out (RFC 6749 3.2).
 *
 * Throws `AccessError` with `ERR_CLIENT_REQUEST`.
 */
export function parseForm(body: Uint8Array): URLSearchParams {
  const names = new Set<string>()
  const form = new URLSearchParams()
  for (const pair of decodeText(body).split('&')) {
    if (pair === '') continue
    const at = pair.includes('=') ? pair.indexOf('=') : pair.length
    const name = decodeFormComponent(pair.slice(0, at))
    const value = decodeFormComponent(pair.slice(at + 1))
    if (name === undefined || value === undefined) throw malformed('the body is not well-formed percent-encoding of UTF-8')
    if (names.has(name) && !repeatable.has(name)) throw malformed('the body has a parameter twice')
    names.add(name)
    if (value !== '') form.append(name, value)
  }
  return form
}

/** Decodes a name or value; nothing where the percent-encoding or the UTF-8 inside is broken. */
export function decodeFormComponent(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return undefined
  }
}

function decodeText(body: Uint8Array): string {
  try {
    return decodeUtf8(body)
  } catch (cause) {
    if (!(cause instanceof JsonFault)) throw cause
    throw malformed('the body is not valid UTF-8')
  }
}

function malformed(message: string) {
  return new AccessError('ERR_CLIENT_REQUEST', message)
}
