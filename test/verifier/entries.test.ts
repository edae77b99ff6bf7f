import {
  createDecider,
  decideRegistration,
  memorySeenStatements,
  openTrust,
  parseTrustConfiguration,
  registrationResponse,
  trustAny,
  trustIssuers,
  verifyJws,
  verifySoftwareStatement,
} from '@software-statement/verifier'
import { describe, expect, test } from 'vitest'
import { keys, publicHalf } from '../support/keys.js'
import { makeStatement } from '../support/make-jws.js'
import { approval, decideWith, trustPublisher } from '../support/registration.js'

/** What the engine says of a mistake that nobody has looked for: it names the inside of this library, and not what was given. */
const engineWords = /Cannot (?:read|destructure|convert|use)|is not iterable|is not a function$|reading '/

const trust = trustPublisher()
const approved = await approval(decideWith({}))

/** Callers in plain JavaScript pass what they like. */
type Anything = never

describe('what is no argument at all is the caller\u2019s fault, in words of this library', () => {
  test.each<[what: string, call: (given: Anything) => unknown, given: readonly unknown[]]>([
    ['entries of trustIssuers', (given) => trustIssuers(given), [undefined, null, {}, 'a']],
    ['an entry of trustIssuers', (given) => trustIssuers([given]), [undefined, null, [], 'a']],
    ['a resolver of trustAny', (given) => trustAny(trust, given), [undefined, null, {}, 'a']],
    ['trust of a decider', (given) => createDecider(given), [undefined, null, {}]],
    ['options of a decider', (given) => createDecider(trust, given), [null, 7, 'a', []]],
    ['options beside a request', (given) => createDecider(trust)('{}', given), [null, 7, 'a', []]],
    ['options of a decision', (given) => decideRegistration('{}', trust, given), [null, 7, 'a', []]],
    ['options of a verification', (given) => verifySoftwareStatement(makeStatement(), trust, given), [null, 7, 'a', []]],
    ['options of verifyJws', (given) => verifyJws(makeStatement(), publicHalf(keys.ed25519), given), [null, 7, 'a', []]],
    ['a decision', (given) => registrationResponse(given, { client_id: 'a' }), [undefined, null, 'a']],
    ['a client', (given) => registrationResponse(approved, given), [undefined, null, 'a', []]],
    ['a trust file', (given) => parseTrustConfiguration(given), [undefined, null, 7, {}, { issuers: [] }]],
    ['the reading of a trust file', (given) => openTrust(given), [undefined, null, {}, '{}']],
    ['what was read of a trust file', (given) => openTrust(async () => given), [undefined, null, {}]],
    ['options of a memory', (given) => memorySeenStatements(given), [null, 7, 'a', []]],
  ])('%s', async (_, call, given) => {
    for (const value of given) {
      const fault = await Promise.resolve()
        .then(() => call(value as Anything))
        .catch((error: unknown) => error)
      expect(fault, JSON.stringify(value)).toBeInstanceOf(TypeError)
      expect(String(fault), JSON.stringify(value)).not.toMatch(engineWords)
    }
  })

  test('a trust file that somebody has parsed is not said to be wrong bytes', async () => {
    const parsed = { issuers: [] } as never
    await expect(parseTrustConfiguration(parsed)).rejects.toThrow(/text or bytes/)
  })
})
