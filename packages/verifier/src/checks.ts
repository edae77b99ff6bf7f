import { type Check, StatementError } from '@software-statement/core'

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

type Checks<Name extends CheckName> = { readonly [_ in Name]: Check }

/** What most checks come to, made once: a decision lists about twenty of them. */
const passed = all('pass', clauses)
const skipped = { statement: all('skip', statementClauses), registration: all('skip', clauses) }

function all<Name extends CheckName>(outcome: 'pass' | 'skip', clauses: { readonly [_ in Name]: string }): Checks<Name> {
  const entries = Object.entries<string>(clauses)
  const checks = entries.map(([check, clause]) => [check, Object.freeze({ check, outcome, clause })] as const)
  return Object.fromEntries(checks) as Checks<Name> // one for each of the names
}

/** Writes down what becomes of each check while a pipeline runs. A failing check throws, and is written down first. */
export class Checklist {
  /** What has become of each check, in the order of the pipeline. */
  readonly #checks: { [Name in CheckName]?: Check }

  constructor(scope: 'statement' | 'registration') {
    this.#checks = { ...skipped[scope] }
  }

  run<Result>(check: CheckName, rule: () => Result): Result {
    try {
      const result = rule()
      this.#checks[check] = passed[check]
      return result
    } catch (error) {
      throw this.#fail(check, error)
    }
  }

  async wait<Result>(check: CheckName, rule: () => Promise<Result>): Promise<Result> {
    try {
      const result = await rule()
      this.#checks[check] = passed[check]
      return result
    } catch (error) {
      throw this.#fail(check, error)
    }
  }

  /** Runs a check that has not run yet, for the record only: a failure is written down and goes no further. */
  async attempt<Result>(check: CheckName, rule: () => Result | Promise<Result>): Promise<Result | undefined> {
    if (this.#checks[check]?.outcome !== 'skip') return undefined
    try {
      return await this.wait(check, async () => rule())
    } catch (error) {
      if (error instanceof StatementError) return undefined
      throw error
    }
  }

  hasPassed(check: CheckName): boolean {
    return this.#checks[check] === passed[check]
  }

  hasFailed(check: CheckName): boolean {
    return this.#checks[check]?.outcome === 'fail'
  }

  /** Takes back that a check has passed. */
  skip(check: CheckName): void {
    this.#checks[check] = skipped.registration[check]
  }

  /** Every check in the order of the pipeline; those that did not run are skipped. */
  list(): readonly Check[] {
    return Object.values(this.#checks)
  }

  #fail(check: CheckName, error: unknown): unknown {
    if (error instanceof StatementError) {
      // Who signs may follow from the certificates: what is wrong with them is told in their place.
      const place = check === 'issuer' && error.member === 'x5c' ? 'x5c' : check
      this.#checks[place] = { check: place, outcome: 'fail', clause: error.clause ?? clauses[place], code: error.code }
    }
    return error
  }
}
