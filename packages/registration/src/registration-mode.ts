/**
 * Who may register:
 * - `open`: anybody
 * - `token`: who has an initial access token (RFC 7591 3)
 * - `statement`: who has a statement of a trusted issuer
 * - `statement-or-token`: who has one of them
 */
export type RegistrationMode = 'open' | 'token' | 'statement' | 'statement-or-token'
