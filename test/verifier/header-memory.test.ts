import { createDecider } from '@software-statement/verifier'
import { describe, expect, test } from 'vitest'
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
