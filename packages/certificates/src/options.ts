import { isPlainObject } from '@software-statement/core'
import type { Encoded } from './certificate/read-bytes.js'
import { checkOptions, type OptionRule } from './check-options.js'
import type { KeyUsage } from './extensions/extensions.js'
import { anyPolicy, keyPurposes } from './extensions/identifiers.js'
import { keyUsages } from './extensions/key-usage.js'
import type { PathSettings } from './path/path-settings.js'
import type { Profile } from './profile/profile.js'
import type { RevocationDemand } from './revocation/revocation-check.js'

/** The inputs on certificate policies (RFC 5280 6.1.1 (c), (e), (f), (g)). */
export interface PolicyInputs {
  /** Object identifiers of the policies that are acceptable to the caller: `['2.5.29.32.0']`, any, by default. */
  readonly userInitialPolicySet?: readonly string[]
  /** Whether the path has to be valid for one of them: `false` by default. */
  readonly initialExplicitPolicy?: boolean
  /** Whether policy mappings are without effect: `false` by default. */
  readonly initialPolicyMappingInhibit?: boolean
  /** Whether anyPolicy in certificates is without effect: `false` by default. */
  readonly initialAnyPolicyInhibit?: boolean
}

/** What a certificate path is built of, and what it is held to. */
export interface CertificatePathOptions {
  /** Certificates that may stand between leaf and anchor, in any order: from whomever, and not trusted. None by default. */
  readonly intermediates?: readonly Encoded[]
  /** Certificates of the authorities that are trusted. */
  readonly anchors: readonly Encoded[]
  /** The time to validate at, read in whole seconds. */
  readonly at: Date
  /**
   * What the key of the leaf is for, by the names of RFC 5280 4.2.1.12 or as object identifiers: all of them, unless its certificate and
   * those of its issuers name no purposes.
   */
  readonly extendedKeyUsage?: readonly string[]
  /** How the key of the leaf is used, by the names of RFC 5280 4.2.1.3: all of them, unless its certificate names no usages. */
  readonly keyUsage?: readonly (KeyUsage | 'contentCommitment')[]
  /** How many intermediates there may be, self-issued ones not counted. As many as there are by default. */
  readonly maxPathLength?: number
  /** `strict`, the default, holds certificates to RFC 5280 section 4 as well; `compatible` leaves that out. */
  readonly profile?: Profile
  readonly policies?: PolicyInputs
  /** Lists of revoked certificates, of all issuers that have certificates in a path. */
  readonly crls?: readonly Encoded[]
  /**
   * Whether certificates are looked up in lists of revoked certificates (RFC 5280 6.3): `require`, every one below the anchor; `check`, the
   * default where `crls` are given, the same but for end entities whose issuer says that nobody tells their status (`noRevAvail`,
   * RFC 9608); `off`, the default else. What is not known to be good is refused in either case.
   */
  readonly revocation?: Revocation
}

/** Whether certificates are looked up in lists of revoked certificates. */
export type Revocation = RevocationDemand | 'off'

/** The options with everything in its place. */
export interface ResolvedOptions {
  readonly anchors: readonly unknown[]
  readonly intermediates: readonly unknown[]
  readonly crls: readonly unknown[]
  readonly revocation: Revocation
  readonly settings: PathSettings
}

const identifier = /^[0-2](?:\.(?:0|[1-9]\d*))+$/
const isIdentifier = (value: unknown) => typeof value === 'string' && identifier.test(value)
const isBoolean = (value: unknown) => typeof value === 'boolean'
const usageNames: readonly unknown[] = [...keyUsages, 'contentCommitment']

/** What each of them has to be. */
export const pathRules: Readonly<Record<keyof CertificatePathOptions, OptionRule>> = {
  intermediates: { form: 'an array of certificates', holds: Array.isArray },
  anchors: {
    form: 'an array of at least one certificate',
    holds: (value) => Array.isArray(value) && value.length > 0,
    isRequired: true,
  },
  at: {
    form: 'a valid Date',
    holds: (value) => value instanceof Date && !Number.isNaN(value.getTime()),
    isRequired: true,
  },
  extendedKeyUsage: {
    form: `an array of ${[...keyPurposes.keys()].join(', ')} or object identifiers`,
    holds: (value) => Array.isArray(value) && value.every((name) => keyPurposes.has(name) || isIdentifier(name)),
  },
  keyUsage: {
    form: `an array of ${usageNames.join(', ')}`,
    holds: (value) => Array.isArray(value) && value.every((name) => usageNames.includes(name)),
  },
  maxPathLength: { form: 'a whole number, 0 or more', holds: (value) => Number.isSafeInteger(value) && Number(value) >= 0 },
  profile: { form: '"strict" or "compatible"', holds: (value) => value === 'strict' || value === 'compatible' },
  policies: { form: 'an object', holds: isPlainObject },
  crls: { form: 'an array of lists of revoked certificates', holds: Array.isArray },
  revocation: {
    form: '"require", "check" or "off"',
    holds: (value) => value === 'require' || value === 'check' || value === 'off',
  },
}

const policyRules: Readonly<Record<keyof PolicyInputs, OptionRule>> = {
  userInitialPolicySet: {
    form: 'an array of at least one object identifier',
    holds: (value) => Array.isArray(value) && value.length > 0 && value.every(isIdentifier),
  },
  initialExplicitPolicy: { form: 'true or false', holds: isBoolean },
  initialPolicyMappingInhibit: { form: 'true or false', holds: isBoolean },
  initialAnyPolicyInhibit: { form: 'true or false', holds: isBoolean },
}

/** Holds options to their forms and fills in the defaults. Throws `TypeError` that names the option. */
export function resolveOptions(options: CertificatePathOptions): ResolvedOptions {
  checkOptions(options, pathRules)
  const {
    anchors,
    intermediates = [],
    at: date,
    keyUsage = [],
    extendedKeyUsage = [],
    policies = {},
    crls = [],
    ...others
  } = options
  checkOptions(policies, policyRules, { prefix: 'policies.' })
  const at = Math.floor(date.getTime() / 1000)
  return {
    anchors,
    intermediates,
    crls,
    revocation: others.revocation ?? (options.crls === undefined ? 'off' : 'check'),
    settings: {
      at,
      revocationAt: at,
      keyUsage: keyUsage.map((name) => (name === 'contentCommitment' ? 'nonRepudiation' : name)),
      extendedKeyUsage: extendedKeyUsage.map((name) => keyPurposes.get(name) ?? name),
      maxPathLength: others.maxPathLength ?? Number.POSITIVE_INFINITY,
      profile: others.profile ?? 'strict',
      userInitialPolicySet: new Set(policies.userInitialPolicySet ?? [anyPolicy]),
      initialExplicitPolicy: policies.initialExplicitPolicy ?? false,
      initialPolicyMappingInhibit: policies.initialPolicyMappingInhibit ?? false,
      initialAnyPolicyInhibit: policies.initialAnyPolicyInhibit ?? false,
    },
  }
}
