import { type ParsedStatement, parseJws, parseStatement, resolveLimits } from '@software-statement/core'
import { describe, expect, test } from 'vitest'
import { Checklist } from '../../packages/verifier/src/checks.js'
import { resolveMetadata } from '../../packages/verifier/src/registration/resolve-metadata.js'
import { replayMarkOf } from '../../packages/verifier/src/replay/replay-mark.js'
import { parseDemands } from '../../packages/verifier/src/rules.js'
import {
  type ApprovedStatement,
  checkApproval,
  checkClaims,
  checkSignature,
  type Examination,
  findIssuer,
  parseForm,
  type SignedStatement,
  type SoundStatement,
  type TrustedStatement,
} from '../../packages/verifier/src/stages.js'
import { audience, makeStatement, now } from '../support/make-jws.js'
import { trustPublisher } from '../support/registration.js'

const examination: Examination = {
  demands: parseDemands({ audience }),
  now,
  checks: new Checklist('statement'),
}
const parsed = parseStatement(makeStatement())

describe('every stage takes what the stage before it made', () => {
  test('one after the other they lead to an approved statement', async () => {
    const form: ParsedStatement = parseForm(makeStatement(), undefined, examination)
    const trusted: TrustedStatement = await findIssuer(form, undefined, trustPublisher(), examination)
    const signed: SignedStatement = await checkSignature(trusted, examination)
    const sound: SoundStatement = checkClaims(signed, examination)
    const approved: ApprovedStatement = await checkApproval(sound, examination)
    expect(approved.statement.compact).toBe(form.compact)
  })
})

/** Never called: the compiler holds that each line that must not compile does not. */
async function skipStages(trusted: TrustedStatement, signed: SignedStatement, sound: SoundStatement): Promise<void> {
  // @ts-expect-error a parsed statement is made by parseStatement only
  const forged: ParsedStatement = { ...parseJws(''), claims: {} }
  // @ts-expect-error a parsed JWS is no parsed statement
  await findIssuer(parseJws(''), undefined, trustPublisher(), examination)
  // @ts-expect-error the issuer has to be found first
  await checkSignature(forged, examination)
  // @ts-expect-error a trusted statement is made by findIssuer only
  await checkSignature({ statement: parsed, issuer: trusted.issuer, rules: trusted.rules, known: undefined }, examination)
  // @ts-expect-error the signature has to be checked first
  checkClaims(trusted, examination)
  // @ts-expect-error a signed statement is made by checkSignature only
  checkClaims({ ...trusted, key: { thumbprint: '' } }, examination)
  // @ts-expect-error the claims have to be checked first
  await checkApproval(signed, examination)
  // @ts-expect-error a sound statement is made by checkClaims only
  await checkApproval({ ...signed, jwt: { iss: '' }, metadata: {}, unknown: {} }, examination)
  // @ts-expect-error a mark belongs to an approved statement
  replayMarkOf(sound)
  // @ts-expect-error a stage that has been passed does not stand for the next one
  const approved: ApprovedStatement = sound
  // @ts-expect-error the fields of a stage cannot be changed afterwards
  approved.issuer = trusted.issuer
}

test('no stage can be left out: that is held where this file is compiled', () => {
  expect(skipStages).toBeTypeOf('function')
})

test('the types of the merge are those of sorted metadata, so that claims cannot be merged as they are', () => {
  const settings = {
    mergeRules: new Map(),
    policy: undefined,
    unknownMembers: 'ignore',
    redirectSchemes: [],
    limits: resolveLimits(),
  } as const
  // @ts-expect-error claims have to be sorted first
  const merge = () => resolveMetadata(parsed.claims, {}, settings, new Checklist('registration'))
  expect(merge).toBeTypeOf('function')
})
