import type { Certificate } from '../certificate/certificate.js'
import { DerFault } from '../der/der-fault.js'
import type { CertificatePathErrorCode } from '../errors/certificate-faults.js'
import { CertificatePathError } from '../errors/certificate-path-error.js'
import { allReasons, type ReasonMask } from '../extensions/reason-flags.js'
import type { CertificateList } from './certificate-list.js'
import { isSameList } from './delta.js'
import type { Target } from './list-issuer.js'
import type { RevokedCertificate } from './revoked-certificates.js'

/** A complete list that can be relied on, with a delta to it, and for which reasons it tells the status of a certificate. */
export interface ReliableList {
  readonly list: CertificateList
  readonly delta: CertificateList | undefined
  readonly reasons: ReasonMask
  /** Until when the path of its issuer counts, in seconds since 1970. */
  readonly until: number
}

/** Why a status is not determined, what is most worth knowing first: whether asking again may help. */
const shortcomings = ['ERR_CERTIFICATE_CRL_UNAVAILABLE', 'ERR_CERTIFICATE_CRL_STALE', 'ERR_CERTIFICATE_CRL_UNUSABLE'] as const

interface Shortcoming {
  readonly code: (typeof shortcomings)[number]
  readonly message: string
  readonly clause?: string
  readonly cause?: unknown
}

/** The state variables of RFC 5280 6.3.2 for one certificate, and what was wrong with lists that could have told its status. */
export class StatusSearch {
  readonly target: Target
  readonly #shortcomings: Shortcoming[] = []
  readonly #used = new Set<CertificateList>()
  #covered: ReasonMask = 0
  #until = Number.POSITIVE_INFINITY

  constructor(target: Target) {
    this.target = target
  }

  /** Whether the status is known for every reason. */
  get isDetermined(): boolean {
    return this.#covered === allReasons
  }

  /**
   * Whether a list for these reasons tells something that is not known yet (RFC 5280 6.3.3 (e)), or may contradict one that says it is the
   * same list: then being on either counts, in whatever order they come.
   */
  needs(reasons: ReasonMask, list: CertificateList): boolean {
    if (reasons === 0) return false
    if ((reasons & ~this.#covered) !== 0) return true
    return !this.#used.has(list) && [...this.#used].some((used) => isSameList(used, list))
  }

  noteUnavailable(cause: unknown): undefined {
    this.#shortcomings.push({ code: 'ERR_CERTIFICATE_CRL_UNAVAILABLE', message: 'its list could not be fetched', cause })
  }

  noteStale(message: string, clause = '5.1.2.5'): undefined {
    this.#shortcomings.push({ code: 'ERR_CERTIFICATE_CRL_STALE', message, clause })
  }

  noteUnusable(what: string, details: { readonly cause?: unknown } = {}): undefined {
    const message = `its list cannot be relied on: ${what}`
    this.#shortcomings.push({ code: 'ERR_CERTIFICATE_CRL_UNUSABLE', message, ...details })
  }

  /** Notes what is wrong with a list or its issuer. Throws what is wrong with something else. */
  noteFault(error: unknown): void {
    if (!isFaultOfList(error)) throw error
    this.noteUnusable(error.message, { cause: error })
  }

  /**
   * Looks the certificate up in a list (RFC 5280 6.3.3 (i) to (l)).
   *
   * Throws `CertificatePathError` if it is revoked.
   */
  lookUp(reliable: ReliableList): void {
    const { list, delta, reasons, until } = reliable
    const entries = this.#entriesOf(reliable)
    if (entries === undefined) return
    const revoked = entries.find(({ reason }) => reason !== 'removeFromCRL')
    if (revoked !== undefined) throw describeRevocation(this.target.certificate, revoked)
    this.#used.add(list)
    this.#covered |= reasons
    // A delta that is current makes the list current it is combined with (RFC 5280 5.2.4).
    const ends = [list, delta].map((one) => one?.nextUpdate ?? Number.POSITIVE_INFINITY)
    this.#until = Math.min(this.#until, until, ...(delta === undefined ? ends : ends.slice(1)))
  }

  /** The entries of the certificate: those of the delta if it has any. */
  #entriesOf({ list, delta }: ReliableList): readonly RevokedCertificate[] | undefined {
    const { certificate } = this.target
    try {
      const changes = delta?.revoked.find(certificate) ?? []
      return changes.length > 0 ? changes : list.revoked.find(certificate)
    } catch (error) {
      this.noteFault(error)
      return undefined
    }
  }

  /** Until when the status counts that was found. Throws `CertificatePathError` if it is not determined. */
  finish(): number {
    if (this.isDetermined) return this.#until
    const worst = shortcomings.flatMap((code) => this.#shortcomings.filter((shortcoming) => shortcoming.code === code))[0]
    const code: CertificatePathErrorCode = worst?.code ?? 'ERR_CERTIFICATE_CRL_MISSING'
    const message = worst?.message ?? 'no list of revoked certificates tells whether it is revoked'
    throw new CertificatePathError(code, message, { ...worst, certificate: this.target.certificate.reference })
  }
}

/** Whether an error tells what is wrong with a list, its entries or its issuer: the end of the budget is no fault of theirs. */
export function isFaultOfList(error: unknown): error is DerFault | CertificatePathError {
  return error instanceof DerFault || (error instanceof CertificatePathError && error.code !== 'ERR_CERTIFICATE_LIMIT')
}

function describeRevocation({ reference }: Certificate, { revokedAt, reason }: RevokedCertificate): CertificatePathError {
  const message = `it is revoked since ${new Date(revokedAt * 1000).toISOString()}: ${reason}`
  return new CertificatePathError('ERR_CERTIFICATE_REVOKED', message, { certificate: reference })
}
