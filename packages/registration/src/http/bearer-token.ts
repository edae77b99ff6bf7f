import { AccessError } from '@software-statement/core'

/** RFC 6750 2.1. Two headers come as one with a comma in it, which is none of these characters. */
const bearer = /^bearer +([\w.~+/-]+=*)$/i

/** The scheme, whatever follows it. */
const bearerScheme = /^bearer(?: |$)/i

/**
 * Reads the bearer token of a request from its `Authorization` header, the only place where it counts (RFC 6750 2.1); `undefined` if the
 * request has none.
 *
 * Throws `AccessError` with `ERR_TOKEN_INVALID` for one that is malformed.
 */
export function readBearerToken(request: Request): string | undefined {
  const authorization = request.headers.get('authorization')?.trim()
  if (authorization === undefined || !bearerScheme.test(authorization)) return undefined
  const token = bearer.exec(authorization)?.[1]
  if (token === undefined) throw tokenRefused('the Authorization header does not hold one bearer token')
  return token
}

/** Reads it where there has to be one. Throws `AccessError` with `ERR_TOKEN_MISSING` or `ERR_TOKEN_INVALID`. */
export function requireBearerToken(request: Request): string {
  const token = readBearerToken(request)
  if (token === undefined) throw new AccessError('ERR_TOKEN_MISSING', 'the request has no bearer token')
  return token
}

export function tokenRefused(message: string): AccessError {
  return new AccessError('ERR_TOKEN_INVALID', message)
}
