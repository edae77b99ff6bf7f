import {
  findMetadataIssues,
  type JsonObject,
  knownMembers,
  parseJwtClaims,
  refuseForbiddenClaims,
  refuseOtherKinds,
  roleOfClaim,
  sortMetadata,
  sortVouchedMetadata,
} from '@software-statement/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Finding } from '../../../packages/core/src/lint/finding.js'
import { lintMetadata } from '../../../packages/core/src/lint/lint-metadata.js'
import { lintStatement } from '../../../packages/core/src/lint/lint-statement.js'
import { lintRules } from '../../../packages/core/src/lint/rules.js'
import { makeStatement, now, nowInSeconds, soundClaims, soundMetadata } from './support.js'

const names = fc.oneof(
  fc.constantFrom(...knownMembers.keys()),
  fc.constantFrom('iss', 'sub', 'aud', 'exp', 'nbf', 'iat', 'jti', 'events', 'nonce', 'at_hash', 'software_statement'),
  fc.constantFrom('toString', 'valueOf', 'hasOwnProperty', 'x5t', 'org_id', 'client_name#en', 'client_name#EN', 'jwks#en'),
  fc.stringMatching(/^(client_name|tos_uri|keywords)#[a-zé-]{0,8}$/),
  fc.stringMatching(/^[a-zé-]{1,12}$/),
)

const values: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom(
    '',
    'none',
    'ES256',
    'web',
    'native',
    'code',
    'code token',
    'private_key_jwt',
    'tls_client_auth',
    'P\u0430y',
    'Mail\u202e',
  ),
  fc.constantFrom(
    'https://mail.example/cb',
    'https://[',
    'http://localhost/cb',
    'com.example.mail://cb',
    'javascript:a',
    'http://a.example',
  ),
  fc.constantFrom(
    ['authorization_code'],
    ['implicit'],
    ['client_credentials'],
    ['code'],
    ['http://127.0.0.1/cb'],
    ['https://mail.example/cb'],
  ),
  fc.constantFrom(0, 1, nowInSeconds - 1, nowInSeconds + 600, now.getTime(), 1.5, -1),
  fc.constantFrom(
    { keys: [] },
    { keys: [{ kty: 'RSA', n: 'AQ', e: 'AQAB' }] },
    { keys: [{ kty: 'EC', d: 'd' }] },
    { keys: [null] },
  ),
  fc.stringMatching(/^[ -~\u00e9\u043f\u05d0]{0,20}$/),
  fc.constantFrom(null, true, [], [1], {}),
)

/** Anything strict parsing lets through. */
const objects: fc.Arbitrary<JsonObject> = fc.dictionary(names, values, { maxKeys: 12 }).filter((object) => {
  const refused = ['__proto__', 'constructor', 'prototype']
  return !Object.keys(object).some((name) => refused.includes(name))
})

const claimSets = fc.oneof(
  objects,
  objects.map((changes) => ({ ...soundClaims, ...changes })),
)
const metadataSets = fc.oneof(
  objects,
  objects.map((changes) => ({ ...soundMetadata, ...changes })),
)
const headers = fc.record(
  {
    alg: fc.constantFrom('ES256', 'HS256', 'PS256'),
    typ: fc.constantFrom('JWT', 'at+jwt', 'é', 'ssa+jwt'),
    kid: fc.constant('k'),
    'x-é': fc.boolean(),
  },
  { requiredKeys: ['alg'] },
)

const hasErrors = (findings: readonly Finding[]) => findings.some(({ severity }) => severity === 'error')

const isRefused = (check: () => unknown) => {
  try {
    check()
    return false
  } catch {
    return true
  }
}

describe('lint of anything', () => {
  const order = Object.keys(lintRules)

  test('findings are complete, sorted, and safe to print', () => {
    fc.assert(
      fc.property(headers, claimSets, fc.boolean(), (header, claims, partial) => {
        const statement = makeStatement(header, claims)
        for (const findings of [lintStatement(statement, { now, thumbprint: 't' }), lintMetadata(claims, { partial })]) {
          const ranks = findings.map(({ rule }) => order.indexOf(rule))
          expect(ranks).toEqual(ranks.toSorted((a, b) => a - b))
          for (const { rule, severity, clause, message } of findings) {
            expect({ severity, clause }).toEqual({ severity: lintRules[rule].severity, clause: lintRules[rule].clause })
            expect(message).toMatch(/^[\x20-\x7e]+$/)
          }
        }
      }),
    )
  })
})

describe('errors and refusals', () => {
  test('a statement has an error exactly if verification would refuse its form, or its metadata breaks a rule', () => {
    fc.assert(
      fc.property(headers, claimSets, (header, claims) => {
        const statement = makeStatement(header, claims)
        const times = () => {
          const { exp, iat = 0, nbf = 0 } = parseJwtClaims(claims)
          if (exp !== undefined && exp <= Math.max(iat, nbf)) throw new RangeError()
        }
        const checks = [
          () => refuseOtherKinds(statement.header),
          () => refuseForbiddenClaims(claims),
          () => sortVouchedMetadata(claims),
          times,
        ]
        const vouched = Object.fromEntries(Object.entries(claims).filter(([name]) => roleOfClaim(name) === 'metadata'))
        const refused = checks.some(isRefused) || hasErrors(lintMetadata(vouched, { partial: true }))
        expect(hasErrors(lintStatement(statement))).toBe(refused)
      }),
    )
  })

  test('complete metadata has an error exactly if it breaks a rule or has a member that is not the client\u2019s', () => {
    fc.assert(
      fc.property(metadataSets, (metadata) => {
        const { known, issues } = sortMetadata(metadata)
        const forbidden = Object.keys(metadata).some((name) => roleOfClaim(name) === 'forbidden')
        const refused = forbidden || issues.length > 0 || findMetadataIssues(known).length > 0
        expect(hasErrors(lintMetadata(metadata))).toBe(refused)
      }),
    )
  })

  test('metadata without errors has none when only a part of it is vouched for', () => {
    fc.assert(
      fc.property(metadataSets, fc.func(fc.boolean()), (metadata, isVouched) => {
        fc.pre(!hasErrors(lintMetadata(metadata)))
        // An enc value is vouched for together with its alg value or not at all.
        const isKept = (name: string) => isVouched(name) && (!name.endsWith('_enc') || isVouched(name.replace(/_enc$/, '_alg')))
        const part = Object.fromEntries(Object.entries(metadata).filter(([name]) => isKept(name)))
        expect(lintMetadata(part, { partial: true }).filter(({ severity }) => severity === 'error')).toEqual([])
      }),
      { maxSkipsPerRun: 1000 },
    )
  })
})
