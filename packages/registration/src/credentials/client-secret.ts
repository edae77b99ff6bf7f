import type { ClientMetadata } from '@software-statement/core'
import type { StoredCredential } from '../stores/client-store.js'
import { createCredential, type Randomness } from './credential.js'

/** The secrets a client has, and the text of a new one, which is told this one time. */
export interface ClientSecrets {
  readonly secrets: readonly StoredCredential[]
  readonly created?: string
}

interface SecretSettings {
  readonly secretLifetime: number | undefined
  readonly random: Randomness
}

/** The methods that need a secret (RFC 7591 2). `client_secret_jwt` needs its text, which nobody has kept. */
const secretMethods: readonly unknown[] = ['client_secret_basic', 'client_secret_post']

/**
 * The secrets of a client with this metadata: those it has, while one of them counts, else a new one; none at all where its method needs
 * none, since a secret that nothing asks for can only be stolen.
 */
export async function provideSecrets(
  { token_endpoint_auth_method: method }: ClientMetadata,
  secrets: readonly StoredCredential[],
  at: number,
  { secretLifetime, random }: SecretSettings,
): Promise<ClientSecrets> {
  if (!secretMethods.includes(method)) return { secrets: [] }
  if (secrets.some(({ expiresAt }) => expiresAt === undefined || expiresAt > at)) return { secrets }
  const { text, stored } = await createCredential(at, secretLifetime, random)
  return { secrets: [stored], created: text }
}
