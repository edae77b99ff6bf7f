import {
  InvalidMetadataError,
  InvalidStatementError,
  type Limits,
  type ParsedStatement,
  parseJwtClaims,
  parseStatement,
  refuseForbiddenClaims,
  refuseOtherKinds,
} from '@software-statement/core'
import { isSignatureOf } from './keys/sign-bytes.js'
import type { SigningKey } from './keys/signing-key.js'

/**
 * Reads a statement as a verifier will, up to its signature.
 *
 * Throws `InvalidMetadataError` if the metadata makes it one that verifiers refuse: too large, most often.
 */
export function checkForm(statement: string, limits: Limits): ParsedStatement {
  try {
    const parsed = parseStatement(statement, limits)
    refuseOtherKinds(parsed.header)
    parseJwtClaims(parsed.claims)
    refuseForbiddenClaims(parsed.claims)
    return parsed
  } catch (cause) {
    if (!(cause instanceof InvalidStatementError)) throw cause
    const message = `the metadata would make a statement that is refused: ${cause.message}`
    throw new InvalidMetadataError([{ code: 'ERR_METADATA_VALUE', message }], { cause })
  }
}

/** Throws `TypeError` if the signature is not the declared key's: the key answers for another one, or its halves do not belong together. */
export async function checkSignature(statement: ParsedStatement, key: SigningKey): Promise<void> {
  if (await isOwnSignature(statement, key)) return
  throw new TypeError('the signature does not verify with the public half of the key: the halves do not belong together')
}

/** Whether others will accept the signature as this key's: it is verified with the public half; a MAC is made again. */
async function isOwnSignature({ header, signingInput, signature }: ParsedStatement, key: SigningKey): Promise<boolean> {
  if (key.publicHalf !== undefined) return isSignatureOf(key.publicHalf, header.alg, signingInput, signature)
  const again = await key.sign(header.alg, signingInput)
  return again.length === signature.length && again.every((byte, at) => byte === signature[at])
}
