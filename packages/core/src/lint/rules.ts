/**
 * Every lint rule. Ids are stable: configuration and reports refer to them. The order is that of findings: errors first, then
 * warnings, then infos; within these the statement before its metadata.
 */

/**
 * How much a finding matters. `error`: this project's signer or verifier refuses it, now and later. `warning`: a risk, or
 * against the advice of a specification. `info`: good to know.
 */
export type LintSeverity = 'error' | 'warning' | 'info'

/** One lint rule. */
export interface LintRule {
  readonly severity: LintSeverity
  /** What the rule finds, as a sentence without its period. */
  readonly summary: string
  /** Where the specification speaks of it. */
  readonly clause: string
}

const rule = (severity: LintSeverity) => (summary: string, clause: string) => ({ severity, summary, clause }) as const

const error = rule('error')
const warning = rule('warning')
const info = rule('info')

const oidcRegistration = 'OpenID Connect Dynamic Client Registration 1.0, 2'

const catalogue = {
  'statement/missing-issuer': error('The statement does not name its issuer', 'RFC 7591 2.3'),
  'statement/other-kind': error('The token is of another kind than a software statement', 'RFC 8725 3.11'),
  'statement/forbidden-claim': error('No statement may have this claim', 'RFC 7591 3.2.1'),
  'statement/claim-type': error('A claim of the JWT has the wrong type or an impossible value', 'RFC 7519 4.1'),
  'statement/milliseconds': error('A time is in milliseconds instead of seconds', 'RFC 7519 2'),
  'statement/expires-before-issued': error('The statement expires before it is valid', 'RFC 7519 4.1.4'),
  'statement/expired': error('The statement has expired', 'RFC 7519 4.1.4'),

  'metadata/wrong-type': error('A member has the wrong JSON type', 'RFC 7591 2'),
  'metadata/value-not-allowed': error('A member has a value that is not allowed', 'RFC 7591 2'),
  'metadata/forbidden-member': error('Only a server gives this member', 'RFC 7591 3.2.1'),
  'metadata/unsafe-text': error('A text holds characters that deceive its readers', 'RFC 7591 5'),
  'metadata/language-tag': error('A language tag is malformed or stands there twice', 'RFC 7591 2.2'),
  'metadata/no-redirect-uri': error('A redirect-based grant has no redirect URI', 'RFC 7591 5'),
  'metadata/redirect-uri': error('A redirect URI is not allowed', 'RFC 7591 5'),
  'metadata/uri': error('A URI is not allowed', 'RFC 7591 2'),
  'metadata/jwks-conflict': error('jwks and jwks_uri exclude each other', 'RFC 7591 2'),
  'metadata/jwks-not-public': error('jwks is not a set of public keys', 'RFC 7591 2'),
  'metadata/grant-response-mismatch': error('grant_types and response_types do not agree', 'RFC 7591 2.1'),
  'metadata/auth-method': error('The authentication method does not agree with other members', 'RFC 7591 2'),
  'metadata/encryption-alg-missing': error('An encryption enc value has no alg value', oidcRegistration),

  'statement/no-expiry': warning('The statement never expires', 'RFC 7519 4.1.4'),
  'statement/long-lifetime': warning('The statement is valid for more than a year', 'RFC 7519 4.1.4'),
  'statement/no-jti': warning('The statement has no identifier to revoke it by', 'RFC 7519 4.1.7'),
  'statement/not-yet-valid': warning('The statement is not valid yet', 'RFC 7519 4.1.5'),
  'statement/issued-in-future': warning('The statement was issued in the future', 'RFC 7519 4.1.6'),
  'statement/symmetric': warning('Whoever can check this statement can also forge it', 'RFC 7591 2.3'),
  'statement/unusual-typ': warning('Few servers accept this typ', 'RFC 8725 3.11'),
  'statement/no-metadata': warning('The statement vouches for no client metadata', 'RFC 7591 2.3'),

  'metadata/no-software-id': warning('A statement says which software it is about', 'RFC 7591 2.3'),
  'metadata/redirects-not-vouched': warning('Whoever holds the statement chooses the redirect URIs', 'RFC 7591 5'),
  'metadata/no-client-name': warning('People see a client_id instead of a name', 'RFC 7591 2'),
  'metadata/mixed-script-name': warning('A name mixes scripts within a word', 'UTS 39 5.2'),
  'metadata/untagged-form-missing': warning('A member has language-tagged forms only', 'RFC 7591 2.2'),
  'metadata/numeric-software-version': warning('software_version is a number instead of a string', 'RFC 7591 2'),
  'metadata/localhost-instead-of-literal': warning('A redirect URI names localhost instead of 127.0.0.1', 'RFC 8252 8.3'),
  'metadata/native-redirect-of-web-client': warning('A redirect URI of a web client is one of a native app', oidcRegistration),
  'metadata/local-uri': warning('A URI points at the local machine of whoever follows it', 'RFC 7591 2'),
  'metadata/implicit-grant': warning('Access tokens come through the browser', 'RFC 9700 2.1.2'),
  'metadata/password-grant': warning('The client handles the passwords of users', 'RFC 9700 2.4'),
  'metadata/algorithm-none': warning('Something is not signed', 'RFC 8725 3.2'),
  'metadata/weak-key': warning('A key in jwks is weak', 'RFC 7518 3.3'),

  'statement/no-issued-at': info('The statement does not say when it was issued', 'RFC 7519 4.1.6'),
  'statement/no-audience': info('The statement is for every server that trusts its issuer', 'RFC 7519 4.1.3'),
  'statement/no-typ': info('The header does not say that this is a software statement', 'RFC 8725 3.11'),
  'statement/no-kid': info('The header does not say which key signed', 'RFC 7515 4.1.4'),
  'statement/kid-not-thumbprint': info('The kid is not the thumbprint of the key', 'RFC 7638 3'),
  'statement/certificate-chain': info('Only servers that trust certificates accept x5c', 'RFC 7515 4.1.6'),
  'statement/header-parameter-ignored': info('A header parameter has no effect', 'RFC 7515 4'),
  'statement/unknown-claim': info('A claim is neither of the JWT nor known client metadata', 'RFC 7591 2'),

  'metadata/unknown-member': info('A member is not known client metadata', 'RFC 7591 2'),
  'metadata/http-redirect': info('A redirect URI is http on the local machine', 'RFC 8252 7.3'),
  'metadata/private-scheme-redirect': info('A redirect URI has a scheme that any app can claim', 'RFC 8252 7.2'),
  'metadata/private-scheme-with-host': info('A redirect URI with a private-use scheme names a host', 'RFC 8252 7.1'),
  'metadata/pkce-required': info('The server must require PKCE of this client', 'RFC 9700 2.1.1'),
  'metadata/display-uri-other-host': info('A page shown to users is on a host of no redirect URI', 'RFC 7591 5'),
} as const satisfies Record<string, LintRule>

/** The stable name of a lint rule. */
export type LintRuleId = keyof typeof catalogue

/**
 * Every lint rule by its id, in the order of findings.
 *
 * @example
 * ```ts
 * lintRules['statement/no-expiry'].severity // 'warning'
 * ```
 */
export const lintRules: Readonly<Record<LintRuleId, LintRule>> = catalogue
