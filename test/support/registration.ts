import {
  type ApprovedRegistration,
  type DecisionOptions,
  decideRegistration,
  type IssuerRules,
  type RegistrationDecision,
  type RegistrationInput,
  type RequestOptions,
  type TrustResolver,
  trustIssuers,
  type VerifiedStatement,
  type VerifyOptions,
  verifySoftwareStatement,
} from '@software-statement/verifier'
import { keys, publicHalf } from './keys.js'
import { audience, issuer, makeStatement, now } from './make-jws.js'

export const at = (seconds: number) => new Date(seconds * 1000)

/** Trust in the test publisher and its key. */
export function trustPublisher(rules: IssuerRules = {}): TrustResolver {
  return trustIssuers([{ issuer, jwks: { keys: [publicHalf(keys.ed25519)] }, ...rules }])
}

/** Verifies at the moment of the tests. */
export async function verify(
  statement: string,
  options: VerifyOptions & { trust?: TrustResolver } = {},
): Promise<VerifiedStatement> {
  const { trust = trustPublisher(), ...others } = options
  return verifySoftwareStatement(statement, trust, { audience, currentDate: at(now), ...others })
}

export type DecideOptions = DecisionOptions & RequestOptions & { readonly trust?: TrustResolver }

/** Decides at the moment of the tests. */
export async function decide(request: RegistrationInput, options: DecideOptions = {}): Promise<RegistrationDecision> {
  const { trust = trustPublisher(), ...others } = options
  return decideRegistration(request, trust, { audience, currentDate: at(now), ...others })
}

/** Decides on a request with a sound statement beside the given members. */
export async function decideWith(
  members: Readonly<Record<string, unknown>>,
  { claims, ...options }: DecideOptions & { readonly claims?: Readonly<Record<string, unknown>> } = {},
): Promise<RegistrationDecision> {
  const statement = makeStatement(claims === undefined ? {} : { claims })
  return decide(JSON.stringify({ software_statement: statement, ...members }), options)
}

/** The code of a refusal, or `approved`. */
export async function codeOf(decision: Promise<RegistrationDecision>): Promise<string> {
  const decided = await decision
  return decided.approved ? 'approved' : decided.code
}

/** An approval; anything else is an error that names the code. */
export async function approval(decision: Promise<RegistrationDecision>): Promise<ApprovedRegistration> {
  const decided = await decision
  if (!decided.approved) throw new Error(`refused with ${decided.code}: ${decided.cause.message}`)
  return decided
}
