import type { IssuerRules } from '@software-statement/verifier'
import { describe, expect, test } from 'vitest'
import { makeStatement } from '../support/make-jws.js'
import { outcomeOfPromise } from '../support/outcomes.js'
import { trustPublisher, verify } from '../support/registration.js'

type MayAssert = NonNullable<IssuerRules['mayAssert']>
const outcome = (claims: Readonly<Record<string, unknown>>, mayAssert: MayAssert) =>
  outcomeOfPromise(verify(makeStatement({ claims }), { trust: trustPublisher({ mayAssert }) }))

describe('what an issuer may vouch for', () => {
  test.each<[what: string, claims: Readonly<Record<string, unknown>>, mayAssert: MayAssert, code: string]>([
    ['anything where nothing is limited', { scope: 'admin' }, {}, 'accepted'],
    ['its own software', {}, { software_id: ['calendar', 'mail'] }, 'accepted'],
    ['no other software', {}, { software_id: ['calendar'] }, 'ERR_SOFTWARE_ID_NOT_ALLOWED'],
    ['no software that differs in case', { software_id: 'Mail' }, { software_id: ['mail'] }, 'ERR_SOFTWARE_ID_NOT_ALLOWED'],
    [
      'nothing without a name where names are limited',
      { software_id: undefined },
      { software_id: ['mail'] },
      'ERR_SOFTWARE_ID_NOT_ALLOWED',
    ],
    ['its own host', {}, { redirectHosts: ['mail.example'] }, 'accepted'],
    [
      'its own host on another port',
      { redirect_uris: ['https://mail.example:8443/cb'] },
      { redirectHosts: ['mail.example'] },
      'accepted',
    ],
    [
      'one port of its host',
      { redirect_uris: ['https://mail.example:8443/cb'] },
      { redirectHosts: ['mail.example:8443'] },
      'accepted',
    ],
    [
      'no other port of it',
      { redirect_uris: ['https://mail.example/cb'] },
      { redirectHosts: ['mail.example:8443'] },
      'ERR_REDIRECT_HOST_NOT_ALLOWED',
    ],
    ['no other host', {}, { redirectHosts: ['calendar.example'] }, 'ERR_REDIRECT_HOST_NOT_ALLOWED'],
    [
      'no host among good ones',
      { redirect_uris: ['https://mail.example/cb', 'https://evil.example/cb'] },
      { redirectHosts: ['mail.example'] },
      'ERR_REDIRECT_HOST_NOT_ALLOWED',
    ],
    [
      'no subdomain',
      { redirect_uris: ['https://x.mail.example/cb'] },
      { redirectHosts: ['mail.example'] },
      'ERR_REDIRECT_HOST_NOT_ALLOWED',
    ],
    [
      'no host that only ends alike',
      { redirect_uris: ['https://evilmail.example/cb'] },
      { redirectHosts: ['mail.example'] },
      'ERR_REDIRECT_HOST_NOT_ALLOWED',
    ],
    [
      'no host in a path',
      { redirect_uris: ['https://evil.example/mail.example'] },
      { redirectHosts: ['mail.example'] },
      'ERR_REDIRECT_HOST_NOT_ALLOWED',
    ],
    [
      'no host in userinfo',
      { redirect_uris: ['https://mail.example@evil.example/cb'] },
      { redirectHosts: ['mail.example'] },
      'ERR_REDIRECT_HOST_NOT_ALLOWED',
    ],
    [
      'no URI that is none',
      { redirect_uris: ['mail.example'] },
      { redirectHosts: ['mail.example'] },
      'ERR_REDIRECT_HOST_NOT_ALLOWED',
    ],
    [
      'no host after logout',
      { post_logout_redirect_uris: ['https://evil.example/'] },
      { redirectHosts: ['mail.example'] },
      'ERR_REDIRECT_HOST_NOT_ALLOWED',
    ],
    [
      'no host after claims gathering',
      { claims_redirect_uris: ['https://evil.example/'] },
      { redirectHosts: ['mail.example'] },
      'ERR_REDIRECT_HOST_NOT_ALLOWED',
    ],
    ['no redirect URIs at all', { redirect_uris: undefined }, { redirectHosts: ['mail.example'] }, 'accepted'],
    ['a private-use scheme', { redirect_uris: ['com.example.mail:/cb'] }, { redirectHosts: ['com.example.mail:'] }, 'accepted'],
    ['scopes it may', { scope: 'openid email' }, { scope: ['openid', 'email', 'profile'] }, 'accepted'],
    ['no scope beside them', { scope: 'openid admin' }, { scope: ['openid', 'email'] }, 'ERR_SCOPE_NOT_ALLOWED'],
    ['no scope in capitals', { scope: 'OPENID' }, { scope: ['openid'] }, 'ERR_SCOPE_NOT_ALLOWED'],
    ['no scope that is no scope', { scope: 'openid "x' }, { scope: ['openid'] }, 'ERR_SCOPE_NOT_ALLOWED'],
    ['no scope that hides in white space', { scope: 'openid\u00a0admin' }, { scope: ['openid'] }, 'ERR_SCOPE_NOT_ALLOWED'],
    ['an empty scope', { scope: '' }, { scope: ['openid'] }, 'accepted'],
    [
      'grant types it may',
      { grant_types: ['authorization_code'] },
      { grant_types: ['authorization_code', 'refresh_token'] },
      'accepted',
    ],
    [
      'no other grant type',
      { grant_types: ['authorization_code', 'password'] },
      { grant_types: ['authorization_code'] },
      'ERR_GRANT_TYPE_NOT_ALLOWED',
    ],
    ['members it may', {}, { members: ['software_id', 'software_version', 'client_name', 'redirect_uris'] }, 'accepted'],
    [
      'tagged forms of them',
      { 'client_name#ja': 'M' },
      { members: ['software_id', 'software_version', 'client_name', 'redirect_uris'] },
      'accepted',
    ],
    [
      'no other member',
      { logo_uri: 'https://mail.example/l' },
      { members: ['software_id', 'software_version', 'client_name', 'redirect_uris'] },
      'ERR_MEMBER_NOT_ALLOWED',
    ],
    [
      'no member nobody knows',
      { org_id: 'a' },
      { members: ['software_id', 'software_version', 'client_name', 'redirect_uris'] },
      'ERR_MEMBER_NOT_ALLOWED',
    ],
    [
      'a member nobody knows where it is named',
      { org_id: 'a' },
      { members: ['software_id', 'software_version', 'client_name', 'redirect_uris', 'org_id'] },
      'accepted',
    ],
    [
      'no member that objects inherit',
      { toString: 'a' },
      { members: ['software_id', 'software_version', 'client_name', 'redirect_uris'] },
      'ERR_MEMBER_NOT_ALLOWED',
    ],
    ['no scope where scopes are limited', { scope: undefined }, { scope: ['openid'] }, 'accepted'],
    ['no grant type where they are limited', { grant_types: undefined }, { grant_types: ['authorization_code'] }, 'accepted'],
  ])('%s', async (_, claims, mayAssert, code) => {
    expect(await outcome(claims, mayAssert)).toBe(code)
  })

  test.each<[member: string, mayAssert: MayAssert]>([
    ['software_id', { software_id: ['calendar'] }],
    ['redirect_uris', { redirectHosts: ['other.example'] }],
    ['scope', { scope: ['openid'] }],
    ['grant_types', { grant_types: ['authorization_code'] }],
    ['client_name', { members: ['software_id', 'software_version'] }],
  ])('what it may not is named: %s', async (member, mayAssert) => {
    const statement = makeStatement({ claims: { scope: 'admin', grant_types: ['password'] } })
    await expect(verify(statement, { trust: trustPublisher({ mayAssert }) })).rejects.toMatchObject({ member })
  })
})
