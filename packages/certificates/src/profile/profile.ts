/**
 * Which rules of RFC 5280 certificates are held to: those that a validator has to check in either case, in `strict` also those of section 4
 * for what authorities issue.
 */
export type Profile = 'strict' | 'compatible'

/** Where a certificate stands in a path. */
export type Position = 'leaf' | 'intermediate' | 'anchor'
