import { asymmetricAlgorithms, freezeJson } from '@software-statement/core'
import * as z from 'zod'
import type { ConfiguredMetadata, ServerMetadata } from './members.js'
import { configuredMetadataSchema } from './schema.js'
import type { ServerUrls } from './server-urls.js'

/** How clients may authenticate: those that are handled here, and those that need the server's TLS (RFC 8705 2). */
const authMethods: readonly string[] = [
  'client_secret_basic',
  'client_secret_post',
  'private_key_jwt',
  'none',
  'tls_client_auth',
  'self_signed_tls_client_auth',
]

const defaults = {
  grant_types_supported: ['authorization_code', 'refresh_token', 'client_credentials'],
  response_types_supported: ['code'],
  token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post', 'private_key_jwt', 'none'],
} as const satisfies ConfiguredMetadata

/**
 * Makes the metadata of a server of what is configured, defaults and URLs of the issuer. What stands in it is what is enforced.
 *
 * Throws `TypeError` for what is malformed, and for methods and algorithms that cannot be kept.
 */
export function makeServerMetadata(issuer: string, urls: ServerUrls, configured: ConfiguredMetadata): ServerMetadata {
  const parsed = configuredMetadataSchema.safeParse(configured)
  if (!parsed.success) throw new TypeError(`the option metadata: ${z.prettifyError(parsed.error)}`)
  const metadata: ServerMetadata = {
    issuer,
    authorization_endpoint: urls.authorization,
    token_endpoint: urls.token,
    registration_endpoint: urls.registration,
    ...defaults,
    ...(parsed.data as ConfiguredMetadata), // what the schema lets through
  }
  const complete = { ...impliedMembers(metadata), ...metadata }
  validateMethods(complete)
  validateAlgorithms(complete)
  return freezeJson(structuredClone(complete))
}

/** PKCE is there for every code (RFC 9700 2.1.1), and every asymmetric algorithm for whoever authenticates with a key. */
function impliedMembers(metadata: ServerMetadata): ConfiguredMetadata {
  const pkce = metadata.grant_types_supported.includes('authorization_code') ? { code_challenge_methods_supported: ['S256'] } : {}
  const usesKeys = metadata.token_endpoint_auth_methods_supported.includes('private_key_jwt')
  return { ...pkce, ...(usesKeys ? { token_endpoint_auth_signing_alg_values_supported: asymmetricAlgorithms } : {}) }
}

function validateMethods({ token_endpoint_auth_methods_supported: methods }: ServerMetadata): void {
  const unknown = methods.find((method) => !authMethods.includes(method))
  if (unknown === undefined) return
  const reason = unknown === 'client_secret_jwt' ? ': secrets are only stored hashed' : ` is not one of ${authMethods.join(', ')}`
  throw new TypeError(`the option metadata: token_endpoint_auth_methods_supported cannot have ${unknown}${reason}`)
}

function validateAlgorithms({ token_endpoint_auth_signing_alg_values_supported: algorithms = [] }: ServerMetadata): void {
  const known: readonly string[] = asymmetricAlgorithms
  const unknown = algorithms.find((alg) => !known.includes(alg))
  if (unknown === undefined) return
  const reason = `is not one of ${known.join(', ')}`
  throw new TypeError(`the option metadata: token_endpoint_auth_signing_alg_values_supported: ${unknown} ${reason}`)
}

/** Whether there is all that OpenID Connect Discovery 1.0, 3, requires beside what is always there. */
export function isOpenIdProvider(metadata: ServerMetadata): boolean {
  const { jwks_uri, subject_types_supported, id_token_signing_alg_values_supported } = metadata
  return [jwks_uri, subject_types_supported, id_token_signing_alg_values_supported].every((member) => member !== undefined)
}
