export {
  type AsymmetricAlgorithm,
  type ClientMetadata,
  type Duration,
  type Finding,
  InvalidMetadataError,
  type JsonObject,
  type Jwk,
  type JwkSet,
  type Limits,
  type MetadataIssue,
  MetadataPolicyError,
  type SignatureAlgorithm,
  StatementError,
  type StatementHeader,
  statementTyp,
  TrustUnavailableError,
} from '@software-statement/core'
export type { FilledMember } from './approval/apply-approval.js'
export { type ApprovalPolicy, parseApprovalPolicy } from './approval/parse-approval-policy.js'
export { generateSigningKey, type PrivateJwk } from './keys/generate-key.js'
export { publicJwks } from './keys/public-jwks.js'
export type { KeyInput } from './keys/read-key.js'
export type { RemoteKey } from './keys/remote-key.js'
export type { SignOptions } from './options.js'
export type { KeyPlan, KeyProblem, KeyRole, KeyStep, PlanKeysOptions, PlannedKey, RotatingKeys } from './rotation/plan.js'
export { planKeys } from './rotation/plan-keys.js'
export { type PreparedStatement, prepareSoftwareStatement, signSoftwareStatement } from './sign.js'
