import type { Certificate } from '../certificate/certificate.js'
import { CertificatePathError } from '../errors/certificate-path-error.js'

/** What was wrong with the paths that were tried, as far as the best one of them. */
export class Attempts {
  #best: { readonly rank: readonly number[]; readonly error: CertificatePathError } | undefined

  /** What is wrong with the path that came furthest. */
  get error(): CertificatePathError {
    return this.#best?.error ?? new CertificatePathError('ERR_CERTIFICATE_ISSUER_NOT_FOUND', 'there is no path')
  }

  /** Runs a step of a path, and writes its fault down if it has one; the end of the budget is no fault of a path. */
  async survive<Value>(
    path: readonly Certificate[],
    step: 'signature' | 'judgement',
    run: () => Promise<Value>,
  ): Promise<{ readonly value: Value } | undefined> {
    try {
      return { value: await run() }
    } catch (error) {
      if (!(error instanceof CertificatePathError) || error.code === 'ERR_CERTIFICATE_LIMIT') throw error
      // A path up to an anchor is judged from there on: the nearer to the leaf a fault is, the more is right.
      const distance = path.findIndex(({ reference }) => reference === error.certificate)
      this.#note(error, step === 'judgement' ? [1, -distance] : [0, path.length - 1, 1])
      return undefined
    }
  }

  /** Writes down that a path ended without an anchor. */
  end(path: readonly Certificate[]): void {
    const last = path.at(-1)
    const message = 'nothing that is given leads from it to a trust anchor'
    const error = new CertificatePathError('ERR_CERTIFICATE_ISSUER_NOT_FOUND', message, { certificate: last?.reference })
    this.#note(error, [0, path.length, 0])
  }

  #note(error: CertificatePathError, rank: readonly number[]): void {
    const best = this.#best?.rank ?? []
    const difference = rank.map((value, at) => value - (best[at] ?? Number.NEGATIVE_INFINITY)).find((value) => value !== 0) ?? 0
    if (difference > 0) this.#best = { rank, error }
  }
}
