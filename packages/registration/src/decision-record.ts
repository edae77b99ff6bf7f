import type { Check, ErrorCode, StatementError } from '@software-statement/core'
import type { Operation } from './http/routes.js'
import type { RegistrationMode } from './registration-mode.js'

/** What became of one request: for logs and metrics. It holds no secret, no token and no statement. */
export interface DecisionRecord {
  /** Absent where there is nothing at the path, or nothing for the method. */
  readonly operation?: Operation
  readonly outcome: 'done' | 'refused' | 'failed'
  /** HTTP status of the answer. */
  readonly status: number
  readonly mode: RegistrationMode
  /** Milliseconds from the request to the answer. */
  readonly latency: number
  /** Of a refusal: which. Absent for a fault of the server itself, which `onError` is told. */
  readonly code?: ErrorCode
  /** Of a refusal: all that is known. Its message is for operators. */
  readonly fault?: StatementError
  /** Where the request came from, as far as that is known. */
  readonly address?: string
  /** Of a client that is registered, or has shown its token. */
  readonly client_id?: string
  /** The issuer of the statement, once its signature is verified. */
  readonly issuer?: string
  /** SHA-256 of the statement that was sent or is in force, base64url. */
  readonly statementDigest?: string
  /** Of an update: whether the statement that counts is the one that the client is registered with, since the request has none. */
  readonly storedStatement?: boolean
  /** What kind of client it is (RFC 6749 2.1), and whether the server must demand PKCE of it (RFC 9700 2.1.1). */
  readonly clientType?: 'confidential' | 'public'
  readonly clientProfile?: 'web' | 'user-agent-based' | 'native'
  readonly require_pkce?: boolean
  /** What was checked of the statement and the metadata. */
  readonly checks?: readonly Check[]
}

type Found = Omit<DecisionRecord, 'outcome' | 'status' | 'mode' | 'latency' | 'code' | 'fault'>

/** What is found out while a request is answered. */
export type Findings = { -readonly [Name in keyof Found]: Found[Name] }
