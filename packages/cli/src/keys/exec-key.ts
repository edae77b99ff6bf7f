import { type AsymmetricAlgorithm, TrustUnavailableError } from '@software-statement/core'
import type { RemoteKey } from '@software-statement/signer'
import type { Io } from '../io.js'
import { UsageError } from '../usage-error.js'
import { splitCommand } from './split-command.js'

/** People have to find and touch their tokens; machines answer within seconds. */
const timeoutSeconds = 60

/** A signature as text: base64 or base64url, on one line or several. Bytes that happen to be that have a chance of 10^-37. */
const base64 = /^[A-Za-z0-9+/_-]+={0,2}$/

/**
 * A way to sign through a program: the data on its standard input, `SOFTWARE_STATEMENT_ALG` in its environment, the signature on its
 * standard output, as bytes or in base64.
 *
 * Throws `UsageError` if the command cannot be run.
 */
export function signThrough(command: string, alg: AsymmetricAlgorithm, io: Io): RemoteKey['sign'] {
  const [program, ...args] = splitCommand(command)
  return async (data) => {
    const result = await run(io, { program, args, input: data, env: { SOFTWARE_STATEMENT_ALG: alg }, timeoutSeconds })
    if (result.end !== 'exit 0') {
      throw new TrustUnavailableError('ERR_SIGNER_UNAVAILABLE', `the command of the exec: key did not sign: ${result.end}`)
    }
    return readAnswer(result.stdout)
  }
}

async function run(io: Io, call: Parameters<Io['run']>[0]) {
  try {
    return await io.run(call)
  } catch (cause) {
    throw new UsageError('the command of the exec: key cannot be run: there is no such program, or it may not be run', { cause })
  }
}

function readAnswer(stdout: Uint8Array): Uint8Array {
  const text = Buffer.from(stdout).toString('latin1').replace(/\s+/g, '')
  return base64.test(text) ? new Uint8Array(Buffer.from(text, 'base64')) : new Uint8Array(stdout)
}
