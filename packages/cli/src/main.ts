import type { CommandName } from './definitions.js'
import { type ExitCode, exitCodes } from './exit-codes.js'
import type { Io } from './io.js'
import { type Invocation, parseArguments } from './parse-arguments.js'
import { processIo } from './process-io.js'
import { UsageError } from './usage-error.js'

type Run<Name extends CommandName> = (invocation: Invocation<Name>, io: Io) => Promise<ExitCode>

/** Each command loads what it needs: the libraries behind `sign` take longer to load than `inspect` takes to run. */
const commands: { readonly [Name in CommandName]: Run<Name> } = {
  keygen: async ({ flags }, io) => (await import('./commands/keygen.js')).keygen(flags, io),
  jwks: async ({ operands, flags }, io) => (await import('./commands/jwks.js')).jwks(operands, flags, io),
  keys: async ({ operands, flags }, io) => (await import('./commands/keys-plan.js')).keysPlan(operands, flags, io),
  sign: async ({ operands, flags }, io) => (await import('./commands/sign.js')).sign(operands, flags, io),
  verify: async ({ operands, flags }, io) => (await import('./commands/verify.js')).verify(operands, flags, io),
  inspect: async ({ operands, flags }, io) => (await import('./commands/inspect.js')).inspect(operands, flags, io),
  serve: async ({ flags }, io) => (await import('./commands/serve.js')).serve(flags, io),
  register: async ({ operands, flags }, io) => (await import('./commands/register.js')).register(operands, flags, io),
  client: async ({ action, operands, flags }, io) => (await import('./commands/client.js')).client(action, operands, flags, io),
  token: async ({ flags }, io) => (await import('./commands/token-create.js')).tokenCreate(flags, io),
  completion: async (_, io) => (await import('./commands/completion.js')).completion(io),
}

/**
 * Runs one command line and gives its exit code: 0 accepted, 1 refused, 2 usage or configuration, 3 could not find out.
 * It rejects for nothing; what goes wrong is said on standard error, one line for each reason.
 */
export async function main(argv: readonly string[], io: Io = processIo()): Promise<number> {
  try {
    const parsed = await parseArguments(argv)
    if ('invocation' in parsed) return await run(parsed.invocation, { ...io, stdin: readOnce(io.stdin) })
    io.stdout(parsed.text)
    return exitCodes.accepted
  } catch (error) {
    const { reportFault } = await import('./report-fault.js')
    return reportFault(error, io)
  }
}

function run<Name extends CommandName>(invocation: Invocation<Name>, io: Io): Promise<ExitCode> {
  const command: Run<Name> = commands[invocation.name]
  return command(invocation, io)
}

function readOnce(stdin: Io['stdin']): Io['stdin'] {
  let read = false
  return async () => {
    if (read) throw new UsageError('only one input can be standard input')
    read = true
    return stdin()
  }
}
