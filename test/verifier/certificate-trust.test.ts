import { InvalidStatementError, UnapprovedStatementError } from '@software-statement/core'
import type { TrustedCertificate, TrustQuery, TrustResolver } from '@software-statement/verifier'
import { describe, expect, test } from 'vitest'
import { keys, publicHalf } from '../support/keys.js'
import { issuer, makeStatement, now } from '../support/make-jws.js'
import { approval, at, decide, verify } from '../support/registration.js'

const statement = makeStatement({ header: { x5c: ['MAA='] } })
const certificatePath: readonly TrustedCertificate[] = [
  {
    ...{ subject: 'CN=Publisher', issuer: 'CN=Root', serialNumber: '01' },
    ...{ notBefore: at(now - 60), notAfter: at(now + 60), revocationChecked: true },
  },
]

/** Trust in whoever has certificates, which keeps what it was asked. */
function trustCertificates() {
  const queries: (TrustQuery | undefined)[] = []
  const trust: TrustResolver = async (_, query) => {
    queries.push(query)
    return { issuer, jwks: { keys: [publicHalf(keys.ed25519)] }, x5c: 'ignore', certificatePath }
  }
  return { trust, queries }
}

describe('trust that rests on certificates', () => {
  test('tells them', async () => {
    const { trust } = trustCertificates()
    expect((await verify(statement, { trust })).certificatePath).toEqual(certificatePath)
    const { statement: told } = await approval(decide({ software_statement: statement }, { trust }))
    expect(told?.certificatePath).toEqual(certificatePath)
  })

  test('other trust tells none', async () => {
    const plain = makeStatement()
    expect(Object.keys(await verify(plain))).not.toContain('certificatePath')
    const { statement: told } = await approval(decide({ software_statement: plain }))
    expect(Object.keys(told ?? {})).not.toContain('certificatePath')
  })

  test('is asked as of now, and for a stored statement as of when it was accepted', async () => {
    const { trust, queries } = trustCertificates()
    const acceptedAt = at(now - 86_400)
    await decide({ software_statement: statement }, { trust })
    await decide({ software_statement: statement }, { trust, acceptedAt })
    await decide({ software_statement: statement }, { trust, acceptedAt, storedStatement: statement })
    const currentDate = at(now)
    expect(queries).toEqual([{ currentDate }, { currentDate }, { currentDate, acceptedAt }])
  })
})

describe('certificates that are refused', () => {
  const clauses = async (error: Error, checkAll = false) => {
    const trust: TrustResolver = async () => {
      throw error
    }
    const { checks } = await decide({ software_statement: statement }, { trust, checkAll })
    return checks.filter(({ outcome }) => outcome === 'fail').map(({ check, ...told }) => [check, 'code' in told && told.code])
  }

  test.each([
    ['x5c', new UnapprovedStatementError('ERR_X5C_NOT_TRUSTED', 'no path', { member: 'x5c' })],
    ['x5c', new InvalidStatementError('ERR_KEY_UNSUITABLE', 'no certificate', { member: 'x5c' })],
    ['issuer', new InvalidStatementError('ERR_X5C_ISSUER_MISMATCH', 'not of the iss', { member: 'iss' })],
    ['issuer', new UnapprovedStatementError('ERR_ISSUER_NOT_TRUSTED', 'nobody')],
  ])('fail the check %s: %s', async (check, error) => {
    for (const checkAll of [false, true]) expect((await clauses(error, checkAll))[0]).toEqual([check, error.code])
  })

  test('whatever else is wrong is told where all is asked for', async () => {
    const expired = makeStatement({ header: { x5c: ['MAA='] }, claims: { exp: now - 3600, iat: now - 7200 } })
    const trust: TrustResolver = async () => {
      throw new UnapprovedStatementError('ERR_X5C_NOT_TRUSTED', 'no path', { member: 'x5c' })
    }
    const { checks } = await decide({ software_statement: expired }, { trust, checkAll: true })
    expect(checks.filter(({ outcome }) => outcome === 'fail').map(({ check }) => check)).toEqual(['x5c', 'time'])
  })
})
