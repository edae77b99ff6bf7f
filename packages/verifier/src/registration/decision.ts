import type {
  Check,
  ClientKind,
  ClientMetadata,
  ErrorAnswer,
  ErrorCode,
  JsonObject,
  StatementError,
  StatementHeader,
} from '@software-statement/core'
import type { IgnoredMember, MemberProvenance } from '../merge/merge-metadata.js'
import type { ReplayMark } from '../replay/replay-mark.js'
import type { VerifyingKey } from '../stages.js'
import type { TrustedCertificate } from '../trust/trust-resolver.js'

/** The statement behind an approved registration. */
export interface RegisteredStatement {
  /** Byte for byte as it came. */
  readonly compact: string
  readonly issuer: string
  readonly header: StatementHeader
  readonly claims: JsonObject
  readonly key: VerifyingKey
  /** The certificates that trust in the issuer rests on, from the leaf to the anchor, where it rests on certificates. */
  readonly certificatePath?: readonly TrustedCertificate[]
}

/** The registration may go ahead with this metadata. */
export interface ApprovedRegistration extends ClientKind {
  readonly approved: true
  /** What to register: merged, under the policy, by the rules, with defaults. */
  readonly metadata: ClientMetadata
  /** Where each member of `metadata` comes from. */
  readonly provenance: { readonly [member: string]: MemberProvenance }
  /** The statement that vouched; absent if there was none. */
  readonly statement?: RegisteredStatement
  /** Members that were sent and are not registered. */
  readonly ignored: readonly IgnoredMember[]
  /** Members nobody knows, whatever became of them. */
  readonly unknownMembers: readonly string[]
  /**
   * Equal for registrations of the same issuer, software and redirect URIs: for duplicate detection and rate limits. It
   * names no client and proves nothing about who asks.
   */
  readonly duplicateKey: string
  /** For issuers that limit how often a statement may be used: its mark, consumed already if `seen` was given. */
  readonly replay?: ReplayMark
  readonly checks: readonly Check[]
}

/** The registration is refused, and this is the answer. */
export interface RefusedRegistration {
  readonly approved: false
  readonly status: ErrorAnswer['status']
  readonly headers: { readonly [name: string]: string }
  /** JSON text (RFC 7591 3.2.2). */
  readonly body: string
  readonly error: ErrorAnswer['error']
  readonly error_description: string
  /** For logs: never told to the client. */
  readonly code: ErrorCode
  /** For logs: the fault with all its details. */
  readonly cause: StatementError
  readonly checks: readonly Check[]
}

/** The answer to a registration request. */
export type RegistrationDecision = ApprovedRegistration | RefusedRegistration
