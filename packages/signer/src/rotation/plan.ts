import type { Duration, Jwk, JwkSet, Limits } from '@software-statement/core'
import type { KeyInput } from '../keys/read-key.js'

/** What a key is for: it signs, it will, or it did. */
export type KeyRole = 'current' | 'next' | 'retired'

/** The keys of an issuer by their role. Public ones will do: nothing is signed. */
export interface RotatingKeys {
  readonly current: readonly KeyInput[]
  readonly next?: readonly KeyInput[]
  readonly retired?: readonly KeyInput[]
}

export interface PlanKeysOptions {
  /** How long servers may keep a key set before they ask again; default: 1 day. */
  readonly cacheLifetime?: Duration
  /** How far the clocks of servers may be behind; default: 60 seconds. */
  readonly clockTolerance?: Duration
  /** The time of the plan; default: now. Read once. */
  readonly currentDate?: Date
  /** Opens encrypted PEM keys. */
  readonly passphrase?: string
  readonly limits?: Partial<Limits>
}

/** What is known of one key and its statements. */
export interface PlannedKey {
  readonly role: KeyRole
  readonly kid: string
  /** RFC 7638, SHA-256. */
  readonly thumbprint: string
  readonly publicJwk: Jwk
  /** Its statements, and how many of them are still valid. */
  readonly statements: number
  readonly valid: number
  /** Whether it belongs into the key set now. */
  readonly publish: boolean
  /** When the last of its statements so far is valid nowhere any more; `forever` if one has no end; absent if it has none. */
  readonly neededUntil?: Date | 'forever'
  /** When a next key may sign, if it is published at the time of the plan. */
  readonly signsFrom?: Date
}

/** Something to do, and when. */
export interface KeyStep {
  readonly at: Date
  readonly action: 'publish' | 'sign' | 'withdraw'
  readonly role: KeyRole
  readonly kid: string
}

/** A statement, or the statements of a key, that the plan cannot help or that stand in its way. */
export interface KeyProblem {
  /** An error is a statement that servers refuse with these keys. */
  readonly severity: 'error' | 'warning'
  readonly problem: 'unreadable' | 'unknown-key' | 'other-kid' | 'never-expires' | 'signed-early'
  /** Which statement, from 0. */
  readonly statement: number
  /** The `kid` of the key that is concerned; for an unknown key what the statement says, if it says something. */
  readonly kid?: string
  readonly message: string
}

/** What to publish and when. */
export interface KeyPlan {
  readonly at: Date
  /** What belongs into the key set at that time. */
  readonly jwks: JwkSet
  readonly keys: readonly PlannedKey[]
  /** In the order of time. */
  readonly steps: readonly KeyStep[]
  readonly problems: readonly KeyProblem[]
}
