export {
  type Check,
  type ClientMetadata,
  type ErrorCode,
  InvalidMetadataError,
  InvalidStatementError,
  type IssuerRules,
  type Jwk,
  type JwkSet,
  type MayAssert,
  type MetadataIssue,
  type MetadataPolicy,
  MetadataPolicyError,
  type ParsedStatement,
  type ReplayMode,
  type SignatureAlgorithm,
  StatementError,
  type StatementHeader,
  TrustUnavailableError,
  UnapprovedStatementError,
} from '@software-statement/core'
export { memoryStatementCache, type StatementCache } from './cache/statement-cache.js'
export type { StatusCheck, StatusSubject } from './claims/check-status.js'
export {
  type ConfigurationSources,
  parseTrustConfiguration,
  type TrustConfiguration,
} from './configuration.js'
export {
  createDecider,
  type DecisionOptions,
  decideRegistration,
  type RegistrationDecider,
  type RequestOptions,
} from './decide.js'
export { createGuardedFetch, type GuardedFetchOptions } from './fetch/create-guarded-fetch.js'
export { createGuardedSend, type GuardedSendOptions } from './fetch/create-guarded-send.js'
export type { DestinationRules, OwnDestinationRules } from './fetch/destinations.js'
export type { Fetch } from './fetch/fetch-transport.js'
export {
  type GuardedFetch,
  GuardedFetchError,
  type GuardedFetchReason,
  type GuardedRequest,
  type GuardedResponse,
} from './fetch/guarded-fetch.js'
export type { GuardedAnswer, GuardedMessage, GuardedSend } from './fetch/guarded-send.js'
export type { TransportOptions } from './fetch/transport.js'
export { type KeySource, localKeys } from './keys/key-source.js'
export { type KeyCacheOptions, type RemoteKeysOptions, remoteKeys } from './keys/remote-keys.js'
export type { VerificationKey } from './keys/verification-key.js'
export { verifyJws } from './keys/verify-jws.js'
export type { UnknownMembers } from './merge/configured-member.js'
export type { IgnoredMember, MemberProvenance } from './merge/merge-metadata.js'
export { type MergeRule, type MergeRules, mergeRules } from './merge/merge-rules.js'
export { type OpenedTrust, openTrust, type ReloadableTrust, type TrustReload } from './open-trust.js'
export type {
  ApprovedRegistration,
  RefusedRegistration,
  RegisteredStatement,
  RegistrationDecision,
} from './registration/decision.js'
export type { RegisteredMetadata } from './registration/locked-members.js'
export { parseRegistrationRequest, type RegistrationInput, type RegistrationRequest } from './registration/parse-request.js'
export { type RegisteredClient, type RegistrationResponse, registrationResponse } from './registration/response.js'
export type { ReplayMark } from './replay/replay-mark.js'
export { memorySeenStatements, type SeenStatements } from './replay/seen-statements.js'
export type { VerifyingKey } from './stages.js'
export type { CertificateTrust, MakeCertificateTrust } from './trust/certificate-entry.js'
export { type IssuerEntry, type TrustOptions, trustIssuers } from './trust/trust-issuers.js'
export {
  type TrustedCertificate,
  type TrustedIssuer,
  type TrustQuery,
  type TrustResolver,
  trustAny,
} from './trust/trust-resolver.js'
export { type VerifiedStatement, type VerifyOptions, verifySoftwareStatement } from './verify.js'
