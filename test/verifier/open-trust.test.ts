import {
  createDecider,
  GuardedFetchError,
  memorySeenStatements,
  openTrust,
  type ReloadableTrust,
} from '@software-statement/verifier'
import { describe, expect, test } from 'vitest'
import { respond, serve, set } from '../support/key-server.js'
import { keys, publicHalf } from '../support/keys.js'
import { issuer, makeStatement } from '../support/make-jws.js'
import { outcomeOfPromise } from '../support/outcomes.js'
import { verify } from '../support/registration.js'

const elsewhere = 'https://elsewhere.example'
const jwks = { keys: [publicHalf(keys.ed25519)] }
const inline = { issuer, jwks }
const remote = { issuer, jwksUri: 'https://publisher.example/jwks' }
const other = { issuer: elsewhere, jwks: { keys: [publicHalf(keys.other)] } }

/** A file whose content is changed by hand. */
async function open(content: unknown, sources: Parameters<typeof openTrust>[1] = {}) {
  const file = { content, readings: 0 }
  const read = async () => {
    file.readings++
    const { content } = file
    if (content instanceof Error) throw content
    return typeof content === 'string' ? content : JSON.stringify(content)
  }
  return { file, opened: await openTrust(read, sources) }
}

const outcomeOf = ({ trust }: { readonly trust: ReloadableTrust }, key = keys.ed25519, iss = issuer) =>
  outcomeOfPromise(verify(makeStatement({ key, claims: { iss } }), { trust }))

describe('a trust file that is read again', () => {
  test('counts at once, and says what has changed', async () => {
    const { file, opened } = await open({ issuers: [inline, other] })
    const { trust } = opened
    expect(await outcomeOf({ trust })).toBe('accepted')
    file.content = {
      issuers: [
        { ...inline, distrust: [keys.ed25519.kid] },
        { ...other, issuer: 'https://new.example' },
      ],
    }
    expect(await outcomeOf({ trust })).toBe('accepted')
    expect(await trust.reload()).toEqual({
      reloaded: true,
      options: {},
      added: ['https://new.example'],
      changed: [issuer],
      removed: [elsewhere],
    })
    expect(await outcomeOf({ trust })).toBe('ERR_KEY_NOT_FOUND')
    expect(await outcomeOf({ trust }, keys.other, elsewhere)).toBe('ERR_ISSUER_NOT_TRUSTED')
    expect(await outcomeOf({ trust }, keys.other, 'https://new.example')).toBe('accepted')
  })

  test('that says the same changes nothing', async () => {
    const { opened } = await open({ issuers: [inline] })
    const before = await opened.trust({ claims: { iss: issuer } } as never)
    expect(await opened.trust.reload()).toEqual({ reloaded: true, options: {}, added: [], changed: [], removed: [] })
    expect(await opened.trust({ claims: { iss: issuer } } as never)).toBe(before)
  })

  test('may change the options, which are those of the next decider', async () => {
    const { file, opened } = await open({ issuers: [inline] })
    expect(opened.options).toEqual({})
    file.content = { issuers: [inline], merge: { scope: 'ceiling' } }
    expect(await opened.trust.reload()).toMatchObject({ reloaded: true, options: { merge: { scope: 'ceiling' } } })
    expect(opened.options).toEqual({ merge: { scope: 'ceiling' } })
  })

  test.each<[what: string, content: unknown]>([
    ['that is no JSON', '{"issuers":['],
    ['that is empty', ''],
    ['that has an unknown member', { issuers: [inline], issuer: [] }],
    ['with an illegal policy', { issuers: [inline], metadata_policy: { scope: { one_of: 'a' } } }],
    ['with an unknown merge rule', { issuers: [inline], merge: { scope: 'most' } }],
    ['with a private key', { issuers: [other, { issuer, jwks: { keys: [keys.ed25519] } }] }],
    ['with an issuer twice', { issuers: [inline, inline] }],
    ['without issuers', { issuers: [] }],
    ['with a host that is none', { issuers: [inline], allowHosts: ['https://keys.internal'] }],
    ['that cannot be read', new Error('ENOENT')],
  ])('%s leaves the one before in force, and is reported', async (_, content) => {
    const { file, opened } = await open({ issuers: [inline], merge: { scope: 'ceiling' } })
    file.content = content
    const reload = await opened.trust.reload()
    expect(reload).toEqual({ reloaded: false, fault: expect.any(Error) })
    expect(JSON.stringify(reload) + String(reload.reloaded ? '' : reload.fault)).not.toContain(String(keys.ed25519.d))
    expect(await outcomeOf(opened)).toBe('accepted')
    expect(await outcomeOf(opened, keys.other, elsewhere)).toBe('ERR_ISSUER_NOT_TRUSTED')
    expect(opened.options).toEqual({ merge: { scope: 'ceiling' } })
    file.content = { issuers: [other] }
    expect(await opened.trust.reload()).toMatchObject({ reloaded: true })
    expect(await outcomeOf(opened)).toBe('ERR_ISSUER_NOT_TRUSTED')
  })

  test('that is invalid from the beginning is not opened', async () => {
    await expect(open({ issuers: [] })).rejects.toThrow(TypeError)
    await expect(open(new Error('ENOENT'))).rejects.toThrow('ENOENT')
  })

  test.each<[what: string, entries: readonly object[]]>([
    ['the same', [remote]],
    ['with other rules', [{ ...remote, maxLifetime: '90 days', distrust: ['stolen'] }]],
    ['beside others', [other, remote]],
  ])('keeps the keys of an entry that is %s', async (_, entries) => {
    const { fetch, requests } = serve(() => respond(set))
    const { file, opened } = await open({ issuers: [remote] }, { fetch })
    expect(await outcomeOf(opened)).toBe('accepted')
    file.content = { issuers: entries }
    expect(await opened.trust.reload()).toMatchObject({ reloaded: true })
    expect(await outcomeOf(opened)).toBe('accepted')
    expect(requests).toHaveLength(1)
  })

  test.each<[what: string, contents: readonly unknown[], outcome: string, asked: number]>([
    ['at another URL', [{ issuers: [{ ...remote, jwksUri: 'https://publisher.example/new' }] }], 'accepted', 2],
    ['of another issuer', [{ issuers: [{ ...remote, issuer: elsewhere }] }], 'ERR_ISSUER_NOT_TRUSTED', 1],
    ['of an entry that was away', [{ issuers: [other] }, { issuers: [remote] }], 'accepted', 2],
    ['of an entry in a file that was not accepted', [{ issuers: [] }], 'accepted', 1],
  ])('takes no keys over %s', async (_, contents, outcome, asked) => {
    const { fetch, requests } = serve(() => respond(set))
    const { file, opened } = await open({ issuers: [remote] }, { fetch })
    await outcomeOf(opened)
    for (const content of contents) {
      file.content = content
      await opened.trust.reload()
    }
    expect(await outcomeOf(opened)).toBe(outcome)
    expect(requests).toHaveLength(asked)
  })

  test('may limit the use of statements one day: deciders need to remember from the beginning', async () => {
    const { file, opened } = await open({ issuers: [inline] })
    expect(() => createDecider(opened.trust)).toThrow(TypeError)
    const decide = createDecider(opened.trust, { seen: memorySeenStatements() })
    file.content = { issuers: [{ ...inline, replay: 'once' }] }
    await opened.trust.reload()
    const statement = makeStatement()
    const outcomes = []
    for (const _ of [1, 2]) {
      const decision = await decide({ software_statement: statement }, { currentDate: new Date('2026-11-21T12:00:00Z') })
      outcomes.push(decision.approved ? 'approved' : decision.code)
    }
    expect(outcomes).toEqual(['approved', 'ERR_REPLAYED'])
  })
})

describe('reloads at once', () => {
  test('share one reading that begins after them', async () => {
    const { file, opened } = await open({ issuers: [inline] })
    const results = Promise.all(Array.from({ length: 100 }, () => opened.trust.reload()))
    await results
    expect(file.readings).toBe(2)
    await opened.trust.reload()
    expect(file.readings).toBe(3)
  })

  test('during a reading make another: the last state of the file counts', async () => {
    const releases: (() => void)[] = []
    const states = [{ issuers: [inline] }, { issuers: [inline] }, { issuers: [other] }]
    let readings = 0
    const opened = await openTrust(async () => {
      const text = JSON.stringify(states[readings++])
      if (readings > 1) await new Promise<void>((resolve) => releases.push(resolve))
      return text
    })
    const first = opened.trust.reload()
    await new Promise(setImmediate)
    expect(readings).toBe(2)
    const [second, third] = [opened.trust.reload(), opened.trust.reload()]
    await new Promise(setImmediate)
    expect(readings).toBe(2)
    releases[0]?.()
    expect(await first).toMatchObject({ reloaded: true, removed: [] })
    await new Promise(setImmediate)
    releases[1]?.()
    expect(await second).toMatchObject({ reloaded: true, added: [elsewhere], removed: [issuer] })
    expect(await third).toBe(await second)
    expect(readings).toBe(3)
    expect(await outcomeOf(opened)).toBe('ERR_ISSUER_NOT_TRUSTED')
  })
})

describe('hosts that may be private', () => {
  const local = { issuer, jwksUri: 'https://127.0.0.1:9/jwks' }
  const faultOf = async (trust: ReloadableTrust) => {
    const error: unknown = await verify(makeStatement(), { trust }).catch((fault: unknown) => fault)
    const { cause } = error as { cause?: unknown } // what is thrown is seen to below
    if (!(cause instanceof GuardedFetchError)) throw error
    return cause.reason
  }
  test('are those of the file, also when it is read again', async () => {
    let seconds = 0
    const now = () => new Date(seconds++ * 60_000)
    const { file, opened } = await open({ issuers: [local] }, { now })
    expect(await faultOf(opened.trust)).toBe('url')
    file.content = { issuers: [local], allowHosts: ['127.0.0.1:9'] }
    expect(await opened.trust.reload()).toMatchObject({ reloaded: true, changed: [] })
    expect(await faultOf(opened.trust)).toBe('network')
  })

  test('are nothing to a fetch that is given', async () => {
    const { fetch } = serve(() => respond(set))
    await expect(open({ issuers: [inline], allowHosts: ['keys.internal'] }, { fetch })).rejects.toThrow(TypeError)
  })
})
