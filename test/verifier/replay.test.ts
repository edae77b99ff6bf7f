import {
  memorySeenStatements,
  type ReplayMark,
  type ReplayMode,
  type SeenStatements,
  type TrustResolver,
} from '@software-statement/verifier'
import { describe, expect, test } from 'vitest'
import { issuer, makeStatement, now } from '../support/make-jws.js'
import { approval, at, codeOf, type DecideOptions, decide, decideWith, trustPublisher, verify } from '../support/registration.js'

const oneUse = (replay: ReplayMode = 'until-exp') => trustPublisher({ replay })

describe('one use of a statement', () => {
  test.each<[mode: ReplayMode, codes: readonly string[]]>([
    ['reusable', ['approved', 'approved']],
    ['until-exp', ['approved', 'ERR_REPLAYED']],
    ['once', ['approved', 'ERR_REPLAYED']],
  ])('%s', async (mode, codes) => {
    const options = { trust: oneUse(mode), seen: memorySeenStatements() }
    expect([await codeOf(decideWith({}, options)), await codeOf(decideWith({}, options))]).toEqual(codes)
  })

  test('another statement with the same jti is a replay', async () => {
    const options = { trust: oneUse(), seen: memorySeenStatements() }
    expect(await codeOf(decideWith({}, options))).toBe('approved')
    expect(await codeOf(decideWith({}, { ...options, claims: { client_name: 'Other' } }))).toBe('ERR_REPLAYED')
    expect(await codeOf(decideWith({}, { ...options, claims: { jti: 'statement-2' } }))).toBe('approved')
  })

  test('of many requests at once exactly one is approved', async () => {
    const options = { trust: oneUse(), seen: memorySeenStatements() }
    const codes = await Promise.all(Array.from({ length: 20 }, () => codeOf(decideWith({}, options))))
    expect(codes.filter((code) => code === 'approved')).toHaveLength(1)
    expect(codes.filter((code) => code === 'ERR_REPLAYED')).toHaveLength(19)
  })

  const refusals: readonly (readonly [
    what: string,
    members: Readonly<Record<string, unknown>>,
    options: DecideOptions,
    code: string,
  ])[] = [
    ['by its metadata', { logo_uri: 'javascript:x' }, {}, 'ERR_URI'],
    ['by its types', { scope: 7 }, {}, 'ERR_METADATA_TYPE'],
    [
      'by a merge rule',
      { redirect_uris: ['https://evil.example/'] },
      { merge: { redirect_uris: 'ceiling' } },
      'ERR_MERGE_CONFLICT',
    ],
    ['by the policy', { scope: 'admin' }, { metadata_policy: { scope: { x_within: ['openid'] } } }, 'ERR_POLICY_VIOLATION'],
    ['by its unknown members', { hat: 'red' }, { unknownMembers: 'refuse' }, 'ERR_METADATA_UNKNOWN'],
    [
      'by its audience',
      {},
      { audience: 'https://other.example', trust: trustPublisher({ replay: 'once', audiencePolicy: 'required' }) },
      'ERR_AUDIENCE_MISSING',
    ],
    ['by its status', {}, { status: async () => 'revoked' }, 'ERR_STATEMENT_REVOKED'],
    [
      'by an outage',
      {},
      {
        status: async () => {
          throw new Error('down')
        },
      },
      'ERR_STATUS_UNAVAILABLE',
    ],
    ['by its time', {}, { currentDate: at(now + 7200) }, 'ERR_EXPIRED'],
    ['by its form', { software_statement: 7 }, {}, 'ERR_STATEMENT_NOT_TEXT'],
  ]
  test.each(refusals)('a request that is refused %s does not use it up', async (_, members, options, code) => {
    const consumed: ReplayMark[] = []
    const seen: SeenStatements = {
      consume: async (given) => {
        consumed.push(given)
        return 'first'
      },
    }
    const request = { software_statement: makeStatement(), ...members }
    expect(await codeOf(decide(request, { trust: oneUse(), seen, ...options }))).toBe(code)
    expect(await codeOf(decide(request, { trust: oneUse(), seen, checkAll: true, ...options }))).toBe(code)
    expect(consumed).toEqual([])
  })

  test('anybody can present a forged statement: that burns no jti', async () => {
    const seen = memorySeenStatements()
    const forged = `${makeStatement().slice(0, -8)}AAAAAAAA`
    expect(await codeOf(decide({ software_statement: forged }, { trust: oneUse(), seen }))).toBe('ERR_SIGNATURE_INVALID')
    expect(await codeOf(decideWith({}, { trust: oneUse(), seen }))).toBe('approved')
  })

  test('an update with the stored statement is not a replay, with another one it is a use of that', async () => {
    const options = { trust: oneUse('once'), seen: memorySeenStatements() }
    const stored = makeStatement()
    const request = { software_statement: stored }
    expect(await codeOf(decide(request, options))).toBe('approved')
    expect(await approval(decide(request, { ...options, storedStatement: stored }))).not.toHaveProperty('replay')
    expect(await codeOf(decide(request, { ...options, storedStatement: `${stored} ` }))).toBe('ERR_REPLAYED')
    const fresh = makeStatement({ claims: { jti: 'statement-2' } })
    expect(await codeOf(decide({ software_statement: fresh }, { ...options, storedStatement: stored }))).toBe('approved')
    expect(await codeOf(decide({ software_statement: fresh }, { ...options, storedStatement: stored }))).toBe('ERR_REPLAYED')
  })

  test('an update with the stored statement is verified and merged like any other request', async () => {
    const options = { trust: oneUse('once'), seen: memorySeenStatements(), merge: { redirect_uris: 'ceiling' } } as const
    const storedStatement = makeStatement()
    const update = (members: object, more: DecideOptions = {}) =>
      codeOf(decide({ software_statement: storedStatement, ...members }, { ...options, storedStatement, ...more }))
    expect(await update({})).toBe('approved')
    expect(await update({ redirect_uris: ['https://evil.example/cb'] })).toBe('ERR_MERGE_CONFLICT')
    const later = { currentDate: at(now + 7200) }
    expect(await update({}, later)).toBe('ERR_EXPIRED')
    expect(await update({}, { ...later, acceptedAt: at(now) })).toBe('approved')
    expect(await update({}, { acceptedAt: at(now + 7200) })).toBe('ERR_EXPIRED')
    const other = makeStatement({ claims: { jti: 'statement-3' } })
    expect(await update({ software_statement: other }, { ...later, acceptedAt: at(now) })).toBe('ERR_EXPIRED')
    expect(await update({}, { status: async () => 'revoked' })).toBe('ERR_STATEMENT_REVOKED')
  })

  test('the mark lasts as long as the statement could be accepted', async () => {
    const { replay } = await approval(
      decideWith(
        {},
        {
          trust: trustPublisher({ replay: 'until-exp', clockTolerance: 5 }),
          seen: memorySeenStatements(),
          claims: { exp: now + 9.5 },
        },
      ),
    )
    expect(replay).toEqual({ issuer, jti: 'statement-1', mode: 'until-exp', expiresAt: now + 15 })
  })

  test('a statement without exp is remembered for ever', async () => {
    const { replay } = await verify(makeStatement({ claims: { exp: undefined } }), { trust: oneUse('once') })
    expect(replay).toEqual({ issuer, jti: 'statement-1', mode: 'once' })
  })

  test('reusable statements leave no mark', async () => {
    expect(await verify(makeStatement())).not.toHaveProperty('replay')
    expect(await approval(decideWith({}))).not.toHaveProperty('replay')
  })
})

describe('where uses are remembered', () => {
  test('no memory where one is needed is refused at construction', async () => {
    await expect(decideWith({}, { trust: oneUse() })).rejects.toThrow(TypeError)
  })

  test('a resolver that does not say so is found out when it matters', async () => {
    const silent: TrustResolver = async (statement) => oneUse()(statement)
    await expect(decideWith({}, { trust: silent })).rejects.toThrow(TypeError)
  })

  test.each([['consumed'], [{}], [{ consume: true }], [null], [7]])('%j is no memory', async (given) => {
    // A misspelled text would else let every replay pass.
    await expect(decideWith({}, { trust: oneUse(), seen: given as unknown as SeenStatements })).rejects.toThrow(TypeError)
  })

  test('a caller that consumes by itself gets the mark', async () => {
    const options: DecideOptions = { trust: oneUse(), seen: 'consumed-by-caller' }
    const { replay, checks } = await approval(decideWith({}, options))
    expect(replay).toEqual({ issuer, jti: 'statement-1', mode: 'until-exp', expiresAt: now + 3660 })
    expect(checks.find(({ check }) => check === 'replay')).toMatchObject({ outcome: 'skip' })
  })

  test.each<[what: string, consume: () => Promise<unknown>]>([
    [
      'fails',
      async () => {
        throw new Error('down')
      },
    ],
    [
      'fails as fetch does',
      async () => {
        throw new TypeError('fetch failed')
      },
    ],
    [
      'fails at once',
      () => {
        throw new Error('down')
      },
    ],
    ['answers with nothing', async () => undefined],
    ['answers with true', async () => true],
    ['answers with another word', async () => 'FIRST'],
  ])('a store that %s is an outage', async (_, answer) => {
    // Stores in JavaScript answer what they like.
    const seen = { consume: answer } as SeenStatements
    const decision = await decideWith({}, { trust: oneUse(), seen })
    expect(decision).toMatchObject({
      approved: false,
      status: 503,
      code: 'ERR_REPLAY_UNAVAILABLE',
      headers: { 'Retry-After': '30' },
    })
  })

  test('a full memory is an outage', async () => {
    const options = { trust: oneUse(), seen: memorySeenStatements({ capacity: 1 }) }
    expect(await codeOf(decideWith({}, options))).toBe('approved')
    expect(await decideWith({}, { ...options, claims: { jti: 'statement-2' } })).toMatchObject({
      status: 503,
      code: 'ERR_REPLAY_UNAVAILABLE',
    })
  })

  test('a store may be an object of a class', async () => {
    class Store implements SeenStatements {
      readonly marks = new Set<string>()
      async consume({ jti }: ReplayMark) {
        if (this.marks.has(jti)) return 'seen' as const
        this.marks.add(jti)
        return 'first' as const
      }
    }
    const options = { trust: oneUse(), seen: new Store() }
    expect([await codeOf(decideWith({}, options)), await codeOf(decideWith({}, options))]).toEqual(['approved', 'ERR_REPLAYED'])
  })
})
