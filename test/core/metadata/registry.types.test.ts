import type { ClientMetadata, MemberName } from '@software-statement/core'
import { expectTypeOf, test } from 'vitest'

/** Types are what the compiler checks here: `npm run types`. */
test('members of client metadata have the types that are specified', () => {
  expectTypeOf<ClientMetadata['redirect_uris']>().toEqualTypeOf<readonly string[] | undefined>()
  expectTypeOf<ClientMetadata['client_name']>().toEqualTypeOf<string | undefined>()
  expectTypeOf<ClientMetadata['require_auth_time']>().toEqualTypeOf<boolean | undefined>()
  expectTypeOf<ClientMetadata['default_max_age']>().toEqualTypeOf<number | undefined>()
  expectTypeOf<ClientMetadata['jwks']>().toEqualTypeOf<{ readonly [member: string]: unknown } | undefined>()
  expectTypeOf<ClientMetadata['client_name#ja']>().toEqualTypeOf<unknown>()
  expectTypeOf<'jwks_uri'>().toExtend<MemberName>()
  expectTypeOf<string>().not.toExtend<MemberName>()
})
