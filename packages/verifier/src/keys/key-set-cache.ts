import { TrustUnavailableError } from '@software-statement/core'
import type { KeySet } from './key-set.js'
import type { VerificationKey } from './verification-key.js'

/** How long a key set is used, and how often it is asked for. In seconds. */
export interface CacheTimes {
  readonly minAge: number
  readonly maxAge: number
  readonly defaultAge: number
  readonly cooldown: number
  readonly staleIfError: number
}

/** A key set as it was obtained, and for how many seconds its server says it may be used. */
export interface ObtainedKeySet {
  readonly keys: KeySet
  readonly lifetime: number | undefined
}

/** A set in use; moments in seconds. */
interface HeldKeySet {
  readonly keys: readonly VerificationKey[]
  /** The number of the request that it came with. */
  readonly request: number
  readonly obtained: number
  readonly freshUntil: number
}

/** A request that has failed. */
interface Fault {
  readonly cause: unknown
  readonly at: number
  readonly request: number
}

/** Requests for keys that are not held within one cool-down: the second is for those that came while the first was under way. */
const lookupsPerCooldown = 2

/**
 * Keeps the keys of one issuer. There is never more than one request at a time; everybody who waits waits for that one. A
 * request that fails takes nothing away: what was there before is used for `staleIfError` more seconds. One that could not be made,
 * for which `obtain` throws `TrustUnavailableError`, says nothing of the server: it starts no cool-down.
 *
 * Whether a key exists is answered by a set that was asked for after the question came. Where the cool-down forbids to ask
 * again, the answer is neither yes nor no, but for a `kid` that is held: the set that has it is the answer then.
 */
export class KeySetCache {
  readonly #obtain: () => Promise<ObtainedKeySet>
  readonly #times: CacheTimes
  readonly #now: () => number
  #held: HeldKeySet | undefined
  #pending: Promise<void> | undefined
  #requests = 0
  #fault: Fault | undefined
  /** When keys were looked for that are not held, of late. */
  #lookups: readonly number[] = []

  constructor(obtain: () => Promise<ObtainedKeySet>, times: CacheTimes, now: () => number) {
    this.#obtain = obtain
    this.#times = times
    this.#now = now
  }

  /** The keys for a statement with this `kid`. Throws `TrustUnavailableError`. */
  async find(kid: string | undefined): Promise<readonly VerificationKey[]> {
    const { keys } = await this.#find(this.#requests, ({ keys }) => mayVerify(keys, kid))
    return keys
  }

  /**
   * The keys for a statement with this `kid`; then, for one that they do not verify, those of a set that was asked for after the
   * question came, if it has others. Throws `TrustUnavailableError`.
   */
  async *attempts(kid: string | undefined): AsyncGenerator<readonly VerificationKey[], void> {
    const requestsBefore = this.#requests
    const first = await this.#find(requestsBefore, ({ keys }) => mayVerify(keys, kid))
    yield first.keys
    if (first.request > requestsBefore) return
    const isNamed = kid !== undefined && first.keys.some((key) => key.kid === kid)
    const later = await this.#findLater(requestsBefore, isNamed)
    if (later !== undefined && !isSame(first.keys, later.keys)) yield later.keys
  }

  /** A set that was asked for after the question came; where none can be had, nothing if that settles the question. */
  async #findLater(requestsBefore: number, isSettled: boolean): Promise<HeldKeySet | undefined> {
    try {
      return await this.#find(requestsBefore, () => false)
    } catch (error) {
      if (isSettled && error instanceof TrustUnavailableError) return undefined
      throw error
    }
  }

  /** A set that was asked for after the question came, or the held one if it will do. */
  async #find(requestsBefore: number, willDo: (held: HeldKeySet) => boolean): Promise<HeldKeySet> {
    for (;;) {
      const held = this.#held
      if (held !== undefined && held.request > requestsBefore) return held
      const suffices = held !== undefined && willDo(held)
      if (suffices && this.#isFresh(held)) return held
      const fault = this.#fault
      if (fault !== undefined && (fault.request > requestsBefore || (!isUnmade(fault) && this.#isRecent(fault.at)))) {
        if (suffices && this.#isBearable(held)) return held
        if (isUnmade(fault)) throw fault.cause
        throw this.#unavailable('the key set of the issuer cannot be obtained', fault.at, { cause: fault.cause })
      }
      if (this.#pending === undefined) this.#begin(held !== undefined && this.#isFresh(held))
      await this.#pending
    }
  }

  #isFresh({ obtained, freshUntil }: HeldKeySet): boolean {
    const now = this.#now()
    // A clock that was set back says nothing about how old a set is.
    return obtained <= now && now < freshUntil
  }

  #isBearable({ obtained, freshUntil }: HeldKeySet): boolean {
    const now = this.#now()
    const { staleIfError } = this.#times
    // A clock that was set back is trusted as far as an outage is borne.
    return obtained - staleIfError < now && now < freshUntil + staleIfError
  }

  #isRecent(moment: number): boolean {
    return Math.abs(this.#now() - moment) < this.#times.cooldown
  }

  /** Begins a request. A set that is fresh is asked for again for keys it does not have, as often as the cool-down allows. */
  #begin(isLookup: boolean): void {
    const recent = this.#lookups.filter((moment) => this.#isRecent(moment))
    const [oldest] = recent
    if (isLookup && oldest !== undefined && recent.length >= lookupsPerCooldown)
      throw this.#unavailable('the key is not known yet', oldest)
    if (isLookup) this.#lookups = [...recent, this.#now()]
    this.#pending = this.#request(++this.#requests, recent).finally(() => {
      this.#pending = undefined
    })
  }

  /** @param lookups what counts as looked up if the request cannot be made */
  async #request(request: number, lookups: readonly number[]): Promise<void> {
    try {
      const { keys, lifetime } = await this.#obtain()
      const { minAge, maxAge, defaultAge } = this.#times
      const obtained = this.#now()
      const freshUntil = obtained + Math.min(Math.max(lifetime ?? defaultAge, minAge), maxAge)
      this.#held = { keys: [...keys.values()], request, obtained, freshUntil }
      this.#fault = undefined
    } catch (cause) {
      this.#fault = { cause, at: this.#now(), request }
      if (isUnmade(this.#fault)) this.#lookups = lookups
    }
  }

  #unavailable(message: string, since: number, details: { readonly cause?: unknown } = {}): TrustUnavailableError {
    const retryAfter = Math.max(1, Math.ceil(since + this.#times.cooldown - this.#now()))
    return new TrustUnavailableError('ERR_KEYS_UNAVAILABLE', message, { ...details, retryAfter })
  }
}

/** Whether a request was never made: nobody has been asked, so that nobody is left alone for it. */
function isUnmade({ cause }: Fault): boolean {
  return cause instanceof TrustUnavailableError
}

/** Whether a set is worth a try: it names the `kid`, or has a key without one, which is tried for any. */
function mayVerify(keys: readonly VerificationKey[], kid: string | undefined): boolean {
  return kid === undefined || keys.some((key) => key.kid === kid || key.kid === undefined)
}

/** Whether two sets have the same keys: those that stay are the same objects. */
function isSame(one: readonly VerificationKey[], other: readonly VerificationKey[]): boolean {
  return one.length === other.length && one.every((key) => other.includes(key))
}
