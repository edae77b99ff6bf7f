export { type ClaimRole, roleOfClaim } from './claim-role.js'
export {
  issuerOf,
  type JwtClaims,
  parseJwtClaims,
  refuseForbiddenClaims,
  type SortedClaims,
  sortVouchedMetadata,
} from './claims.js'
export { type ErrorClass, type ErrorCode, type ErrorCodeOf, errorCatalogue } from './errors/catalogue.js'
export {
  AccessError,
  type Check,
  type ErrorAnswer,
  type ErrorDetails,
  errorAnswer,
  InvalidMetadataError,
  InvalidStatementError,
  type MetadataIssue,
  MetadataPolicyError,
  type PlainError,
  recordChecks,
  StatementError,
  TrustUnavailableError,
  UnapprovedStatementError,
} from './errors/errors.js'
export {
  type AlgorithmDescription,
  type AsymmetricAlgorithm,
  asymmetricAlgorithms,
  describeAlgorithm,
  isSignatureAlgorithm,
  type SignatureAlgorithm,
  type SymmetricAlgorithm,
  signatureAlgorithms,
} from './jose/algorithms.js'
export type { CertificateChain, ChainSubject } from './jose/certificate-chain.js'
export {
  defaultAcceptedTyps,
  isOtherKind,
  isSameTyp,
  refuseOtherKinds,
  type StatementHeader,
  statementTyp,
} from './jose/header.js'
export {
  algorithmsOfKey,
  findKeyWeakness,
  hasSecretMembers,
  type Jwk,
  type JwkSet,
  minimalKey,
  rsaSignatureBytes,
} from './jose/jwk.js'
export { decodeBase64url, encodeBase64, encodeBase64url } from './json/base64url.js'
export { bytesOf } from './json/bytes.js'
export { parseConfigurationJson } from './json/configuration-json.js'
export { canonicalJson, freezeJson, isEqualJson, isPlainObject } from './json/json-value.js'
export { type PemBlock, splitPem } from './json/pem-blocks.js'
export {
  copyStrictJson,
  decodeUtf8,
  JsonFault,
  type JsonFaultKind,
  type JsonObject,
  parseStrictJson,
  pemMembers,
  utf8Length,
} from './json/strict-json.js'
export { defaultLimits, type Limits, resolveLimits } from './limits.js'
export type { Finding } from './lint/finding.js'
export { type LintMetadataOptions, lintMetadata } from './lint/lint-metadata.js'
export { type LintStatementOptions, lintStatement } from './lint/lint-statement.js'
export { type LintRule, type LintRuleId, type LintSeverity, lintRules } from './lint/rules.js'
export { type ClientKind, deriveClientKind } from './metadata/client-type.js'
export { canonicalTag, isLanguageTag, splitLanguageTag } from './metadata/language-tag.js'
export {
  checkRedirectUri,
  isAllowedRedirectHost,
  isRedirectHost,
  redirectHostOf,
  redirectHostPattern,
} from './metadata/redirect-uri.js'
export {
  type ClientMetadata,
  knownMembers,
  type MemberDescription,
  type MemberKind,
  type MemberName,
  redirectMembers,
  type UriKind,
} from './metadata/registry.js'
export { clientMetadataSchema, type SortedMetadata, sortMetadata } from './metadata/schema.js'
export { hasMixedScripts, toAscii } from './metadata/text.js'
export {
  findMetadataIssues,
  findPartialMetadataIssues,
  type MetadataRules,
  type ValidatedMetadata,
  validateClientMetadata,
} from './metadata/validate.js'
export {
  headerSegmentOf,
  type KnownHeaders,
  type ParsedJws,
  type ParsedStatement,
  parseJws,
  parseStatement,
} from './parse-statement.js'
export type { MetadataPolicyChange } from './policy/apply-member.js'
export {
  applyMetadataPolicy,
  type CompiledMetadataPolicy,
  compileMetadataPolicy,
  type ResolvedMetadata,
} from './policy/compile-policy.js'
export { mergeMetadataPolicies } from './policy/merge-policies.js'
export type { MetadataPolicy, MetadataPolicyOptions } from './policy/policy.js'
export { parseScope } from './policy/scope.js'
export { parseClockTolerance } from './time/clock-tolerance.js'
export { type Duration, parseDuration } from './time/duration.js'
export { parseInstant, toNumericDate } from './time/instant.js'
export {
  type IssuerRules,
  issuerRulesSchema,
  type MayAssert,
  type ReplayMode,
  validateIssuerRules,
} from './trust/issuer-rules.js'
