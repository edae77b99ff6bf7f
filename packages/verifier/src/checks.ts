import { type Check, type ErrorCode, StatementError } from '@software-statement/core'

/** The checks of a statement in their order, each with the clause it obeys. */
const statementClauses = {
  form: 'RFC 7515 3.1, 4.1',
  kind: 'RFC 8725 3.11',
  issuer: 'RFC 7591 2.3',
  algorithm: 'RFC 8725 3.1',
  typ: 'RFC 7515 4.1.9',
  x5c: 'RFC 7515 4.1.6',
  signature: 'RFC 7515 5.2',
  claims: 'RFC 7519 4.1',
  time: 'RFC 7519 4.1.4, 4.1.5, 4.1.6',
  audience: 'RFC 7519 4.1.3',
  'vouched-metadata': 'RFC 7591 2, 2.3',
  'forbidden-claims': 'RFC 7591 3.2.1, RFC 8725 2.8',
  'required-claims': 'RFC 7519 4',
  'may-assert': 'RFC 7591 5',
  status: 'RFC 7591 5',
} as const

/** The checks of a registration request: those of its statement are between the first and the others. */
const clauses = {
  json: 'RFC 7591 3.1, RFC 8259 4',
  ...statementClauses,
  'request-metadata': 'RFC 7591 2',
  'unknown-members': 'RFC 7591 2',
  merge: 'RFC 7591 3.1.1',
  'metadata-policy': 'OpenID Federation 1.0 6.1',
  metadata: 'RFC 7591 2, 5',
  replay: 'RFC 7519 4.1.7',
} as const

type CheckName = keyof typeof clauses

interface Outcome {
  readonly outcome: Check['outcome']
  readonly code?: ErrorCode
}

/** Writes down what becomes of each check while a pipeline runs. A failing check throws, and is written down first. */
export class Checklist {
  readonly #clauses: Readonly<Record<string, string>>
  readonly #outcomes = new Map<string, Outcome>()

  constructor(scope: 'statement' | 'registration') {
    this.#clauses = scope === 'statement' ? statementClauses : clauses
  }

  run<Result>(check: CheckName, rule: () => Result): Result {
    try {
      const result = rule()
      this.#outcomes.set(check, { outcome: 'pass' })
      return result
    } catch (error) {
      throw this.#fail(check, error)
    }
  }

  async wait<Result>(check: CheckName, rule: () => Promise<Result>): Promise<Result> {
    try {
      const result = await rule()
      this.#outcomes.set(check, { outcome: 'pass' })
      return result
    } catch (error) {
      throw this.#fail(check, error)
    }
  }

  /** Runs a check that has not run yet, for the record only: a failure is written down and goes no further. */
  async attempt<Result>(check: CheckName, rule: () => Result | Promise<Result>): Promise<Result | undefined> {
    if (this.#outcomes.has(check)) return undefined
    try {
      return await this.wait(check, async () => rule())
    } catch (error) {
      if (error instanceof StatementError) return undefined
      throw error
    }
  }

  hasPassed(check: CheckName): boolean {
    return this.#outcomes.get(check)?.outcome === 'pass'
  }

  skip(check: CheckName): void {
    this.#outcomes.set(check, { outcome: 'skip' })
  }

  /** Every check in the order of the pipeline; those that did not run are skipped. */
  list(): readonly Check[] {
    return Object.entries(this.#clauses).map(([check, clause]) => {
      const { outcome, code }: Outcome = this.#outcomes.get(check) ?? { outcome: 'skip' }
      return code === undefined ? { check, outcome, clause } : { check, outcome, clause, code }
    })
  }

  #fail(check: CheckName, error: unknown): unknown {
    if (error instanceof StatementError) this.#outcomes.set(check, { outcome: 'fail', code: error.code })
    return error
  }
}
