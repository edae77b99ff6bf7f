import { parseJwtClaims } from '../claims.js'
import { InvalidStatementError } from '../errors/errors.js'
import type { JsonObject } from '../json/strict-json.js'

/** Runs a check that verification makes as well, and gives the fault it throws. */
export function catchFault(check: () => unknown): InvalidStatementError | undefined {
  try {
    check()
    return undefined
  } catch (error) {
    if (error instanceof InvalidStatementError) return error
    throw error
  }
}

/** What is wrong with the type or range of one JWT claim other than `iss`. Each is asked about alone, so that all faults are found. */
export function findTypeFault(claims: JsonObject, name: 'sub' | 'aud' | 'exp' | 'nbf' | 'iat' | 'jti'): string | undefined {
  return catchFault(() => parseJwtClaims({ iss: 'any', [name]: claims[name] }))?.message
}
