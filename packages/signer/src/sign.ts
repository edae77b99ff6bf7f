import {
  type ClientMetadata,
  encodeBase64url,
  type Finding,
  type JsonObject,
  lintStatement,
  type StatementHeader,
} from '@software-statement/core'
import type { FilledMember } from './approval/apply-approval.js'
import { approveMetadata } from './approve-metadata.js'
import { buildClaims } from './claims.js'
import { addCertificates, buildHeader } from './header.js'
import { thumbprintOf } from './keys/public-half.js'
import { readSigningKey, type SigningKey } from './keys/signing-key.js'
import { readMetadata } from './metadata.js'
import { type ParsedOptions, parseOptions, readDate, readText, type SignOptions } from './options.js'
import { checkForm, checkSignature } from './self-check.js'

/** A statement that is ready to be signed. */
export interface PreparedStatement {
  readonly header: StatementHeader
  /** The claims of the JWT and the vouched metadata. */
  readonly claims: JsonObject
  /** Members that were absent and have their value from the approval policy. */
  readonly filled: readonly FilledMember[]
  /** Who has approved the metadata, as the approval policy says. */
  readonly approvedBy?: string
  /** What is worth saying about the statement, though nothing forbids it. */
  readonly findings: readonly Finding[]
}

/**
 * Signs a software statement (RFC 7591 2.3) over client metadata: a compact JWS whose `iss` is required, with `iat`, `exp` and `jti`,
 * valid for 90 days by default and never beyond the end of the approval. The metadata is strict: no unknown members, no claims of the
 * JWT, nothing only a server gives. The result is verified with the public half of the key before it is returned.
 *
 * Throws `InvalidMetadataError` with every reason why the metadata is not signed, `TypeError` if an option or the key does not do,
 * `TrustUnavailableError` (`ERR_SIGNER_UNAVAILABLE`) if a remote key could not be asked.
 *
 * @example
 * ```ts
 * const key = await generateSigningKey('ES256')
 * const statement = await signSoftwareStatement(
 *   { software_id: 'mail', client_name: 'Example Mail', redirect_uris: ['https://mail.example/cb'] },
 *   { issuer: 'https://publisher.example', key, audience: 'https://as.example', expiresIn: '90 days' },
 * )
 * ```
 */
export async function signSoftwareStatement(metadata: ClientMetadata, options: SignOptions): Promise<string> {
  const { prepared, key, limits } = await prepare(metadata, options)
  const signingInput = writeSigningInput(prepared)
  const signature = await key.sign(prepared.header.alg, new TextEncoder().encode(signingInput))
  const statement = `${signingInput}.${encodeBase64url(signature)}`
  await checkSignature(checkForm(statement, limits), key)
  return statement
}

/**
 * Does all that `signSoftwareStatement` does but sign: header and claims as they would be signed, what the approval policy filled in,
 * and what a linter says. Throws the same.
 *
 * @example
 * ```ts
 * const key = await generateSigningKey('ES256')
 * const { claims } = await prepareSoftwareStatement({ software_id: 'mail' }, { issuer: 'https://publisher.example', key })
 * console.log(claims.exp)
 * ```
 */
export async function prepareSoftwareStatement(metadata: ClientMetadata, options: SignOptions): Promise<PreparedStatement> {
  const { prepared, key, now } = await prepare(metadata, options)
  const thumbprint = key.publicHalf === undefined ? {} : { thumbprint: await thumbprintOf(key.publicHalf) }
  return { ...prepared, findings: lintStatement(prepared, { now: new Date(now * 1000), ...thumbprint }) }
}

interface Preparation {
  readonly prepared: Omit<PreparedStatement, 'findings'>
  readonly key: SigningKey
  readonly now: number
  readonly limits: ParsedOptions['limits']
}

async function prepare(metadata: ClientMetadata, options: SignOptions): Promise<Preparation> {
  const parsed = parseOptions(options)
  const { limits, expiresIn } = parsed
  const now = readDate('currentDate', options.currentDate ?? new Date())
  const jti = readText('jti', options.jti ?? crypto.randomUUID(), limits)
  const submitted = readMetadata(metadata, limits)
  const key = await readSigningKey(options.key, { passphrase: options.passphrase, kidLength: limits.kidLength })

  const bare = buildHeader(key, parsed)
  const approved = approveMetadata(submitted, { ...parsed, lifetime: { now, expiresIn } })
  const { claims, expiresAt } = buildClaims(approved, parsed, { now, jti })
  const validity = { validFrom: parsed.notBefore ?? now, validUntil: expiresAt }
  const subject = { issuer: parsed.issuer, alg: bare.alg, publicKey: key.publicHalf, ...validity }
  const header = await addCertificates(bare, parsed.x5c, subject)

  const { filled, approvedBy } = approved
  const prepared = { header, claims, filled, ...(approvedBy === undefined ? {} : { approvedBy }) }
  checkForm(`${writeSigningInput(prepared)}.`, limits)
  return { prepared, key, now, limits }
}

function writeSigningInput({ header, claims }: Preparation['prepared']): string {
  return [header, claims].map((part) => encodeBase64url(new TextEncoder().encode(JSON.stringify(part)))).join('.')
}
