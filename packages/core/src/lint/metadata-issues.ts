import type { ErrorCode } from '../errors/catalogue.js'
import type { MetadataIssue } from '../errors/errors.js'
import { defaultLimits, type Limits } from '../limits.js'
import type { ClientMetadata } from '../metadata/registry.js'
import { findMetadataIssues, findPartialMetadataIssues } from '../metadata/validate.js'
import { type Finding, find } from './finding.js'
import type { LintRuleId } from './rules.js'

/** The rule that each issue of client metadata becomes. */
export const rulesOfIssues: ReadonlyMap<ErrorCode, LintRuleId> = new Map([
  ['ERR_METADATA_TYPE', 'metadata/wrong-type'],
  ['ERR_METADATA_VALUE', 'metadata/value-not-allowed'],
  ['ERR_METADATA_FORBIDDEN', 'metadata/forbidden-member'],
  ['ERR_METADATA_TEXT', 'metadata/unsafe-text'],
  ['ERR_LANGUAGE_TAG', 'metadata/language-tag'],
  ['ERR_REDIRECT_URI_MISSING', 'metadata/no-redirect-uri'],
  ['ERR_REDIRECT_URI', 'metadata/redirect-uri'],
  ['ERR_URI', 'metadata/uri'],
  ['ERR_JWKS_CONFLICT', 'metadata/jwks-conflict'],
  ['ERR_JWKS', 'metadata/jwks-not-public'],
  ['ERR_GRANT_RESPONSE_MISMATCH', 'metadata/grant-response-mismatch'],
  ['ERR_AUTH_METHOD', 'metadata/auth-method'],
  ['ERR_ENCRYPTION_ALG_MISSING', 'metadata/encryption-alg-missing'],
])

/** Makes a finding of an issue. Its message has been made safe already. */
export function wrapIssue({ code, message, member }: MetadataIssue): Finding {
  return find(rulesOfIssues.get(code) ?? 'metadata/value-not-allowed', message, member)
}

/** The number of language-tagged forms is an issue of the whole metadata, found before. */
const limits: Limits = { ...defaultLimits, languageTags: Number.POSITIVE_INFINITY }

/** Every rule that well-typed client metadata breaks; of partial metadata, every rule that no other members could mend. */
export function findIssues(metadata: ClientMetadata, partial: boolean): readonly MetadataIssue[] {
  return partial ? findPartialMetadataIssues(metadata, { limits }) : findMetadataIssues(metadata, { limits })
}
