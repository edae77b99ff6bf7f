import { AccessError } from '@software-statement/core'

/** The refusal of a request that comes too soon (RFC 6585 4), with the time to wait in whole seconds. */
export function rateLimited(message: string, milliseconds: number): AccessError {
  return new AccessError('ERR_RATE_LIMITED', message, { retryAfter: Math.max(1, Math.ceil(milliseconds / 1000)) })
}
