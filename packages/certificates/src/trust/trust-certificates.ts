import { InvalidStatementError, type JwkSet, toAscii } from '@software-statement/core'
import type { TrustedIssuer, TrustResolver } from '@software-statement/verifier'
import { LRUCache } from 'lru-cache'
import type { Certificate } from '../certificate/certificate.js'
import type { CertificatePath } from '../certificate-path.js'
import { DerFault } from '../der/der-fault.js'
import { RevocationMemory } from '../revocation/revocation-memory.js'
import { isCertificateOf } from './issuer-names.js'
import { readLeafKey } from './leaf-key.js'
import { makePathFinder } from './path-finder.js'
import { readChain } from './read-chain.js'
import { type CertificateTrustOptions, parseTrustOptions } from './trust-options.js'

/** Chains whose paths are remembered; each is shorter than a statement. */
const mostPaths = 500

/** A chain whose path has been validated. Times are seconds since 1970. */
interface KnownChain {
  readonly x5c: readonly string[]
  readonly path: CertificatePath
  readonly from: number
  readonly until: number
  /** What had been heard of revoked certificates by then. */
  readonly revocations: number
  /** What has been answered, by `iss`: the same answer again lets what is known of a statement count. */
  readonly answers: Map<string, TrustedIssuer>
}

/**
 * Makes a trust resolver for statements that carry a certificate chain, leaf first (`x5c`, RFC 7515 4.1.6): whoever has a valid path from
 * one of the anchors may sign, as the issuer its certificate names (UDAP, eIDAS seals). The key of the leaf verifies the statement, and is
 * for digital signatures. Statements without `x5c` are left to other resolvers.
 *
 * Throws `TypeError` for malformed options, certificates and lists. The resolver rejects with `InvalidStatementError` for certificates that
 * cannot be read, are not those of the `iss` or have an unusable key, `UnapprovedStatementError` for a path that is not valid, with a
 * certificate that is revoked or has no list, and `TrustUnavailableError` where the status of a certificate cannot be found out; the
 * `CertificatePathError` is their `cause`.
 *
 * @example
 * ```ts
 * const trust = trustCertificates({ anchors: [anchorCertificate], issuerFrom: 'san-uri', maxLifetime: '5 minutes' })
 * const decide = createDecider(trust, { audience: 'https://as.example' })
 * ```
 */
export function trustCertificates(options: CertificateTrustOptions): TrustResolver {
  const parsed = parseTrustOptions(options)
  const { now = () => new Date() } = options
  const { rules, issuerFrom, maxAge } = parsed
  const memory = new RevocationMemory()
  const findPath = makePathFinder(parsed, () => now().getTime() / 1000, memory)
  const known = new LRUCache<string, KnownChain>({ max: mostPaths })

  const resolve: TrustResolver = async ({ header: { x5c }, claims: { iss } }, query) => {
    if (x5c === undefined || typeof iss !== 'string') return undefined
    const at = toSeconds(query?.currentDate ?? now())
    const acceptedAt = query?.acceptedAt && toSeconds(query.acceptedAt)
    const name = nameOf(x5c)
    // What is known of a chain holds for statements of now.
    const remembered = acceptedAt === undefined ? known.get(name) : undefined
    const revocations = memory.changes
    const counts = remembered?.revocations === revocations && remembered.from <= at && at <= remembered.until
    const current = counts && isSameChain(remembered.x5c, x5c) ? remembered : undefined
    const answer = current?.answers.get(iss)
    if (answer !== undefined) return answer

    const [leaf, ...others] = readChain(x5c)
    if (!isCertificateOf(iss, leaf, issuerFrom)) throw mismatch(iss)
    const jwks = readKey(leaf)
    const path = current?.path ?? (await findPath(leaf, others, { at: acceptedAt ?? at, revocationAt: at }))
    const until = Math.min(at + maxAge, path.validUntil.getTime() / 1000)
    const chain: KnownChain = current ?? { x5c, path, from: at, until, revocations, answers: new Map() }
    const trusted: TrustedIssuer = { ...rules, issuer: iss, jwks, x5c: 'ignore', certificatePath: path.certificates }
    chain.answers.set(iss, trusted)
    if (acceptedAt === undefined) known.set(name, chain)
    return trusted
  }
  return Object.assign(resolve, { limitsReplay: rules.replay !== undefined && rules.replay !== 'reusable' })
}

const toSeconds = (date: Date) => Math.floor(date.getTime() / 1000)

/** A short text that hardly two chains have in common: the end of the leaf, where its signature is. */
const nameOf = ([leaf = '']: readonly string[]) => leaf.slice(-64)

/** Whether two chains are the same, text by text: a digest of each would take longer, and could not tell more. */
function isSameChain(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((certificate, index) => certificate === other[index])
}

function readKey({ publicKey }: Certificate): JwkSet {
  try {
    return readLeafKey(publicKey)
  } catch (cause) {
    if (!(cause instanceof DerFault)) throw cause
    const message = `the key of the certificate must not be used: ${cause.message}`
    throw new InvalidStatementError('ERR_KEY_UNSUITABLE', message, { member: 'x5c', cause })
  }
}

function mismatch(issuer: string): InvalidStatementError {
  const message = `the certificate is not one of "${toAscii(issuer)}": names are compared exactly`
  return new InvalidStatementError('ERR_X5C_ISSUER_MISMATCH', message, { member: 'iss' })
}
