import type { JsonObject } from '@software-statement/core'
import { readInput } from '../input/read-file.js'
import { readJson } from '../input/read-json.js'
import type { Io } from '../io.js'
import { UsageError } from '../usage-error.js'
import { readServerUrl } from './named-server.js'

/** A registration as `register --out` has saved it. */
export interface SavedClient {
  readonly members: JsonObject
  readonly clientId: string
  /** The client configuration endpoint (RFC 7592 3). */
  readonly url: URL
  readonly token: string
}

/** Reads a registration. Throws `UsageError`. */
export async function readClientFile(path: string, io: Io): Promise<SavedClient> {
  if (path === '-') throw new UsageError('- names no file: what the server answers is written to it; ./- is a file of that name')
  const input = await readInput(path, 'FILE', io)
  const members = readJson(input)
  const { client_id: clientId, registration_client_uri: uri, registration_access_token: token } = members
  if (typeof clientId !== 'string' || typeof uri !== 'string' || typeof token !== 'string') {
    throw new UsageError(
      `${input.name}: has no client_id, registration_client_uri or registration_access_token: is it of register --out?`,
    )
  }
  return { members, clientId, url: readServerUrl(uri, `${input.name}: registration_client_uri`), token }
}

/** Members of an answer that count on where the next one does not repeat them (RFC 7592 2.1, 3). */
const lasting = ['client_secret', 'registration_access_token', 'registration_client_uri'] as const

/** Methods that need a secret (RFC 7591 2, OpenID Connect Core 1.0, 9); one that is not told is client_secret_basic. */
const secretMethods: readonly unknown[] = [undefined, 'client_secret_basic', 'client_secret_post', 'client_secret_jwt']

/** What is to be saved after an answer: all of it, and what of the client's credentials it does not repeat. */
export function mergeAnswer({ members }: SavedClient, answer: JsonObject): JsonObject {
  const usesSecret = secretMethods.includes(answer.token_endpoint_auth_method)
  const isKept = (name: string) =>
    members[name] !== undefined && answer[name] === undefined && (name !== 'client_secret' || usesSecret)
  return { ...answer, ...Object.fromEntries(lasting.filter(isKept).map((name) => [name, members[name]])) }
}

/** Writes a registration as it is: secrets and tokens included. */
export function writeClient(members: JsonObject): string {
  return `${JSON.stringify(members, null, 2)}\n`
}
