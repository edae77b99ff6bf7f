import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  CertificatePathError,
  type CertificatePathOptions,
  trustCertificates,
  validateCertificatePath,
} from '@software-statement/certificates'
import {
  type ClientMetadata,
  compileMetadataPolicy,
  errorAnswer,
  type Jwk,
  type MetadataPolicy,
  mergeMetadataPolicies,
  parseInstant,
  StatementError,
} from '@software-statement/core'
import { parseApprovalPolicy, prepareSoftwareStatement, type RemoteKey, signSoftwareStatement } from '@software-statement/signer'
import {
  createDecider,
  createGuardedFetch,
  type DecisionOptions,
  memorySeenStatements,
  type SeenStatements,
  type StatusCheck,
  verifyJws,
  verifySoftwareStatement,
} from '@software-statement/verifier'
import type { Expectation, Vector } from '../../fixtures/source/vector.js'
import { parseTrustConfiguration } from '../../packages/verifier/src/configuration.js'
import { type Exchange, runExchange } from './exchange-vectors.js'
import { root } from './workspace.js'

export type { Vector }

/** Every vector of `fixtures/vectors`. */
export function readVectors(): readonly Vector[] {
  const folder = join(root, 'fixtures', 'vectors')
  return readdirSync(folder).flatMap((file): Vector[] => JSON.parse(readFileSync(join(folder, file), 'utf8')))
}

/** The members that inputs of vectors have, each kind its own; `fixtures/README.md` describes them. */
interface Input extends Exchange {
  readonly trust: { readonly issuers: readonly { readonly issuer: string }[] }
  readonly options?: DecisionOptions
  readonly keySets?: Readonly<Record<string, unknown>>
  readonly status?: 'valid' | 'revoked' | 'unreachable'
  readonly seen?: 'full' | readonly string[]
  readonly request?: object
  readonly requestText?: string
  readonly requestBase64?: string
  readonly storedStatement?: string
  readonly statement: string
  readonly jws: string
  readonly jwk: Jwk
  readonly metadata: ClientMetadata
  readonly issuer: string
  readonly key: Jwk
  readonly signer?: 'unreachable'
  readonly expiresIn?: string
  readonly approval: unknown
  readonly policies: readonly [MetadataPolicy, ...MetadataPolicy[]]
  readonly crit?: readonly string[]
  readonly leaf: string
  readonly path: Omit<CertificatePathOptions, 'at'>
}

const runners: Readonly<Record<Vector['kind'], (input: Input) => Promise<Omit<Expectation, 'approved'>>>> = {
  async register(input) {
    const { trust, options } = await readTrust(input)
    const seen = trust.limitsReplay === true ? { seen: await remember(input) } : {}
    const decide = createDecider(trust, { ...options, ...input.options, ...readStatus(input), ...seen })
    const { storedStatement } = input
    const stored = storedStatement === undefined ? {} : { storedStatement }
    const decision = await decide(readRequest(input), { currentDate: parseInstant(input.at), ...stored })
    if (!decision.approved) throw decision.cause
    return { ...decision }
  },
  async verify(input) {
    const { trust } = await readTrust(input)
    const currentDate = parseInstant(input.at)
    return { ...(await verifySoftwareStatement(input.statement, trust, { ...input.options, ...readStatus(input), currentDate })) }
  },
  async jws({ jws, jwk }) {
    const { payload } = await verifyJws(jws, jwk)
    return { payload: Buffer.from(payload).toString('base64url') }
  },
  async sign({ metadata, approval, at, issuer, key: jwk, signer, expiresIn }) {
    const key = signer === undefined ? jwk : storeKey(jwk)
    const lifetime = expiresIn === undefined ? {} : { expiresIn }
    const options = { issuer, key, approval: parseApprovalPolicy(approval), currentDate: parseInstant(at), ...lifetime }
    await signSoftwareStatement(metadata, options)
    const { claims, filled } = await prepareSoftwareStatement(metadata, options)
    return { claims, filled: filled.map(({ member }) => member) }
  },
  async policy({ policies: [superior, ...subordinates], crit = [], metadata = {} }) {
    let merged = superior
    for (const subordinate of subordinates) merged = mergeMetadataPolicies(merged, subordinate, { crit })
    return { metadata: compileMetadataPolicy(merged, { crit }).apply(metadata).metadata }
  },
  async exchange(input) {
    return runExchange(input, input.trust === undefined ? undefined : (await readTrust(input)).trust)
  },
  async path({ leaf, path, at }) {
    const { certificates, policies } = await validateCertificatePath(leaf, { ...path, at: parseInstant(at) })
    return { subjects: certificates.map(({ subject }) => subject), policies }
  },
}

/** Runs a vector and returns its outcome in the words of its expectation. */
export async function runVector({ kind, input }: Vector): Promise<Expectation> {
  try {
    // A file has no types: a vector without the members of its kind fails.
    return { approved: true, ...(await runners[kind](input as unknown as Input)) }
  } catch (error) {
    if (error instanceof CertificatePathError) return { approved: false, ...toExpectation(error) }
    if (!(error instanceof StatementError)) throw error
    const { status, error: name } = errorAnswer(error)
    const issues = 'issues' in error && Array.isArray(error.issues) ? { issues: error.issues.map(({ code }) => code) } : {}
    const path = error.cause instanceof CertificatePathError ? { path: toExpectation(error.cause) } : {}
    return { approved: false, code: error.code, status, error: name, ...issues, ...path }
  }
}

/** The code of a path is not told to clients: it has no answer of its own. */
function toExpectation({ code, clause, certificate }: CertificatePathError): NonNullable<Expectation['path']> {
  return { code, clause, certificate: certificate && { list: certificate.list, index: certificate.index } }
}

/** A key that a key store keeps, which cannot be asked. */
function storeKey(publicJwk: Jwk): RemoteKey {
  return { alg: 'EdDSA', publicJwk, sign: async () => Promise.reject(new Error('unreachable')) }
}

async function readTrust({ trust, keySets = {} }: Input) {
  const fetch = async (url: string) => {
    const answer = new Map(Object.entries(keySets)).get(url)
    if (answer === undefined || answer === 'unreachable') throw new TypeError('fetch failed')
    return Response.json(answer)
  }
  return parseTrustConfiguration(JSON.stringify(trust), { fetch: createGuardedFetch({ fetch }), trustCertificates })
}

function readRequest({ request, requestText, requestBase64 }: Input): string | Uint8Array {
  if (requestBase64 !== undefined) return Buffer.from(requestBase64, 'base64')
  return requestText ?? JSON.stringify(request)
}

function readStatus({ status }: Input): { readonly status?: StatusCheck } {
  if (status === undefined) return {}
  const check: StatusCheck = async () => {
    if (status === 'unreachable') throw new Error('unreachable')
    return status
  }
  return { status: check }
}

/** A memory in which some statements of the issuer have been seen, or that is full. */
async function remember({ seen = [], trust }: Input): Promise<SeenStatements> {
  const memory = memorySeenStatements(seen === 'full' ? { capacity: 1 } : {})
  const [publisher] = trust.issuers
  for (const jti of seen === 'full' ? ['other'] : seen) {
    await memory.consume({ issuer: publisher?.issuer ?? '', jti, mode: 'once' }, 0)
  }
  return memory
}
