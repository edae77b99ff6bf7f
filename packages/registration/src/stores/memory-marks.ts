import { TrustUnavailableError } from '@software-statement/core'
import type { ReplayMark } from '@software-statement/verifier'

/** The marks of statements in memory. */
export interface MemoryMarks {
  has(mark: ReplayMark, at: number): boolean
  /** Throws `TrustUnavailableError` where there is no room for a mark: none is forgotten before it expires. */
  makeRoom(mark: ReplayMark, at: number): void
  add(mark: ReplayMark): void
  /** Answers how many it forgot. */
  forgetExpired(at: number): number
}

const nameOf = ({ issuer, jti }: ReplayMark) => JSON.stringify([issuer, jti])

/** Makes room for `capacity` marks. */
export function createMemoryMarks(capacity: number): MemoryMarks {
  const marks = new Map<string, number>()
  let earliest = Number.POSITIVE_INFINITY

  const forgetExpired = (at: number) => {
    // Looked through only when there is something to forget: a memory that is full for long stays quick to say so.
    if (at < earliest) return 0
    const before = marks.size
    earliest = Number.POSITIVE_INFINITY
    for (const [name, expiresAt] of marks) {
      if (expiresAt <= at) marks.delete(name)
      else earliest = Math.min(earliest, expiresAt)
    }
    return before - marks.size
  }

  return {
    has: (mark, at) => (marks.get(nameOf(mark)) ?? Number.NEGATIVE_INFINITY) > at,
    makeRoom(mark, at) {
      if (marks.has(nameOf(mark)) || marks.size < capacity) return
      forgetExpired(at)
      if (marks.size < capacity) return
      throw new TrustUnavailableError('ERR_STORE_UNAVAILABLE', `more than ${capacity} statements to remember`)
    },
    add(mark) {
      const { expiresAt = Number.POSITIVE_INFINITY } = mark
      marks.set(nameOf(mark), expiresAt)
      earliest = Math.min(earliest, expiresAt)
    },
    forgetExpired,
  }
}
