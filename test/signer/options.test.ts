import {
  generateSigningKey,
  parseApprovalPolicy,
  planKeys,
  prepareSoftwareStatement,
  publicJwks,
  signSoftwareStatement,
} from '@software-statement/signer'
import { describe, expect, test } from 'vitest'
import { keys } from '../support/keys.js'
import { issuer, now } from '../support/make-jws.js'

/** Options come from plain JavaScript and configurations too: their types are what is tested. */
const metadata = { software_id: 'mail' }
const sound = { issuer, key: keys.ed25519, currentDate: new Date(now * 1000) }

const signers = {
  signSoftwareStatement: (options: unknown) => signSoftwareStatement(metadata, options as never),
  prepareSoftwareStatement: (options: unknown) => prepareSoftwareStatement(metadata, options as never),
}
const others = {
  publicJwks: (options: unknown) => publicJwks([keys.ed25519], options as never),
  planKeys: (options: unknown) => planKeys({ current: [keys.ed25519] }, [], options as never),
  generateSigningKey: (options: unknown) => generateSigningKey('ES256', options as never),
}
const everywhere = Object.entries<(options: unknown) => Promise<unknown>>({ ...signers, ...others })

/** What an engine says when something is not what it should be. */
const raw = /Cannot|destructure|of undefined|of null|is not a function|iterable|constructor/

async function faultOf(promise: Promise<unknown>): Promise<TypeError> {
  const fault: unknown = await promise.catch((error: unknown) => error)
  expect(fault).toBeInstanceOf(TypeError)
  if (!(fault instanceof TypeError)) throw new Error('no TypeError')
  expect(fault.message).not.toMatch(raw)
  return fault
}

describe('options of the signer', () => {
  const policy = { approvals: [] }

  test.each([
    ['policy', {}],
    ['policy', parseApprovalPolicy(policy)],
    ['aproval', parseApprovalPolicy(policy)],
    ['approvalPolicy', undefined],
    ['Audience', 'https://as.example'],
    ['expires', '1 day'],
    ['extra_members', []],
    ['toString', 1],
    ['', 1],
    ['\u202e', 1],
  ])('a statement is not signed with the unknown option %j', async (name, value) => {
    for (const sign of Object.values(signers)) {
      const { message } = await faultOf(sign({ ...sound, [name]: value }))
      expect(message).toMatch(/^"[ -~]*" is not an option here: there are issuer, key, /)
    }
  })

  test.each(everywhere)('%s knows its own options only', async (_, call) => {
    expect((await faultOf(call({ ...sound, unknown: 1 }))).message).toContain('is not an option here')
  })

  test.each<[string, unknown]>([
    ['issuer', 7],
    ['key', 7],
    ['key', null],
    ['audience', {}],
    ['audience', [7]],
    ['subject', null],
    ['expiresIn', new Date()],
    ['expiresIn', null],
    ['notBefore', 'tomorrow'],
    ['alg', 'none'],
    ['alg', 'es256'],
    ['alg', ['ES256']],
    ['kid', 7],
    ['typ', ['JWT']],
    ['jti', 7],
    ['passphrase', 7],
    ['passphrase', Buffer.from('hunter2')],
    ['approval', policy],
    ['approval', null],
    ['approval', false],
    ['extraMembers', 'org_id'],
    ['extraMembers', [7]],
    ['redirectSchemes', 'vscode'],
    ['redirectSchemes', ['vscode:']],
    ['redirectSchemes', [null]],
    ['currentDate', now],
    ['currentDate', null],
    ['limits', 5],
    ['limits', null],
    ['limits', []],
  ])('%s: %j is named as the option that is wrong', async (name, value) => {
    for (const sign of Object.values(signers)) {
      expect((await faultOf(sign({ ...sound, [name]: value }))).message).toContain(`the option ${name} must be `)
    }
  })

  test.each<[string, (value: unknown) => Promise<unknown>, readonly unknown[]]>([
    ['passphrase', (value) => others.publicJwks({ passphrase: value }), [7, null]],
    ['passphrase', (value) => others.planKeys({ passphrase: value }), [7, null]],
    ['cacheLifetime', (value) => others.planKeys({ cacheLifetime: value }), [null, {}]],
    ['clockTolerance', (value) => others.planKeys({ clockTolerance: value }), [null, {}]],
    ['currentDate', (value) => others.planKeys({ currentDate: value }), [null, now]],
    ['limits', (value) => others.planKeys({ limits: value }), [null, 5]],
    ['modulusLength', (value) => others.generateSigningKey({ modulusLength: value }), [null, '2048']],
  ])('%s elsewhere', async (name, call, values) => {
    for (const value of values) expect((await faultOf(call(value))).message).toContain(`the option ${name} must be `)
  })

  test('an option that is undefined is absent', async () => {
    const { claims } = await prepareSoftwareStatement(metadata, { ...sound, audience: undefined } as never)
    expect(claims).not.toHaveProperty('aud')
    expect((await publicJwks([keys.ed25519], { passphrase: undefined } as never)).keys).toHaveLength(1)
  })
})

describe('what is no call at all is told of in our own words', () => {
  test.each(everywhere.flatMap(([name, call]) => [null, 7, 'options', [], () => 1].map((value) => [name, value, call] as const)))(
    '%s with %j for options',
    async (_, options, call) => {
      expect((await faultOf(call(options))).message).toMatch(/^options must be an object with /)
    },
  )

  const sign = signSoftwareStatement as (...args: unknown[]) => Promise<unknown>
  const plan = planKeys as (...args: unknown[]) => Promise<unknown>
  const publish = publicJwks as (...args: unknown[]) => Promise<unknown>
  const generate = generateSigningKey as (...args: unknown[]) => Promise<unknown>

  test.each<[string, () => Promise<unknown>]>([
    ['signing nothing', () => sign()],
    ['signing without options', () => sign(metadata)],
    ['signing with empty options', () => sign(metadata, {})],
    ['signing without a key', () => sign(metadata, { issuer })],
    ['signing with a key that is empty', () => sign(metadata, { issuer, key: {} })],
    ['no keys', () => publish()],
    ['null for keys', () => publish(null)],
    ['a key for keys', () => publish(keys.ed25519)],
    ['nothing for a key', () => publish([undefined])],
    ['null for a key', () => publish([null])],
    ['a number for a key', () => publish([7])],
    ['a plan of nothing', () => plan()],
    ['a plan without statements', () => plan({ current: [keys.ed25519] })],
    ['a plan with a text for statements', () => plan({ current: [keys.ed25519] }, 'a.b.c')],
    ['a plan with a number for statements', () => plan({ current: [keys.ed25519] }, 7)],
    ['a plan without keys', () => plan(null, [])],
    ['a plan without a current key', () => plan({}, [])],
    ['a plan with keys of no role', () => plan({ current: [keys.ed25519], nxt: [] }, [])],
    ['a plan with a key for keys', () => plan({ current: keys.ed25519 }, [])],
    ['a plan with a key for next keys', () => plan({ current: [keys.ed25519], next: keys.p256 }, [])],
    ['a plan with null for next keys', () => plan({ current: [keys.ed25519], next: null }, [])],
    ['a plan with nothing for a key', () => plan({ current: [undefined] }, [])],
    ['a key for an unknown algorithm', () => generate('toString')],
    ['a key for null', () => generate(null)],
    ['a key for a symbol', () => generate(Symbol('x'))],
  ])('%s', async (_, call) => {
    expect((await faultOf(call())).message).not.toBe('')
  })

  test('nothing of the kind for an approval policy', () => {
    const circle: Record<string, unknown> = {}
    circle.approvals = [circle]
    for (const file of [undefined, null, 7, 'x', [], () => 1, Symbol('x'), 7n, { approvals: [7n] }, circle]) {
      expect(() => parseApprovalPolicy(file)).toThrow(/^approval policy: /)
    }
  })
})
