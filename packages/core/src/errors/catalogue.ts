/**
 * Every error code of this project with the answer it gets: which class of error carries it, and what a client is told.
 * The description is public: ASCII, and never made from input. What happened in detail stands in the error's message.
 */

interface Entry {
  readonly class: ErrorClass
  readonly description: string
  /** HTTP status where it differs from that of the class. */
  readonly status?: 400 | 401 | 404 | 405 | 413 | 429
  /** Of an `AccessError`: the error name that goes with it. */
  readonly error?: 'invalid_token' | 'invalid_client' | 'invalid_request' | 'too_many_requests'
}

/** The classes of error, by who has to act. */
export type ErrorClass =
  | 'InvalidStatementError'
  | 'UnapprovedStatementError'
  | 'InvalidMetadataError'
  | 'TrustUnavailableError'
  | 'AccessError'
  | 'MetadataPolicyError'

const statement = (description: string) => ({ class: 'InvalidStatementError', description }) as const
const unapproved = (description: string) => ({ class: 'UnapprovedStatementError', description }) as const
const metadata = (description: string) => ({ class: 'InvalidMetadataError', description }) as const
const unavailable = (description: string) => ({ class: 'TrustUnavailableError', description }) as const
const access = (status: 400 | 401 | 404 | 405 | 429, error: NonNullable<Entry['error']>, description: string) =>
  ({ class: 'AccessError', description, status, error }) as const
const policy = (description: string) => ({ class: 'MetadataPolicyError', description }) as const

export const errorCatalogue = {
  // The statement's form
  ERR_STATEMENT_MISSING: statement('A software statement is required'),
  ERR_STATEMENT_NOT_PROCESSED: statement('Software statements are not processed here'),
  ERR_STATEMENT_NOT_TEXT: statement('The software statement is not a string'),
  ERR_STATEMENT_TOO_LARGE: { ...statement('The software statement is too large'), status: 413 },
  ERR_STATEMENT_SEGMENTS: statement('The software statement is not a compact JWS of three segments'),
  ERR_STATEMENT_ENCRYPTED: statement('The software statement is encrypted; only signed statements are accepted'),
  ERR_STATEMENT_BASE64URL: statement('A segment of the software statement is not canonical base64url'),
  ERR_STATEMENT_UTF8: statement('The software statement is not valid UTF-8'),
  ERR_STATEMENT_JSON: statement('The software statement does not hold JSON objects'),
  ERR_STATEMENT_DUPLICATE_MEMBER: statement('The software statement has duplicate member names'),
  ERR_STATEMENT_FORBIDDEN_NAME: statement('The software statement has a forbidden member name'),
  ERR_STATEMENT_VALUE: statement('The software statement holds a text or number that is not allowed'),
  ERR_STATEMENT_LIMIT: statement('The software statement exceeds a structure limit'),
  // Its header
  ERR_HEADER_TYPE: statement('A header parameter of the software statement has the wrong type'),
  ERR_HEADER_FORBIDDEN: statement('The software statement has a forbidden header parameter'),
  ERR_ALGORITHM_NONE: statement('Unsigned software statements are not accepted'),
  ERR_ALGORITHM_UNSUPPORTED: statement('The signature algorithm of the software statement is not supported'),
  ERR_ALGORITHM_NOT_ALLOWED: statement('The signature algorithm is not allowed for this issuer'),
  ERR_TYP_OTHER: statement('The token is of another kind than a software statement'),
  ERR_TYP_NOT_ACCEPTED: statement('The typ of the software statement is not accepted for this issuer'),
  ERR_X5C_NOT_ACCEPTED: statement('A certificate chain is not accepted for this issuer'),
  ERR_X5C_MALFORMED: statement('A certificate of the software statement cannot be read'),
  ERR_X5C_ISSUER_MISMATCH: statement('The certificate of the software statement is not one of its issuer'),
  // Its signature
  ERR_KEY_NOT_FOUND: statement('No key of the issuer fits the software statement'),
  ERR_KEY_AMBIGUOUS: statement('More than one key of the issuer fits the software statement'),
  ERR_KEY_UNSUITABLE: statement('The key does not fit the algorithm or is too weak'),
  ERR_SIGNATURE_INVALID: statement('The signature of the software statement is not valid'),
  // Its claims
  ERR_ISSUER_MISSING: statement('The software statement has no issuer'),
  ERR_CLAIM_TYPE: statement('A claim of the software statement has the wrong type'),
  ERR_CLAIM_MISSING: statement('A required claim is missing from the software statement'),
  ERR_CLAIM_FORBIDDEN: statement('The software statement has a claim that no statement may have'),
  ERR_CLAIMS_OTHER: statement('The claims are those of another kind of token'),
  ERR_EXPIRED: statement('The software statement has expired'),
  ERR_NOT_YET_VALID: statement('The software statement is not valid yet'),
  ERR_ISSUED_IN_FUTURE: statement('The software statement was issued in the future'),
  ERR_EXPIRES_BEFORE_ISSUED: statement('The software statement expires before it is issued or becomes valid'),
  ERR_LIFETIME_TOO_LONG: statement('The lifetime of the software statement is too long'),
  ERR_TOO_OLD: statement('The software statement is too old'),
  ERR_AUDIENCE_MISSING: statement('The software statement names no audience'),
  ERR_AUDIENCE_MISMATCH: statement('The software statement is meant for another audience'),
  ERR_REPLAYED: statement('The software statement has been used before'),
  ERR_ALREADY_REGISTERED: statement('This software is registered already'),

  // Sound, but not wanted here
  ERR_ISSUER_NOT_TRUSTED: unapproved('The issuer of the software statement is not trusted'),
  ERR_X5C_NOT_TRUSTED: unapproved('The certificate of the software statement is not trusted'),
  ERR_X5C_REVOKED: unapproved('A certificate of the software statement has been revoked'),
  ERR_X5C_CRL_MISSING: unapproved('No list tells whether a certificate of the software statement has been revoked'),
  ERR_STATEMENT_REVOKED: unapproved('The software statement has been revoked'),
  ERR_SOFTWARE_ID_NOT_ALLOWED: unapproved('The issuer may not vouch for this software_id'),
  ERR_MEMBER_NOT_ALLOWED: unapproved('The issuer may not vouch for this metadata'),
  ERR_REDIRECT_HOST_NOT_ALLOWED: unapproved('The issuer may not vouch for this redirect URI'),
  ERR_SCOPE_NOT_ALLOWED: unapproved('The issuer may not vouch for this scope'),
  ERR_GRANT_TYPE_NOT_ALLOWED: unapproved('The issuer may not vouch for this grant type'),

  // The request
  ERR_REQUEST_MEDIA_TYPE: metadata(
    'The registration request must be of media type application/json and have no content encoding',
  ),
  ERR_REQUEST_TOO_LARGE: { ...metadata('The registration request is too large'), status: 413 },
  ERR_REQUEST_UTF8: metadata('The registration request is not valid UTF-8'),
  ERR_REQUEST_JSON: metadata('The registration request is not a JSON object'),
  ERR_REQUEST_DUPLICATE_MEMBER: metadata('The registration request has duplicate member names'),
  ERR_REQUEST_FORBIDDEN_NAME: metadata('The registration request has a forbidden member name'),
  ERR_REQUEST_VALUE: metadata('The registration request holds a text or number that is not allowed'),
  ERR_REQUEST_LIMIT: metadata('The registration request exceeds a structure limit'),
  // Client metadata
  ERR_METADATA_TYPE: metadata('A client metadata member has the wrong type'),
  ERR_METADATA_VALUE: metadata('A client metadata member has a value that is not allowed'),
  ERR_METADATA_UNKNOWN: metadata('A client metadata member is not known here'),
  ERR_METADATA_FORBIDDEN: metadata('A client metadata member is not for a client to choose'),
  ERR_METADATA_TEXT: metadata('A client metadata text holds characters that are not allowed'),
  ERR_LANGUAGE_TAG: metadata('A language tag of a client metadata member is not valid'),
  ERR_REDIRECT_URI_MISSING: metadata('A redirect-based grant needs redirect URIs'),
  ERR_REDIRECT_URI: metadata('A redirect URI is not allowed'),
  ERR_URI: metadata('A URI in the client metadata is not allowed'),
  ERR_JWKS_CONFLICT: metadata('jwks and jwks_uri exclude each other'),
  ERR_JWKS: metadata('jwks is not a set of public keys'),
  ERR_GRANT_RESPONSE_MISMATCH: metadata('grant_types and response_types do not agree'),
  ERR_AUTH_METHOD: metadata('The token endpoint authentication method does not agree with other client metadata'),
  ERR_ENCRYPTION_ALG_MISSING: metadata('An encryption enc value needs its alg value'),
  ERR_MERGE_CONFLICT: metadata('The registration request goes against the software statement'),
  ERR_POLICY_VIOLATION: metadata('The client metadata breaks the metadata policy'),
  ERR_METADATA_UNSUPPORTED: metadata('A client metadata value is not supported by this server'),
  // Approval of what is to be signed
  ERR_APPROVAL_SOFTWARE_ID: metadata('The software_id is not approved'),
  ERR_APPROVAL_EXPIRED: metadata('The approval has ended'),
  ERR_APPROVAL_MEMBER: metadata('The approval does not cover this member'),
  ERR_APPROVAL_VALUE: metadata('The approval does not cover this value'),
  ERR_APPROVAL_REDIRECT_HOST: metadata('The approval does not cover the host of this redirect URI'),
  ERR_APPROVAL_LIFETIME: metadata('The approval does not cover this lifetime'),

  // We could not find out
  ERR_KEYS_UNAVAILABLE: unavailable('The keys of the issuer could not be obtained; try again later'),
  ERR_X5C_CRL_STALE: unavailable('The list of revoked certificates is out of date; try again later'),
  ERR_X5C_CRL_UNAVAILABLE: unavailable('The list of revoked certificates could not be obtained; try again later'),
  ERR_STATUS_UNAVAILABLE: unavailable('The status of the software statement could not be obtained; try again later'),
  ERR_REPLAY_UNAVAILABLE: unavailable('Earlier use of the software statement could not be looked up; try again later'),
  ERR_STORE_UNAVAILABLE: unavailable('The store of clients could not be asked; try again later'),
  ERR_CLIENT_KEYS_UNAVAILABLE: unavailable('The keys of the client could not be obtained; try again later'),
  ERR_SIGNER_UNAVAILABLE: unavailable('The software statement could not be signed; try again later'),

  // Who asks may not, or not so often
  ERR_TOKEN_MISSING: access(401, 'invalid_token', 'A bearer token is required'),
  ERR_TOKEN_INVALID: access(401, 'invalid_token', 'The bearer token is not valid'),
  ERR_CLIENT_AUTHENTICATION: access(401, 'invalid_client', 'Client authentication failed'),
  ERR_CLIENT_REQUEST: access(400, 'invalid_request', 'The request does not authenticate a client in one way'),
  ERR_PATH_UNKNOWN: access(404, 'invalid_request', 'There is nothing at this path'),
  ERR_METHOD_NOT_ALLOWED: access(405, 'invalid_request', 'The request method is not supported here'),
  ERR_RATE_LIMITED: access(429, 'too_many_requests', 'There were too many requests; try again later'),

  // The operator's metadata policy
  ERR_POLICY_STRUCTURE: policy('The metadata policy is not well-formed'),
  ERR_POLICY_OPERAND: policy('An operand of the metadata policy has the wrong type'),
  ERR_POLICY_COMBINATION: policy('Operators of the metadata policy exclude each other'),
  ERR_POLICY_MERGE: policy('Two metadata policies cannot be merged'),
  ERR_POLICY_CRITICAL: policy('A critical operator of the metadata policy is not understood'),
} as const satisfies Record<`ERR_${string}`, Entry>

/** A stable error code: it goes to logs and the command line, never to a client. */
export type ErrorCode = keyof typeof errorCatalogue

/** The codes that belong to one class of error. */
export type ErrorCodeOf<Class extends ErrorClass> = {
  [Code in ErrorCode]: (typeof errorCatalogue)[Code]['class'] extends Class ? Code : never
}[ErrorCode]
