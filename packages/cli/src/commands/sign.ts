import { type CertificateChain, isSignatureAlgorithm } from '@software-statement/core'
import {
  parseApprovalPolicy,
  prepareSoftwareStatement,
  type SignOptions,
  signSoftwareStatement,
} from '@software-statement/signer'
import type { Flags } from '../definitions.js'
import { type ExitCode, exitCodes } from '../exit-codes.js'
import { readInput, refuseDash, writeOutput } from '../input/read-file.js'
import { readJson } from '../input/read-json.js'
import { readPassphrase, readSigningKey } from '../input/read-key.js'
import type { Io } from '../io.js'
import { writeJson } from '../output/json.js'
import { printable } from '../output/printable.js'
import { UsageError } from '../usage-error.js'

/** Signs client metadata, or shows with `--dry-run` what would be signed. */
export async function sign([source = '']: readonly string[], flags: Flags<'sign'>, io: Io): Promise<ExitCode> {
  refuseDash(flags.out, 'without --out the statement goes to standard output')
  if (flags['dry-run'] === true && flags.out !== undefined)
    throw new UsageError('--dry-run writes no statement: leave --out away')
  const metadata = readJson(await readInput(source, 'METADATA', io))
  const options = await readOptions(flags, io)
  const { header, claims, filled, findings, approvedBy } = await prepareSoftwareStatement(metadata, options)
  if (approvedBy !== undefined) io.stderr(`approved by ${printable(approvedBy)}\n`)
  for (const { member, value } of filled) io.stderr(`filled in: ${printable(member)} = ${writeJson(value)}\n`)
  for (const { severity, rule, message } of findings) {
    if (severity !== 'info') io.stderr(`${severity}: ${rule}: ${printable(message)}\n`)
  }
  if (!URL.canParse(flags.issuer))
    io.stderr('warning: --issuer is no URL: servers know issuers by their exact name, mostly a URL\n')
  if (flags['dry-run'] === true) {
    io.stdout(`${writeJson({ header, claims }, 2)}\n`)
    return exitCodes.accepted
  }

  // What was shown is what is signed: the same time and identifier.
  const { jti } = claims
  const statement = await signSoftwareStatement(metadata, { ...options, ...(typeof jti === 'string' ? { jti } : {}) })
  if (flags.out === undefined) io.stdout(`${statement}\n`)
  else await writeOutput(flags.out, `${statement}\n`, 0o644, io)
  return exitCodes.accepted
}

async function readOptions(flags: Flags<'sign'>, io: Io): Promise<SignOptions> {
  const { alg } = flags
  return {
    key: await readSigningKey(flags.key, { alg, publicKey: flags['public-key'] }, io),
    issuer: flags.issuer,
    currentDate: io.now(),
    ...(await readPassphrase(flags['passphrase-file'], io)),
    ...(flags.policy === undefined
      ? {}
      : { approval: parseApprovalPolicy(readJson(await readInput(flags.policy, '--policy', io))) }),
    ...(flags.audience === undefined ? {} : { audience: flags.audience }),
    ...(flags['expires-in'] === undefined ? {} : { expiresIn: flags['expires-in'] }),
    ...(isSignatureAlgorithm(alg) ? { alg } : {}),
    ...(flags.kid === undefined ? {} : { kid: flags.kid }),
    ...(flags.typ === undefined ? {} : { typ: flags.typ }),
    ...(flags.x5c === undefined ? {} : { x5c: await readChain(flags.x5c, io) }),
    ...(flags['extra-member'] === undefined ? {} : { extraMembers: flags['extra-member'] }),
  }
}

async function readChain(path: string, io: Io): Promise<CertificateChain> {
  const { certificateChain } = await import('@software-statement/certificates')
  const { bytes } = await readInput(path, '--x5c', io)
  const text = new TextDecoder('latin1').decode(bytes)
  return certificateChain(text.includes('-----BEGIN ') ? text : [bytes])
}
