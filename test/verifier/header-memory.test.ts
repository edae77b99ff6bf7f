import { parseStatement } from '@software-statement/core'
import { createDecider, type StatusCheck, type TrustResolver } from '@software-statement/verifier'
import { describe, expect, test } from 'vitest'
import { rememberHeaders } from '../../packages/verifier/src/cache/header-memory.js'
import { audience, makeStatement, now } from '../support/make-jws.js'
import { approval, at, codeOf, trustPublisher } from '../support/registration.js'

const makeDecider = () => {
  const decide = createDecider(trustPublisher({ x5c: 'ignore' }), { audience })
  return (statement: string) => decide({ software_statement: statement }, { currentDate: at(now) })
}
const withHeader = (header: Readonly<Record<string, unknown>>, jti: string) => makeStatement({ header, claims: { jti } })

describe('headers that are alike', () => {
  test('are read once, and frozen since they are shared', async () => {
    const decide = makeDecider()
    const [first, second] = [await approval(decide(withHeader({}, 'a'))), await approval(decide(withHeader({}, 'b')))]
    expect(second.statement?.claims.jti).toBe('b')
    expect(second.statement?.header).toBe(first.statement?.header)
    expect(Object.isFrozen(second.statement?.header)).toBe(true)
  })

  test('of another decider are read again, for it may have other limits', async () => {
    const [first, second] = [
      await approval(makeDecider()(withHeader({}, 'a'))),
      await approval(makeDecider()(withHeader({}, 'a'))),
    ]
    expect(second.statement?.header).not.toBe(first.statement?.header)
  })

  test('are read each time if they are long', async () => {
    const decide = makeDecider()
    const x5c = ['A'.repeat(400)]
    const [first, second] = [await approval(decide(withHeader({ x5c }, 'a'))), await approval(decide(withHeader({ x5c }, 'b')))]
    expect(second.statement?.header).toEqual(first.statement?.header)
    expect(second.statement?.header).not.toBe(first.statement?.header)
  })

  test('are frozen before anybody has them in hand', async () => {
    const status: StatusCheck = async ({ header }) => {
      Object.assign(header, { typ: 'other+jwt' })
      return 'valid'
    }
    const decide = createDecider(trustPublisher(), { audience, status })
    for (const jti of ['a', 'b']) {
      const decided = decide({ software_statement: withHeader({}, jti) }, { currentDate: at(now) })
      expect(await codeOf(decided)).toBe('ERR_STATUS_UNAVAILABLE')
    }
  })

  test('of statements that are refused are not kept', async () => {
    const seen: unknown[] = []
    const trust: TrustResolver = async (statement) => {
      seen.push(statement.header)
      return trustPublisher()(statement)
    }
    const decide = createDecider(trust, { audience })
    for (const changes of [{ exp: 1, iat: undefined }, {}, {}]) {
      await decide({ software_statement: makeStatement({ claims: changes }) }, { currentDate: at(now) })
    }
    const [refused, approved, later] = seen
    expect(refused).toEqual(approved)
    expect(refused).not.toBe(approved)
    expect(later).toBe(approved)
  })

  test('are kept for a hundred keys', () => {
    const headers = rememberHeaders()
    const remember = (kid: string) => headers.remember(parseStatement(withHeader({ kid }, 'a')))
    const find = (kid: string) => headers.get(withHeader({ kid }, 'a').split('.')[0] ?? '')
    for (let index = 0; index <= 100; index++) remember(`key-${index}`)
    expect([find('key-0'), find('key-1')?.kid, find('key-100')?.kid]).toEqual([undefined, 'key-1', 'key-100'])
  })

  test('do not keep what comes after them from being read', async () => {
    const decide = makeDecider()
    const sound = withHeader({}, 'a')
    await approval(decide(sound))
    const [header, payload, signature] = sound.split('.')
    expect(await codeOf(decide(`${header}.${payload}.${signature?.slice(0, -1)}.`))).toBe('ERR_STATEMENT_SEGMENTS')
    expect(await codeOf(decide(`${header}.${payload}+.${signature}`))).toBe('ERR_STATEMENT_BASE64URL')
    expect(await codeOf(decide(`${header}.${payload}.${signature}=`))).toBe('ERR_STATEMENT_BASE64URL')
    expect(await codeOf(decide(`${header}.e30.${signature}`))).toBe('ERR_ISSUER_MISSING')
    expect(await codeOf(decide(`${header}=.${payload}.${signature}`))).toBe('ERR_STATEMENT_BASE64URL')
  })
})
